#include "tools/simulation/post.hpp"

#include <functional>

namespace tradecase::simulation {
namespace {

std::uint64_t hash_of(const std::string& text) { return std::hash<std::string>{}(text); }

std::uint64_t content_of(const Message& m) {
  std::uint64_t all = 0;
  for (const std::string* part :
       {&m.references, &m.from_name, &m.from_address, &m.to_name, &m.to_address, &m.subject, &m.date, &m.text, &m.html})
    all = all * 1099511628211U + hash_of(*part);
  return all;
}

}  // namespace

Delivery Post::fate() {
  using Outcome = Delivery::Outcome;
  if (dice_.chance(5)) return {Outcome::retry_later, "451 try again later"};
  if (dice_.below(10'000) < 3) return {Outcome::given_up, "550 no such mailbox"};
  if (dice_.below(10'000) < 3) return {Outcome::unknown, "the connection broke before the answer"};
  return {Outcome::sent, "250 taken"};
}

Delivery Post::take(const Message& message) {
  const auto [entry, fresh] = content_of_.emplace(hash_of(message.message_id), content_of(message));
  if (!fresh && entry->second != content_of(message)) two_contents_.push_back(message.message_id);
  return beyond_ ? beyond_(message) : fate();
}

}  // namespace tradecase::simulation
