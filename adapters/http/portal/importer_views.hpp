// What the company's own pages share: its cases that it may see, and the page on which each piece of its work is done.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// The companies of the signed-in person, by legal name.
std::vector<Company> own_companies(const Visit& visit);
// The cases of a company that the reader may see, newest first.
std::vector<Case> cases_seen(const Visit& visit, const Company& company, bool open_only);
// The visit as if its address named this case: for views that read visit.on.
Visit about(const Visit& visit, const Case& on, const Company& company);

struct ToDo {
  std::string label, href, about, kind;  // verb first; the exact page; "Annual notification 3"
  std::optional<Date> due_on;
  std::string why;  // the page of the date
};
std::vector<ToDo> to_dos(const Visit& visit, const std::vector<Case>& cases);  // by due date, the undated last

// The deadline by which the case's work is due: the nearest that stands and is the company's own.
struct OwnDate {
  Date due_on{};
  std::string name;
};
std::optional<OwnDate> next_date(Session& session, const Case& on);

}  // namespace tradecase::http
