// The letter being written: pre-filled sections, answers, what is still missing. Problems are text for a guard: "" where there is none.
#pragma once

#include <string>

#include "engine/effect.hpp"
#include "workflows/annual_notification/annual_notification.hpp"

namespace tradecase::anl {

inline constexpr std::string_view form_name = "anl";

enum class Change { no_change, changed };
BOOST_DESCRIBE_ENUM(Change, no_change, changed)

// One section's answer as saved. `values` replace what stands, question by question; null takes an answer away.
struct SectionSaved {
  std::string section;
  Change change = Change::changed;
  std::optional<json::object> values;
  std::optional<std::string> reply;
  std::optional<std::vector<std::string>> files;
};

const Form& form_of(const Notification& notification, const Context& context);

// Pins the form in force today and fills each section with what is on file.
void start_draft(Notification& notification, const Context& context);

std::string section_problem(const Notification& notification, const SectionSaved& saved, const Context& context);    // open to change?
std::string no_change_problem(const Notification& notification, const SectionSaved& saved, const Context& context);  // may it stay?
std::string values_problem(const Notification& notification, const SectionSaved& saved, const Context& context);     // do they fit?
void save_section(Notification& notification, const SectionSaved& saved, const Context& context);

std::string unanswered_problem(const Notification& notification, const Context& context);  // the sections, by title
std::string incomplete_problem(const Notification& notification, const Context& context);  // required answers not given

// The draft on the newest version of the form; sections that ask something new, or whose old answer no longer fits, are to be answered
// anew.
void move_to_newest_form(Notification& notification, const Context& context);

json::value answers_of(const Notification& notification);  // {section id: {question id: value}, files: {section id: hashes}}, as signed
std::vector<std::string> changed_titles(const Notification& notification, const Context& context);
RecordFacts facts_of(const Notification& notification, const Context& context);

}  // namespace tradecase::anl
