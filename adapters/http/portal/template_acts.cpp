#include "adapters/http/portal/template_acts.hpp"

#include <algorithm>

#include "adapters/http/portal/letter_drafts.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t title_bytes_max = 120, text_bytes_max = 20'000, why_bytes_max = 500;

// A version holds from today on at the earliest: a letter that went out keeps the words of its day.
std::optional<Date> effective_typed(const Visit& visit, const Fields& typed, std::vector<Problem>& problems) {
  const auto day = parse_date(trimmed(typed.get("effective_on")));
  if (!day || *day < visit.today()) {
    problems.push_back({"effective_on", visit.say("Enter the day from which it holds: today, or a day ahead.")});
    return std::nullopt;
  }
  return day;
}

std::string why_typed(const Visit& visit, const Fields& typed, std::vector<Problem>& problems) {
  std::string why = trimmed(typed.get("why"));
  if (why.empty() || text_problem(why, why_bytes_max)) problems.push_back({"why", visit.say("Say why it changes, in 500 characters.")});
  return why;
}

bool name_fits(std::string_view name) {
  return name.size() > 2 && name.size() < 60 &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

bool may_keep_templates(const Visitor& visitor) { return visitor.staff.has(Role::compliance); }

void require_template_act(const Visit& visit) {
  if (!may_keep_templates(visit.visitor)) throw Fault(403, visit.say("The library is kept by compliance staff."));
}

bool is_composed(std::string_view letter) { return std::ranges::find(letter_kinds(), letter, &LetterKind::letter) != letter_kinds().end(); }

std::string letter_title(const Visit& visit, std::string_view letter) {
  const auto found = std::ranges::find(letter_kinds(), letter, &LetterKind::letter);
  return found == letter_kinds().end() ? std::string(letter) : visit.say(found->title);
}

std::variant<Paragraph, std::vector<Problem>> paragraph_typed(const Visit& visit, const std::string& name, const Fields& typed) {
  std::vector<Problem> problems;
  const auto versions = visit.engine.database().read([&](Session& session) { return paragraph_versions(session, name); });
  Paragraph made;
  made.name = name;
  made.letter = versions.empty() ? std::string(typed.get("letter")) : versions.front().letter;
  if (!name_fits(name)) problems.push_back({"name", visit.say("A name has 3 to 59 small letters, digits and underscores.")});
  if (!is_composed(made.letter)) problems.push_back({"letter", visit.say("Choose the letter that it belongs to.")});
  made.title = trimmed(typed.get("title"));
  if (made.title.empty() || text_problem(made.title, title_bytes_max))
    problems.push_back({"title", visit.say("Enter a title of 120 characters at most.")});
  made.text = trimmed(typed.get("text"));
  std::erase(made.text, '\r');
  if (made.text.empty() || made.text.size() > text_bytes_max)
    problems.push_back({"text", visit.say("Enter the text, 20,000 characters at most.")});
  made.place = draft_number(typed.get("place"));
  if (made.place < 0 || made.place > 10'000) problems.push_back({"place", visit.say("Enter a whole number from 0 to 10,000.")});
  made.standard = typed.get("standard") == "yes";
  made.effective_on = effective_typed(visit, typed, problems).value_or(Date{});
  made.why = why_typed(visit, typed, problems);
  if (is_composed(made.letter))
    for (const LetterDesk::Wrong& one : letter_desk(visit).check(made.letter, {{made.title, made.text}}))
      problems.push_back({"text", one.sentence});
  if (!problems.empty()) return problems;
  made.fields = letter_desk(visit).fields_used(made.letter, {made.title, made.text});
  return made;
}

std::int64_t keep_paragraph(const Visit& visit, Transaction& tx, const Paragraph& paragraph) {
  Paragraph kept = paragraph;
  kept.changed_by = visit.visitor.person.id;
  kept.changed_at = visit.engine.now();
  const std::int64_t version = add_paragraph_version(tx, kept);
  record_line(tx, "templates", "new_paragraph_version", visit.visitor.person.id, visit.engine.now(),
              {{"paragraph", kept.name}, {"version", version}, {"effective_on", to_text(kept.effective_on)}, {"why", kept.why}});
  return version;
}

std::variant<WordTemplate, std::vector<Problem>> word_template_typed(const Visit& visit, const std::string& letter, const Fields& typed,
                                                                     const std::vector<Upload>& uploads) {
  std::vector<Problem> problems;
  WordTemplate made;
  made.letter = letter;
  if (uploads.empty() || uploads.front().bytes.empty()) {
    problems.push_back({"word", visit.say("Choose the Word document.")});
  } else {
    made.docx = uploads.front().bytes;
    made.file_name = uploads.front().filename;
    auto checked = letter_desk(visit).check_word(letter, made.docx);
    if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&checked))
      for (const LetterDesk::Wrong& one : *wrongs) problems.push_back({"word", one.sentence});
    else
      made.fields = std::get<std::string>(std::move(checked));
  }
  made.effective_on = effective_typed(visit, typed, problems).value_or(Date{});
  made.why = why_typed(visit, typed, problems);
  if (!problems.empty()) return problems;
  made.changed_by = visit.visitor.person.id;
  made.changed_at = visit.engine.now();
  return made;
}

}  // namespace tradecase::http
