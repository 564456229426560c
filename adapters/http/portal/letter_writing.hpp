// The pages on which a letter is written, and what they share.
#pragma once

#include "adapters/http/portal/letter_drafts.hpp"

namespace tradecase::http {

void add_letter_writing_routes(Routes& routes);   // A5, with those below
void add_letter_paper_routes(Routes& routes);     // preview, PDF, Word
void add_letter_approval_routes(Routes& routes);  // A6
void add_template_desk_routes(Routes& routes);    // A10

// The page as it is shown: the draft with what was typed, and what is wrong with it.
struct Writing {
  WrittenLetter draft;
  std::vector<Problem> problems;
  std::string sentence;  // on top, where there are problems
  int status = 200;
};
Response show_writing(Visit& visit, const LetterKind& kind, const Writing& writing);
// 412: somebody else saved meanwhile. What was typed stays in the form; what they changed stands beside it.
Response show_draft_conflict(Visit& visit, const LetterKind& kind, WrittenLetter typed, const WrittenLetter& now,
                             std::int64_t typed_version);

std::string address_of_letter(const Visit& visit, const LetterKind& kind);
std::int64_t draft_number(std::string_view text);  // of a form's field; -1 where it is none

}  // namespace tradecase::http
