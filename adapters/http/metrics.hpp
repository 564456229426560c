// Figures of the running server, written as Prometheus reads them.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/engine.hpp"

namespace tradecase::http {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // `pattern` of the route, not the address asked for: as many series as there are routes. "" where no route was found.
  void answered(std::string_view method, std::string_view pattern, int status, std::chrono::microseconds time);
  std::string text(Engine& engine);

 private:
  struct Series;
  std::unique_ptr<Series> series_;
};

}  // namespace tradecase::http
