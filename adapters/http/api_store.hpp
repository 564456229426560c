// Pages of long lists for the API. A page begins behind the last row of the one before, so that rows which come meanwhile shift nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/http/permission.hpp"

namespace tradecase::http {

struct CaseQuery {
  std::string id;                               // one case alone
  std::string company, workflow, owner;         // owner: a person's id or a role's code
  std::optional<std::vector<std::string>> states;  // one of these
  std::string words;                            // in the case's number or the company's name
  std::optional<Date> due_before, due_from;
  std::optional<bool> open;
  std::string after;  // the case before the first one wanted
  int limit = 50;
};
struct CaseItem {
  std::string id, workflow, company, company_name, state, owner, owner_email;
  bool owner_of_company = false;
  int cycle = 0;
  std::int64_t version = 0;
  std::optional<Date> due_on;
  bool open = true;
};
// "workflow/state": what companies are told of. A final state is told to who was told of the case before.
struct ToldStates {
  std::vector<std::string> open, final;
};
// Staff sees all; others what their own companies are told of.
std::vector<CaseItem> page_of_cases(Session& session, const CaseQuery& query, const Visitor& visitor, const ToldStates& told);

std::vector<std::string> page_of_companies(Session& session, const std::string& after, int limit);  // ids
std::vector<std::string> page_of_people(Session& session, const std::string& after, int limit);     // ids
std::vector<std::string> people_of_company(Session& session, std::string_view company);             // ids
std::vector<std::int64_t> page_of_messages(Session& session, std::string_view status, std::int64_t after, int limit);

struct Line {
  std::int64_t n = 0;
  std::string text;
};
std::vector<Line> page_of_record(Session& session, std::int64_t after, int limit);
std::int64_t timers_due(Session& session, Instant now);

}  // namespace tradecase::http
