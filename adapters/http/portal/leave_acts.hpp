// Somebody leaves and hands over, for the page and for the API: first what would go to whom, then the act.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct Handover {
  Person person;
  std::vector<Task> tasks;
  std::vector<std::string> accounts;  // company ids
  // What the operator read before pressing the button; another one means that something has changed meanwhile.
  std::string digest() const;
};
Handover handover_of(const Visit& visit, Session& session);  // of the person whom the address names; Fault 404, 422
bool has_roles_of(Session& session, const Person& person, const Person& other);
std::optional<Person> successor_of(Session& session, std::string_view id, const Person& person);  // nothing where they cannot take over

struct Left {
  std::string who, successor;  // names
  std::int64_t tasks = 0, accounts = 0;
};
// The form: to (a person's id), digest. The sentence says why nothing was done; "" where it was.
std::string hand_over(const Visit& visit, Transaction& tx, const Fields& form, Left& left);

}  // namespace tradecase::http
