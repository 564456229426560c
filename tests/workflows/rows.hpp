// A row of a test table, written from left to right: what comes first by position, what is seldom needed by name.
#pragma once

#include <utility>

#include "tests/workflows/table.hpp"

namespace tradecase::testing {

struct Expect : Row {
  Expect(std::string at, std::string said, std::string result, json::object before = {}, json::object with = {},
         RoleSet roles = {Role::timer}, std::string date = "2026-01-14") {
    from = std::move(at);
    command = std::move(said);
    expect = std::move(result);
    data = std::move(before);
    body = std::move(with);
    as = roles;
    on = std::move(date);
  }
  Expect& saying(std::string part) { return says = std::move(part), *this; }  // of the refusal's sentence
  Expect& by(std::string id) { return person = std::move(id), *this; }        // not the role's usual one
  Expect& at(std::string date) { return on = std::move(date), *this; }
  Expect& having(std::vector<Fact> known) { return facts = std::move(known), *this; }              // on file
  Expect& beside(std::vector<CaseSummary> cases) { return open_cases = std::move(cases), *this; }  // the company's other cases
};

inline void add(std::vector<Row>& rows, std::vector<Row> more) {
  for (Row& row : more) rows.push_back(std::move(row));
}

}  // namespace tradecase::testing
