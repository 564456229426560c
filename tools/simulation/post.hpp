// The mail server of a simulation: keeps nothing but what each message id went out with, and fails as servers do.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/delivery.hpp"
#include "tools/simulation/dice.hpp"

namespace tradecase::simulation {

class Post {
 public:
  // `beyond` gets what passes, where there is one (a folder); faults only where it is absent.
  Post(std::uint64_t seed, Sender beyond) : dice_(seed), beyond_(std::move(beyond)) {}

  Delivery take(const Message& message);
  Sender sender() {
    return [this](const Message& message) { return take(message); };
  }

  const std::vector<std::string>& two_contents() const { return two_contents_; }  // message ids that came with two contents

 private:
  Delivery fate();

  Dice dice_;
  Sender beyond_;
  std::unordered_map<std::uint64_t, std::uint64_t> content_of_;  // hashes, so that memory stays small over years
  std::vector<std::string> two_contents_;
};

}  // namespace tradecase::simulation
