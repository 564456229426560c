// What several pages show of a case, as values for their templates.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// "Annual notification 3, Cedarfall Trading"
std::string case_title(const Visit& visit, const Case& on);
std::string case_name(const Visit& visit, const std::string& workflow, int cycle);  // "Annual notification 3"

// One event of the record, for timelines and for who moved a date. For a company: states as it is told of them, and no command of the
// agency where two of the agency's own states are one to it.
struct Moment {
  std::int64_t version = 0;
  std::string at, who, phrase, from, to, note;
  Date day{};
  bool company_sees = false;
  std::string command;
};
std::vector<Moment> moments_of(const Visit& visit);

// One entry of the ledger: name, due, rule, inputs, steps, who set it and when, in force or not.
json::object date_view(const Visit& visit, const LedgerEntry& entry, const std::vector<Moment>& moments);

bool to_company(const Visit& visit, const Letter& letter);  // was it mailed to people of the company?

json::array told_reasons(const Visit& visit, const Workflow& workflow, const std::vector<std::string>& reasons);  // why not, in words

struct CaseView {
  json::array facts;          // {label, value, href}
  json::value next;           // {href, label, explain}, or null: the step that moves the case on, if it is the visitor's
  json::array others;         // {href, label, explain}
  json::array not_permitted;  // {label, reasons[]}
  json::array dates, tasks, letters, events;
  json::object more;  // answers, questions, notes, state diagram: case_parts.hpp
};
CaseView view_case(const Visit& visit);

}  // namespace tradecase::http
