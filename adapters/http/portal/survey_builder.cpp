// The survey builder: the question bank by topic, with what is on file and from where beside each question, so that only the rest is asked;
// how many that makes is said before anything is sent.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/command_page.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/surveys.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr char bank[] = "rasa_procedural";

struct Choosing {
  Fields fields;
  bool first = true;  // nothing was chosen yet: everything is
  std::string sentence;
  std::vector<Problem> problems;
  int status = 200;
};

std::string again_field(const Question& question) { return "again." + question.id; }

struct Told {
  int asked = 0, on_file = 0, again = 0;
  int questions() const { return asked + on_file; }
};

class Builder {
 public:
  Builder(const Visit& visit, const Choosing& choosing)
      : visit_(visit),
        choosing_(choosing),
        form_(visit.programme().forms.latest(bank, visit.today())),
        facts_(visit.engine.database().read([&](Session& session) { return facts_of(session, visit.on->company); })) {}

  json::array sections() {
    json::array all;
    for (const Section& section : form_.sections) all.push_back(section_view(section));
    return all;
  }
  const Told& told() const { return told_; }

 private:
  const Fact* on_file(const Question& question) const {
    const auto found = std::ranges::find(facts_, question.key, &Fact::key);
    const bool fits = !question.key.empty() && found != facts_.end() && !found->value.is_null() && !answer_problem(question, found->value);
    return fits ? &*found : nullptr;
  }

  json::object section_view(const Section& section) {
    json::array questions;
    int known = 0;
    for (const Question& question : section.questions) {
      questions.push_back(question_view(question));
      if (on_file(question) != nullptr) ++known;
    }
    return {{"section", section.id},
            {"heading", worded(visit_, section.title)},
            {"known", visit_.say("{} of {} on file", known, section.questions.size())},
            {"questions", std::move(questions)}};
  }

  json::object question_view(const Question& question) {
    const Fact* fact = on_file(question);
    const auto listed = choosing_.fields.all("question");
    const bool chosen = choosing_.first || std::ranges::find(listed, question.id) != listed.end();
    const std::string again = trimmed(choosing_.fields.get(again_field(question)));
    if (chosen) {
      const bool shown = fact != nullptr && again.empty();
      shown ? ++told_.on_file : ++told_.asked;
      if (fact != nullptr && !again.empty()) ++told_.again;
    }
    json::value known = nullptr;
    if (fact != nullptr)
      known = json::object{{"value", shown_answer(visit_, question, &fact->value)},
                           {"since", visit_.say("On file, as of {}, from: {}.", visit_.date(fact->as_of),
                                                fact->source + (fact->section.empty() ? "" : ", " + fact->section))},
                           {"again_field", again_field(question)},
                           {"again", again}};
    return {{"id", question.id}, {"text", worded(visit_, question.text)}, {"chosen", chosen}, {"known", std::move(known)}};
  }

  const Visit& visit_;
  const Choosing& choosing_;
  const tradecase::Form& form_;
  std::vector<Fact> facts_;
  Told told_;
};

std::string counted(const Visit& visit, const Told& told) {
  std::string words =
      visit.say("This survey: {} (question|questions), {} on file, {} to answer.", told.questions(), told.on_file, told.asked);
  if (told.again > 0) words += " " + visit.say("{} of them are on file and asked again, for the reasons you gave.", told.again);
  return words;
}

Response show_choosing(const Visit& visit, const Choosing& choosing) {
  const Case& on = *visit.on;
  Builder builder(visit, choosing);
  json::array sections = builder.sections();
  json::array summary;
  for (const Problem& problem : choosing.problems)
    if (!problem.field.empty()) summary.push_back(json::object{{"field", problem.field}, {"sentence", problem.sentence}});
  std::vector<std::string> topics;
  for (const json::value& topic : array_at(on.data, "topics"))
    if (topic.is_string()) topics.emplace_back(topic.get_string());
  const auto parts = choosing.fields.all("part");
  const auto part = [&](std::string_view name) { return choosing.first || std::ranges::find(parts, name) != parts.end(); };
  const std::string title = visit.say("Build the survey: {}", case_title(visit, on));
  const std::string_view key = choosing.fields.get("key");
  return visit.page("survey_builder", choosing.status == 200 ? title : visit.say("Error: {}", title),
                    {{"heading", title},
                     {"case", on.id},
                     {"case_title", case_title(visit, on)},
                     {"counted", counted(visit, builder.told())},
                     {"topics", choosing.first ? join(topics, "\n") : std::string(choosing.fields.get("topics"))},
                     {"procedural", part("procedural")},
                     {"transactional", part("transactional")},
                     {"sections", std::move(sections)},
                     {"sentence", choosing.sentence},
                     {"summary", std::move(summary)},
                     {"key", key.empty() ? random_token() : std::string(key)},
                     {"version", version_for_form(visit)}},
                    choosing.status);
}

const Permission* build_permission(const std::variant<std::vector<Permission>, Refusal>& permitted) {
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  if (all == nullptr) return nullptr;
  const auto found = std::ranges::find(*all, "build_survey", &Permission::command);
  return found == all->end() ? nullptr : &*found;
}

// Only while the survey may be built: later its case shows what was asked.
bool may_build(const Visit& visit) {
  if (visit.on->workflow != "risk_survey") return false;
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  const Permission* build = build_permission(permitted);
  return build != nullptr && build->verdict != Permission::Verdict::no;
}

Response show_builder(Visit& visit) {
  if (!may_build(visit)) return visit.go("/cases/" + visit.on->id, visit.say("This survey cannot be built now."));
  return show_choosing(visit, {});
}

json::object body_of(const Visit& visit, const Fields& fields, std::vector<Problem>& problems) {
  const tradecase::Form& form = visit.programme().forms.latest(bank, visit.today());
  const auto parts = fields.all("part"), chosen = fields.all("question");
  const bool procedural = std::ranges::find(parts, "procedural") != parts.end();
  if (parts.empty()) problems.push_back({"part.procedural", visit.say("Choose one part at least.")});
  if (procedural && chosen.empty()) problems.push_back({"part.procedural", visit.say("Choose one question at least.")});
  json::object body{{"parts", json::value_from(parts)}};
  if (const auto topics = lines_of(fields.get("topics")); !topics.empty()) body["topics"] = json::value_from(topics);
  if (!procedural) return body;
  std::size_t bank_size = 0;
  json::array again;
  for (const Section& section : form.sections)
    for (const Question& question : section.questions) {
      ++bank_size;
      const std::string why = trimmed(fields.get(again_field(question)));
      if (!why.empty() && std::ranges::find(chosen, question.id) != chosen.end())
        again.push_back(json::object{{"question", question.id}, {"reason", why}});
    }
  if (chosen.size() < bank_size) body["questions"] = json::value_from(chosen);
  if (!again.empty()) body["ask_again"] = std::move(again);
  return body;
}

Response build_survey(Visit& visit) {
  Choosing choosing{visit.form.fields, false, "", {}, 200};
  if (visit.form.fields.get("act") == "count") return show_choosing(visit, choosing);
  json::object body = body_of(visit, visit.form.fields, choosing.problems);
  if (!choosing.problems.empty()) {
    choosing.sentence = visit.say("There is something to mend before this can be sent.");
    choosing.status = 422;
    return show_choosing(visit, choosing);
  }
  const Answer answer = visit.send("build_survey", std::move(body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    choosing.sentence = refusal->sentence;
    choosing.problems = refusal->problems;
    choosing.status = refusal->code == RefusalCode::invalid ? 422 : info(refusal->code).http_status;
    if (refusal->code == RefusalCode::conflict) {
      read_case_again(visit);
      if (!may_build(visit)) return too_late(visit);
      tell_meanwhile(visit, {});
    }
    return show_choosing(visit, choosing);
  }
  read_case_again(visit);
  const json::object counts = object_at(visit.on->data, "counts");
  return visit.go("/cases/" + visit.on->id,
                  visit.say("Built: {} (question|questions), {} on file, {} to answer. Look at it, then issue it.",
                            number_at(counts, "asked") + number_at(counts, "pre_answered"), number_at(counts, "pre_answered"),
                            number_at(counts, "asked")));
}

}  // namespace

void add_survey_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/build", "A1", Access::staff, show_builder, "Build a survey: what is on file, what is asked"});
  routes.push_back({"POST", "/cases/{case}/build", "A1", Access::staff, build_survey, "Count or build a survey"});
  add_engagement_routes(routes);
  add_opening_routes(routes);
  add_letter_writing_routes(routes);
  add_template_desk_routes(routes);
}

}  // namespace tradecase::http
