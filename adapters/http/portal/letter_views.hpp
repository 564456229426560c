// The sections of an annual notification letter: this year's answers against those on file, as values for templates.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

inline constexpr char letter_workflow[] = "annual_notification";

const json::object& object_at(const json::object& from, std::string_view name);  // an empty one where there is none
std::string text_at(const json::object& from, std::string_view name);            // "" where there is none
std::int64_t number_at(const json::object& from, std::string_view name);         // 0 where there is none

std::string answer_text(const Visit& visit, const Question& question, const json::value& value);

struct LetterSections {
  json::array sections;  // {section, title, status, changed, question, reply, answers[{question, pieces[], plain}]}
  int changed = 0, all = 0;
};
// Only what changed, or all; a section with a reviewer's question counts as changed. The letter's form is pinned in its data.
LetterSections letter_sections(const Visit& visit, const Case& letter, bool only_changed);

}  // namespace tradecase::http
