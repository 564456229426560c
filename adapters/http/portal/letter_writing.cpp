// A5 (and A9): a letter put together of paragraphs, with what it says beside them and its annex; into Word and back. Every step saves.
#include <algorithm>
#include <charconv>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t part_bytes_max = 20'000, parts_max = 60;

std::string problem_of_field(const std::vector<Problem>& problems, const std::string& field) {
  const auto found = std::ranges::find(problems, field, &Problem::field);
  return found == problems.end() ? "" : found->sentence;
}

json::array part_views(const Visit& visit, const Writing& writing, const std::vector<Paragraph>& library) {
  json::array views;
  const std::size_t count = writing.draft.parts.size();
  for (std::size_t i = 0; i < count; ++i) {
    const WrittenPart& part = writing.draft.parts[i];
    const auto in_force = std::ranges::find(library, part.name, &Paragraph::name);
    const bool known = in_force != library.end();
    const std::string number = std::to_string(i);
    const auto rows =
        std::clamp<std::int64_t>(std::ranges::count(part.text, '\n') + 2 + static_cast<std::int64_t>(part.text.size() / 90), 3, 18);
    views.push_back(
        json::object{{"n", number},
                     {"number", visit.say("Paragraph {} of {}", i + 1, count)},
                     {"part_name", part.name},
                     {"part_version", part.version},
                     {"part_title", part.title},
                     {"text", part.text},
                     {"rows", rows},
                     {"changed", known && in_force->text != part.text},
                     {"newer", known && in_force->version > part.version},
                     {"from", known ? visit.say("Version {} of the library", part.version) : visit.say("Written for this letter")},
                     {"known", known},
                     {"first", i == 0},
                     {"last", i + 1 == count},
                     {"open", part.text.empty() || !problem_of_field(writing.problems, "text." + number).empty()},
                     {"problem", problem_of_field(writing.problems, "text." + number)}});
  }
  return views;
}

json::array value_views(const Visit& visit, const LetterKind& kind, const Writing& writing) {
  json::array views;
  for (const LetterValue& value : kind.values) {
    const std::string said = text_of(writing.draft.values, value.name);
    views.push_back(json::object{{"value_id", "value." + value.name},
                                 {"label", visit.say(value.label)},
                                 {"hint", value.hint.empty() ? "" : visit.say(value.hint)},
                                 {"said", said},
                                 {"is_long", value.control == "long"},
                                 {"is_yes_no", value.control == "yes_no"},
                                 {"is_short", value.control != "long" && value.control != "yes_no"},
                                 {"numeric", value.control == "number"},
                                 {"yes", said == "yes"},
                                 {"no", said == "no"},
                                 {"problem", problem_of_field(writing.problems, "value." + value.name)}});
  }
  return views;
}

json::array sample_views(const Visit& visit, const LetterKind& kind) {
  json::array views;
  if (!kind.with_lines) return views;
  for (const json::value& one : letter_desk(visit).samples(visit.on->id)) {
    const json::object& sample = one.as_object();
    views.push_back(json::object{
        {"sample", text_of(sample, "sample")},
        {"sample_says", visit.say("{} of {}: {} (line|lines), {}, seed {}", text_of(sample, "sample"), text_of(sample, "population"),
                                  sample.at("rows").as_int64(), text_of(sample, "method"), text_of(sample, "seed"))}});
  }
  return views;
}

void add_stage(const Visit& visit, const LetterKind& kind, json::object& fields) {
  const json::object fixed = fixed_of(*visit.on, kind.letter);
  fields["fixed"] = !fixed.empty();
  fields["approved"] = !text_of(fixed, "approved_by").empty();
  fields["approve_href"] = "/cases/" + visit.on->id + "/approve/" + kind.letter;
}

}  // namespace

std::int64_t draft_number(std::string_view text) {
  std::int64_t number = -1;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() ? number : -1;
}

std::string address_of_letter(const Visit& visit, const LetterKind& kind) { return "/cases/" + visit.on->id + "/compose/" + kind.letter; }

Response show_writing(Visit& visit, const LetterKind& kind, const Writing& writing) {
  const WrittenLetter& draft = writing.draft;
  const auto library =
      visit.engine.database().read([&](Session& session) { return paragraphs_in_force(session, kind.letter, visit.today()); });
  json::array offered;
  for (const Paragraph& one : library)
    if (std::ranges::find(draft.parts, one.name, &WrittenPart::name) == draft.parts.end())
      offered.push_back(json::object{{"paragraph", one.name}, {"paragraph_title", one.title}});
  const auto rendered = rendered_draft(visit, kind, draft);
  const auto* made = std::get_if<RenderedLetter>(&rendered);
  const auto word_template =
      visit.engine.database().read([&](Session& session) { return word_template_in_force(session, kind.letter, visit.today()); });
  json::array summary;
  for (const Problem& one : writing.problems) summary.push_back(json::object{{"field", one.field}, {"sentence", one.sentence}});
  json::array samples = sample_views(visit, kind);
  json::array known;
  for (const std::string& one : letter_desk(visit).fields(kind.letter)) known.push_back(json::string(one));
  const std::string heading = visit.say("{}: {}", visit.say(kind.title), case_title(visit, *visit.on));
  json::object fields{
      {"heading", heading},
      {"case", visit.on->id},
      {"case_title", case_title(visit, *visit.on)},
      {"action", address_of_letter(visit, kind)},
      {"may_act", may_write_letters(visit.visitor)},
      {"draft", draft.stored.version},
      {"version", visit.on->version},
      {"key", random_token()},
      {"saved", draft.stored.version == 0 || !visit.meanwhile.is_null()
                    ? ""
                    : visit.say("Saved {} by {}.", moment_words(visit, draft.stored.saved_at),
                                draft.stored.saved_by_name.empty() ? visit.visitor.person.name : draft.stored.saved_by_name)},
      {"parts", part_views(visit, writing, library)},
      {"values", value_views(visit, kind, writing)},
      {"any_values", !kind.values.empty()},
      {"of_outcome", kind.letter == "survey_outcome"},
      {"any_offered", !offered.empty()},
      {"offered", std::move(offered)},
      {"any_samples", !samples.empty()},
      {"samples", std::move(samples)},
      {"fields", std::move(known)},
      {"in_word", draft.word.has_value()},
      {"word_file", draft.word_file},
      {"template_version", word_template ? json::value(word_template->version) : json::value(nullptr)},
      {"problem_parts", problem_of_field(writing.problems, "parts")},
      {"problem_word", problem_of_field(writing.problems, "word")},
      {"shown", made != nullptr && draft.stored.version > 0 && visit.meanwhile.is_null()},
      {"text", made != nullptr ? made->text : ""},
      {"pdf", static_cast<bool>(visit.portal.wiring().paper)},
      {"sentence", writing.sentence},
      {"summary", std::move(summary)}};
  add_stage(visit, kind, fields);
  return visit.page("letter_writing", writing.status == 200 ? heading : visit.say("Error: {}", heading), std::move(fields), writing.status);
}

namespace {

Response show_letter_writing(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  letter_desk(visit);
  return show_writing(visit, kind, {draft_of(visit, kind), {}, "", 200});
}

// ---- what was typed --------------------------------------------------------------------------------------------------------

// The draft as it stands in the form: every part and every value comes along.
void read_typed(const Visit& visit, const LetterKind& kind, WrittenLetter& draft) {
  const Fields& typed = visit.form.fields;
  draft.parts.clear();
  for (std::size_t i = 0; i < parts_max && typed.has("text." + std::to_string(i)); ++i) {
    const std::string n = std::to_string(i);
    std::string text(typed.get("text." + n));
    std::erase(text, '\r');
    if (text.size() > part_bytes_max) text.resize(part_bytes_max);
    std::string title = trimmed(typed.get("title." + n));
    if (title.empty() || text_problem(title, 200)) title = visit.say("Paragraph {}", i + 1);
    draft.parts.push_back(
        {std::string(typed.get("name." + n)), std::max<std::int64_t>(0, draft_number(typed.get("of." + n))), title, trimmed(text)});
  }
  for (const LetterValue& value : kind.values) {
    std::string said(typed.get("value." + value.name));
    std::erase(said, '\r');
    draft.values[value.name] = said;
  }
}

bool same_content(const WrittenLetter& a, const WrittenLetter& b) {
  const auto same_part = [](const WrittenPart& x, const WrittenPart& y) {
    return x.name == y.name && x.text == y.text && x.title == y.title;
  };
  return a.values == b.values && std::ranges::equal(a.parts, b.parts, same_part);
}

}  // namespace

// 412: somebody else saved meanwhile. What was typed stays in the form; what they changed stands beside it.
Response show_draft_conflict(Visit& visit, const LetterKind& kind, WrittenLetter typed, const WrittenLetter& now,
                             std::int64_t typed_version) {
  json::array acts, rows;
  for (const DraftChange& one :
       visit.engine.database().read([&](Session& session) { return draft_changes(session, now.stored.id, typed_version); }))
    acts.push_back(
        json::object{{"did", visit.say(one.what)}, {"by", one.by_name}, {"at", to_text(one.at)}, {"when", moment_words(visit, one.at)}});
  const auto differ = [&](const std::string& about, const std::string& theirs, const std::string& yours) {
    if (theirs != yours) rows.push_back(json::object{{"about", about}, {"theirs", theirs}, {"yours", yours}});
  };
  for (const LetterValue& value : kind.values)
    differ(visit.say(value.label), text_of(now.values, value.name), text_of(typed.values, value.name));
  for (const WrittenPart& part : typed.parts) {
    const auto theirs = std::ranges::find(now.parts, part.title, &WrittenPart::title);
    differ(part.title, theirs == now.parts.end() ? "" : theirs->text, part.text);
  }
  for (const WrittenPart& part : now.parts)
    if (std::ranges::find(typed.parts, part.title, &WrittenPart::title) == typed.parts.end()) differ(part.title, part.text, "");
  visit.meanwhile = json::object{{"acts", std::move(acts)}, {"any_fields", !rows.empty()}, {"fields", std::move(rows)}};
  typed.stored.version = now.stored.version;
  return show_writing(visit, kind, {std::move(typed), {}, visit.say("Somebody else saved this letter meanwhile."), 412});
}

namespace {

// ---- the steps ----------------------------------------------------------------------------------------------------------------

void move_part(WrittenLetter& draft, std::int64_t at, std::int64_t to) {
  const auto count = static_cast<std::int64_t>(draft.parts.size());
  if (at < 0 || at >= count || to < 0 || to >= count) return;
  std::swap(draft.parts[static_cast<std::size_t>(at)], draft.parts[static_cast<std::size_t>(to)]);
}

void add_part(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, const std::string& name) {
  if (draft.parts.size() >= parts_max) return;
  const auto library =
      visit.engine.database().read([&](Session& session) { return paragraphs_in_force(session, kind.letter, visit.today()); });
  const auto found = std::ranges::find(library, name, &Paragraph::name);
  if (found == library.end()) {
    draft.parts.push_back({"", 0, visit.say("Own paragraph"), ""});
    return;
  }
  // Before the first of those that stand behind it in the library.
  const auto place_of = [&](const WrittenPart& part) {
    const auto known = std::ranges::find(library, part.name, &Paragraph::name);
    return known == library.end() ? -1 : known->place;
  };
  const auto behind = std::ranges::find_if(draft.parts, [&](const WrittenPart& part) { return place_of(part) > found->place; });
  draft.parts.insert(behind, {found->name, found->version, found->title, found->text});
}

void restore_part(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, std::int64_t at) {
  if (at < 0 || at >= static_cast<std::int64_t>(draft.parts.size())) return;
  WrittenPart& part = draft.parts[static_cast<std::size_t>(at)];
  for (const Paragraph& one :
       visit.engine.database().read([&](Session& session) { return paragraphs_in_force(session, kind.letter, visit.today()); }))
    if (one.name == part.name) part = {one.name, one.version, one.title, one.text};
}

void take_sample(const Visit& visit, WrittenLetter& draft, const std::string& sample) {
  const auto samples = letter_desk(visit).samples(visit.on->id);
  const bool own = std::ranges::any_of(samples, [&](const json::value& one) { return text_of(one.as_object(), "sample") == sample; });
  if (!own) return;
  draft.values["lines"] = lines_text(letter_desk(visit).sample_rows(sample));
  draft.values["sampled"] = "yes";
}

// What a button does to the draft; gives the words of the history.
std::string do_act(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, const std::string& act) {
  const auto colon = act.find(':');
  const std::string verb = act.substr(0, colon), object = colon == std::string::npos ? "" : act.substr(colon + 1);
  const std::int64_t at = draft_number(object);
  if (verb == "up") return move_part(draft, at, at - 1), "Order changed";
  if (verb == "down") return move_part(draft, at, at + 1), "Order changed";
  if (verb == "drop" && at >= 0 && at < static_cast<std::int64_t>(draft.parts.size()))
    return draft.parts.erase(draft.parts.begin() + at), "Paragraph left out";
  if (verb == "restore") return restore_part(visit, kind, draft, at), "Paragraph taken from the library again";
  if (verb == "add") return add_part(visit, kind, draft, std::string(visit.form.fields.get("paragraph"))), "Paragraph added";
  if (verb == "sample") return take_sample(visit, draft, std::string(visit.form.fields.get("sample"))), "Sample taken as annex";
  if (verb == "plain") {
    draft.word.reset();
    return "Back to the paragraphs";
  }
  return "Saved";
}

Response fix_letter_of(Visit& visit, const LetterKind& kind, WrittenLetter draft) {
  auto made = fix_draft(visit, kind, draft);
  if (auto* problems = std::get_if<std::vector<Problem>>(&made))
    return show_writing(
        visit, kind, {std::move(draft), std::move(*problems), visit.say("There is something to mend before this can be approved."), 422});
  const Answer answer = visit.send("fix_letter", std::get<json::object>(std::move(made)));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    draft.fixed.clear();
    const int status = refusal->code == RefusalCode::invalid ? 422 : info(refusal->code).http_status;
    return show_writing(visit, kind, {std::move(draft), {{"parts", refusal->sentence}}, refusal->sentence, status});
  }
  save_draft(visit, kind, draft, "Fixed for approval");
  return visit.go("/cases/" + visit.on->id + "/approve/" + kind.letter, visit.say("The letter is fixed. A second person approves it now."));
}

Response save_letter_writing(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  require_letter_act(visit);
  WrittenLetter draft = draft_of(visit, kind);
  WrittenLetter typed = draft;
  if (!draft.word) read_typed(visit, kind, typed);
  const std::int64_t typed_version = draft_number(visit.form.fields.get("draft"));
  if (typed_version != draft.stored.version) return show_draft_conflict(visit, kind, std::move(typed), draft, typed_version);
  const std::string act(visit.form.fields.get("act"));
  const bool fixing = act == "fix";
  const std::string did = do_act(visit, kind, typed, act);
  const bool changed = !same_content(typed, draft) || typed.word.has_value() != draft.word.has_value();
  if (changed || draft.stored.version == 0) {
    typed.fixed.clear();
    if (!save_draft(visit, kind, typed, did))
      return show_draft_conflict(visit, kind, std::move(typed), draft_of(visit, kind), typed_version);
  }
  if (fixing) return fix_letter_of(visit, kind, std::move(typed));
  if (auto problems = draft_problems(visit, kind, typed); !problems.empty() && (act == "save" || act == "preview"))
    return show_writing(
        visit, kind,
        {draft_of(visit, kind), std::move(problems), visit.say("It is saved. There is something to mend before it can be approved."), 422});
  return visit.go(address_of_letter(visit, kind) + (act == "preview" ? "#preview-heading" : "#parts"), "");
}

}  // namespace

void add_letter_writing_routes(Routes& routes) {
  const std::string one = "/cases/{case}/compose/{letter}";
  routes.push_back({"GET", one, "A5", Access::team, show_letter_writing, "A letter put together of paragraphs"});
  routes.push_back({"POST", one, "A5", Access::team, save_letter_writing, "Save a step of a letter, or fix it for approval"});
  add_letter_paper_routes(routes);
  add_letter_approval_routes(routes);
}

}  // namespace tradecase::http
