// SHA-256 of what comes piece by piece, and of a text as its 32 bytes; see sha256.hpp for the rest.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace tradecase {

std::array<unsigned char, 32> sha256_bytes(std::string_view bytes);

// For one thread at a time.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void add(std::string_view bytes);
  std::string finish_hex();  // once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tradecase
