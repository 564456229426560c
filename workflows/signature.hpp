// An officer's electronic signature: the full name typed under a statement (ESIGN; domain.md §6). The record keeps who, when, which
// statement and the hash of what was signed; the network address is kept with the sign-in.
#pragma once

#include <string>
#include <string_view>

#include "engine/described.hpp"
#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase {

struct Signature {
  std::string by;  // person id
  std::string name;
  std::string title;
  Instant signed_at{};
  int statement_version = 0;  // of the form whose statement stood above the signature
  std::string answers_hash;   // SHA-256 (hex) of the answers as serialized
  TRADECASE_FIELDS(Signature, by, name, title, signed_at, statement_version, answers_hash)
};

// Every run of white space as one space, none at either end, ASCII letters small: how two spellings of a name are compared.
inline std::string folded_name(std::string_view name) {
  std::string folded;
  for (const char c : lower(name)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank)
      folded += c;
    else if (!folded.empty() && folded.back() != ' ')
      folded += ' ';
  }
  return trimmed(folded);
}

// For a guard: "" where the name typed is the actor's own, otherwise what to type.
inline std::string signature_problem(std::string_view typed, const Actor& actor) {
  if (!actor.name.empty() && folded_name(typed) == folded_name(actor.name)) return "";
  return "type your full name as it is on file, \"" + actor.name + "\"";
}

inline Signature signed_by(const Context& context, const json::value& answers, int statement_version) {
  return {context.actor.id, context.actor.name, context.actor.title, context.now, statement_version, sha256_hex(json::serialize(answers))};
}

}  // namespace tradecase
