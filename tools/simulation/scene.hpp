// One person before one case: what they see, and what they may say. A workflow's acts answer one question:
// "what would the person whose task this is do?"
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.hpp"
#include "tools/simulation/cast.hpp"
#include "tools/simulation/dice.hpp"

namespace tradecase::simulation {

struct Act {
  std::string actor;  // person id
  std::string name;
  json::object body{};
};
using Acts = std::vector<Act>;  // in one sitting, in order; empty: not now

struct Scene {
  const Programme& programme;
  const Cast& cast;
  Dice& dice;
  Date today;
  const Case& on;
  const Task& task;
  std::function<std::vector<Fact>()> facts;  // of the company, as they are on file

  const CompanyPeople& company() const { return cast.companies.at(on.company); }
  const std::string& officer() const { return company().officer.id; }
  const std::string& signature() const { return company().officer.name; }
  const std::string& preparer() const { return company().preparer.id.empty() ? officer() : company().preparer.id; }
  std::string doer() const;            // whose task it is, or who stands in for them
  std::string staff(Role role) const;  // somebody of that office
  const std::string& email(Role role) const;
};

// What stands in a case's data; nothing where the name is missing or empty.
std::string_view text(const json::object& data, std::string_view name);
std::int64_t number(const json::object& data, std::string_view name);
const json::object& object(const json::object& data, std::string_view name);
const json::array& array(const json::object& data, std::string_view name);
bool has(const json::object& data, std::string_view name);  // there, and not null

// Answers that complete a section: what is given stays, what is required and missing is made up.
json::object completed(Dice& dice, const Section& section, json::object given, Date today);
json::value made_up_answer(Dice& dice, const Question& question, Date today);
// The answer to every question of a form, "yes" to all that can be said yes to.
json::object completed_form(Dice& dice, const Form& form, Date today);

// To each question not answered yet of `asked`, an object with the list "questions": what is shown is mostly confirmed, the rest answered.
json::array replies(Scene& scene, const Form& form, const json::object& asked);

// What a person says who has a letter approved before it goes out with `command`: fixes it, waits, or sends it as it was approved. Whoever
// carries a fix_letter out renders it and adds its hash. `says`: the command's body where no letter is fixed.
Acts approved_letter(Scene& scene, std::string_view letter, std::string command, json::object says);

json::object checked(Dice& dice, const std::vector<std::string>& items);  // a checklist: confirmed, or skipped for a reason
json::object extension(Scene& scene, std::string_view sizes);             // the body of request_extension

// Each knows one workflow's tasks.
Acts annual_notification_acts(Scene& scene);
Acts application_acts(Scene& scene);
Acts membership_acts(Scene& scene);
Acts risk_survey_acts(Scene& scene);
Acts audit_acts(Scene& scene);
Acts continuation_acts(Scene& scene);

Acts acts_of(Scene& scene);

// Work that only reminds somebody: it ends when another act is done.
bool only_reminds(std::string_view task_kind);

}  // namespace tradecase::simulation
