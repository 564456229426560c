// The sections of an annual notification letter: this year's answers against those on file, as values for templates.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

inline constexpr char letter_workflow[] = "annual_notification";

struct LetterSections {
  json::array sections;  // {section, title, status, changed, asked, reply, answers[{text, pieces[]}]}
  int changed = 0, all = 0;
};
// Only what changed, or all; a section with a reviewer's question counts as changed. The letter's form is pinned in its data.
LetterSections letter_sections(const Visit& visit, const Case& letter, bool only_changed);

}  // namespace tradecase::http
