// The annual notification letter as its pages read it from the case: sections of the pinned form with what is answered and what is on file.
#pragma once

#include "adapters/http/portal.hpp"
#include "engine/form.hpp"

namespace tradecase::http {

struct LetterSection {
  const Section* form = nullptr;
  std::string status;  // unanswered, no_change, changed
  json::object values, previous;
  bool returned = false;
  std::string question, reply;
  bool open = false;      // may be saved now, by the rules of the workflow
  bool may_keep = false;  // "no change" is possible: allowed by the form, and what is on file is complete
  bool complete = false;  // nothing required is missing
  bool waits() const { return open && (status == "unanswered" || !complete); }
};

struct LetterDraft {
  int form_version = 0;
  int cycle = 0;
  bool after_return = false;  // it is sent with "resubmit"
  bool fillable = false;      // the case is in a state in which sections are saved
  bool editable = false;      // and the reader may
  std::vector<LetterSection> sections;

  const LetterSection* section(std::string_view id) const;
  std::vector<const LetterSection*> waiting() const;
  std::vector<const LetterSection*> keepable() const;  // waiting, and "no change" would answer them
};

// Stops (404) where the case is no annual letter, or its form is not open yet.
LetterDraft letter_or_stop(const Visit& visit);

std::string letter_path(const Visit& visit, const std::string& more = "");  // "/cases/…/letter…"
std::string next_path(const Visit& visit, const LetterDraft& letter,
                      std::string_view after);                                // the next waiting section, or the signing page
std::string section_title(const Visit& visit, const LetterSection& section);  // "C. Personnel changes"

// What changed since last year, in the sections that were changed: {id, title, href, answers[{label, parts}]}.
json::array change_views(const Visit& visit, const LetterDraft& letter);
json::array unchanged_views(const Visit& visit, const LetterDraft& letter);

json::object due_view(const Visit& visit);  // {due, left, late, why}; "" where nothing is due

// A command with a key and version of its own: for acts that send several.
Answer send_with(const Visit& visit, std::string_view command, json::object body, const std::string& key,
                 std::optional<std::int64_t> version);
std::optional<std::int64_t> version_sent(const Visit& visit);

}  // namespace tradecase::http
