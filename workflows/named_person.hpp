// People named by e-mail in a command, as the engine has found them.
#pragma once

#include <algorithm>
#include <stdexcept>

#include "engine/described.hpp"
#include "engine/text.hpp"
#include "engine/workflow.hpp"

namespace tradecase {

// The engine refuses a command that names somebody it does not know: here everybody is found. std::logic_error otherwise.
inline const NamedPerson& named_person(const Context& context, const PersonRef& ref) {
  const auto found =
      std::ranges::find_if(context.named, [&](const NamedPerson& one) { return lower(one.person.email) == lower(trimmed(ref.email)); });
  if (found == context.named.end()) throw std::logic_error("a person named in the command is not in its context");
  return *found;
}

// For a guard: "" where that person holds one of the roles and is still there, otherwise who does not.
inline std::string role_problem(const Context& context, const PersonRef& ref, RoleSet one_of, std::string_view wanted) {
  const NamedPerson& named = named_person(context, ref);
  if (named.person.departed_on && *named.person.departed_on <= context.today) return named.person.name + " has left";
  return named.roles.any_of(one_of) ? "" : named.person.name + " is not " + std::string(wanted);
}

}  // namespace tradecase
