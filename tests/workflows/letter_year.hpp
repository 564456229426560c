// Cases of the annual notification letter at every place of a year, for its tests.
#pragma once

#include <catch2/catch.hpp>

#include "tests/workflows/table.hpp"
#include "workflows/annual_notification/annual_notification.hpp"

namespace tradecase::testing::letter_year {

// Accepted 2024-03-15: the window of cycle 1 opens on Saturday, 2025-03-15; it is due on Tuesday, 2025-04-15.
constexpr auto coming_up = "2025-02-14", opens = "2025-03-15", due = "2025-04-15", missed = "2025-04-16";

const json::object signature{{"signature", officer_name}};
const json::object because{{"reason", "The reason that was given."}};

const Workflow& workflow();
const Form& form();
const std::string& last_section();
json::object schedule(std::string_view acceptance = "2024-03-15", int cycle = 1, bool carried_over = false);
json::object answers(const Section& section);
json::object save(const std::string& section, int form_version = 1);
json::object unchanged(const std::string& section);
json::object acceptance(std::string_view level = "low");
json::object question(const std::string& section = "F");
json::object asked(int size);
// What the company told last year, as the register has it.
std::vector<Fact> last_years_facts();
void say(Story& story, const std::string& command, json::object body = {}, RoleSet as = {Role::officer});
Story scheduled();
Story opened();
Story complete();
Story submitted();
Story under_review();
Story returned();
Story answered();
Story overdue();
Story overdue_after_return();
Story with_request(Story story, int size = 30);
Story accept_waits();
Story reject_waits();
// The shipped form as version 2: section J asks one thing more.
const Forms& forms_with_version_2();
struct StateOf {
  std::string state;
  json::object data;
};
std::vector<StateOf> every_open_state();

}  // namespace tradecase::testing::letter_year
