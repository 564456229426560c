// Who sees and does what in portal and API: one function, may(). What a command needs is the workflow's own to say; may() says who comes
// near the case at all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/store/store.hpp"

namespace tradecase::http {

enum class Verb {
  see,           // a company, its cases, letters and dates
  see_internal,  // notes, risk levels, drafts of the agency: staff only
  act,           // send commands to its cases, fill in its forms
  see_team,      // everybody's queues, workload, due dates
  operate,       // people, rules, mail and timers that failed, the record
};

// Somebody who has signed in, with all roles; nobody (no id) before that.
struct Visitor {
  Person person;
  RoleSet staff;                             // own roles at the agency
  std::map<std::string, RoleSet> companies;  // own roles, by company id; a contact has an empty set
  bool signed_in() const { return !person.id.empty(); }
  bool is_staff() const { return !staff.empty(); }
};

// Where somebody stands: for a company, or for the agency. Nothing of who has no role, or roles of both.
enum class Side { companies, staff };
std::optional<Side> side_of(const Visitor& visitor);

// Staff comes near every company; a company's people near their own only. `company` is empty for what belongs to none.
bool may(const Visitor& visitor, Verb verb, std::string_view company);

// Who keeps webhooks: staff their own (company ""), of a company its officers.
bool may_keep_webhooks(const Visitor& visitor, std::string_view company);

std::optional<Visitor> find_visitor(Session& session, std::string_view person, Date today);  // nobody who has left

}  // namespace tradecase::http
