// Reads the fields of an API body by their kinds and collects what is wrong with it, each by its JSON pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// Lives no longer than the body. Fields that nobody asked for are wrong; a field that is absent or null is not there.
class BodyReader {
 public:
  explicit BodyReader(const json::object& body, std::string at = "") : body_(body), at_(std::move(at)) {}

  std::string text(const char* name, bool needed);  // of at most 4,000 bytes; trimmed
  std::optional<std::int64_t> whole(const char* name);
  std::int64_t needed_whole(const char* name);
  bool yes(const char* name);  // false where it is not there
  std::optional<Date> day(const char* name);
  json::array texts(const char* name);
  json::object object(const char* name);  // needed
  json::array objects(const char* name);

  void wrong(const std::string& name, const char* message);
  void take(BodyReader& inner);   // what is wrong within a field
  void stop(const Visit& visit);  // ApiProblem 400, where something is wrong

 private:
  const json::value* find(const char* name, bool needed);
  void refuse_unknown();

  const json::object& body_;
  std::string at_;
  std::set<std::string, std::less<>> known_;
  json::array errors_;
};

}  // namespace tradecase::http
