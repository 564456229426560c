// Acts of the operator on people, for the pages and for the API. Each gives what has to be mended; then nothing is changed. Each leaves
// the record line that the command line leaves.
#pragma once

#include <span>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct RoleChoice {
  const char* code;
  const char* label;
  bool of_company;
};
std::span<const RoleChoice> role_choices();
std::string grant_words(const Visit& visit, Session& session, const Grant& grant);  // "Company officer, Cedarfall Trading"

Person named_person(const Visit& visit, Session& session);  // whom the address names; Fault 404

// The form: name, title, phone, email, role, company.
std::vector<Problem> add_somebody(const Visit& visit, Transaction& tx, const Fields& form, std::string& id);
// On the person whom the address names. The form: name, title, phone · role, company · from, to, delegate (an e-mail address).
std::vector<Problem> change_somebody(const Visit& visit, Transaction& tx, const Fields& form);
std::vector<Problem> give_role(const Visit& visit, Transaction& tx, const Fields& form);
std::vector<Problem> take_role(const Visit& visit, Transaction& tx, const Fields& form);  // Fault 422: nobody would get the notices
std::vector<Problem> note_absence(const Visit& visit, Transaction& tx, const Fields& form);

}  // namespace tradecase::http
