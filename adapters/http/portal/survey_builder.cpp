// The builder of risk surveys, audit questionnaires and preparation packs: the question bank by topic, with what is on file and from where
// beside each question, so that only the rest is asked; how many that makes is said before anything is sent.
#include <algorithm>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/command_page.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/surveys.hpp"
#include "engine/on_file.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::string_view survey_workflow = "risk_survey", audit_workflow = "audit";

struct Choosing {
  Fields fields;
  bool first = true;  // nothing is chosen on this page yet: what stands on record is, or everything
  std::string sentence;
  std::vector<Problem> problems;
  int status = 200;
};

std::string again_field(const Question& question) { return "again." + question.id; }

bool listed(const Fields& fields, std::string_view field, std::string_view value) {
  const auto all = fields.all(field);
  return std::ranges::find(all, value) != all.end();
}

// A topic that is left out keeps its questions as they are ticked, for whoever takes it in again.
bool picked(const Fields& fields, const Section& section, const Question& question) {
  return listed(fields, "question", question.id) && !listed(fields, "left_out", section.id);
}

class Builder {
 public:
  Builder(const Visit& visit, const Choosing& choosing, const QuestionBank& bank)
      : visit_(visit),
        choosing_(choosing),
        form_(visit.programme().forms.latest(bank.form, visit.today())),
        facts_(visit.engine.database().read([&](Session& session) { return facts_of(session, visit.on->company); })) {
    if (!choosing.first) return;
    const auto asked = asked_in(*visit.on);
    if (asked && (visit.on->workflow != "continuation" || !asked->chosen_by.empty())) chosen_ = asked->questions;
  }

  json::array sections() {
    json::array all;
    for (const Section& section : form_.sections) all.push_back(section_view(section));
    return all;
  }
  const AskedNumbers& told() const { return told_; }
  int again() const { return again_; }

 private:
  // As chosen before, where something was; nullptr for a question left out.
  const json::object* chosen_before(const Question& question) const {
    const auto found =
        std::ranges::find_if(chosen_, [&](const json::value& one) { return text_of(one.as_object(), "question") == question.id; });
    return found == chosen_.end() ? nullptr : &found->as_object();
  }

  bool left_out(const Section& section) const {
    if (!choosing_.first) return listed(choosing_.fields, "left_out", section.id);
    return !chosen_.empty() && std::ranges::none_of(section.questions, [&](const Question& one) { return chosen_before(one) != nullptr; });
  }

  bool ticked(const Section& section, const Question& question) const {
    if (!choosing_.first) return listed(choosing_.fields, "question", question.id);
    return chosen_.empty() || left_out(section) || chosen_before(question) != nullptr;
  }

  std::string asked_again(const Question& question) const {
    if (!choosing_.first) return trimmed(choosing_.fields.get(again_field(question)));
    const json::object* before = chosen_before(question);
    return before == nullptr ? "" : text_of(*before, "asked_again_because");
  }

  json::object section_view(const Section& section) {
    json::array questions;
    int known = 0;
    for (const Question& question : section.questions) {
      questions.push_back(question_view(section, question));
      if (fact_answering(question, facts_) != nullptr) ++known;
    }
    return {{"section", section.id},
            {"heading", worded(visit_, section.title)},
            {"known", visit_.say("{} of {} on file", known, section.questions.size())},
            {"left_out", left_out(section)},
            {"questions", std::move(questions)}};
  }

  json::object question_view(const Section& section, const Question& question) {
    const Fact* fact = fact_answering(question, facts_);
    const bool chosen = ticked(section, question);
    const std::string again = asked_again(question);
    if (chosen && !left_out(section)) {
      ++told_.all;
      ++(fact != nullptr && again.empty() ? told_.on_file : told_.to_answer);
      if (fact != nullptr && !again.empty()) ++again_;
    }
    json::value known = nullptr;
    if (fact != nullptr)
      known = json::object{{"value", shown_answer(visit_, question, &fact->value)},
                           {"since", on_file_words(visit_, *fact)},
                           {"again_field", again_field(question)},
                           {"again", again}};
    return {{"id", question.id}, {"text", worded(visit_, question.text)}, {"chosen", chosen}, {"known", std::move(known)}};
  }

  const Visit& visit_;
  const Choosing& choosing_;
  const tradecase::Form& form_;
  std::vector<Fact> facts_;
  json::array chosen_;  // on record, where somebody chose
  AskedNumbers told_;
  int again_ = 0;
};

std::string counted(const Visit& visit, const Builder& builder) {
  std::string words = counted_questions(visit, visit.on->workflow, builder.told());
  if (builder.again() > 0) words += " " + visit.say("{} of them are on file and asked again, for the reasons you gave.", builder.again());
  return words;
}

struct BuilderWords {
  std::string title, told, button;
};

BuilderWords builder_words(const Visit& visit) {
  const Case& on = *visit.on;
  if (on.workflow == survey_workflow)
    return {visit.say("Build the survey: {}", case_title(visit, on)), visit.say("The company is not told before you issue the survey."),
            visit.say("Build the survey")};
  if (on.workflow == audit_workflow)
    return {visit.say("Build the questionnaire: {}", case_title(visit, on)),
            visit.say("The company is not told before you send the questionnaire."), visit.say("Build the questionnaire")};
  return {visit.say("Choose the questions: {}", case_title(visit, on)),
          on.state == "scheduled" ? visit.say("The company gets its preparation pack when the review opens.")
                                  : visit.say("The company has its preparation pack. It gets it again with the questions you choose."),
          visit.say("Choose the questions")};
}

std::string said_when_built(const Visit& visit) {
  if (visit.on->workflow == survey_workflow) return visit.say("Look at it, then issue it.");
  if (visit.on->workflow == audit_workflow) return visit.say("Look at it, then send it.");
  return visit.on->state == "scheduled" ? visit.say("The company gets its preparation pack when the review opens.")
                                        : visit.say("The company gets its preparation pack again.");
}

Response show_choosing(const Visit& visit, const QuestionBank& bank, const Choosing& choosing) {
  const Case& on = *visit.on;
  Builder builder(visit, choosing, bank);
  json::array sections = builder.sections(), summary;
  for (const Problem& problem : choosing.problems)
    if (!problem.field.empty()) summary.push_back(json::object{{"field", problem.field}, {"sentence", problem.sentence}});
  std::vector<std::string> topics;
  for (const json::value& topic : array_at(on.data, "topics"))
    if (topic.is_string()) topics.emplace_back(topic.get_string());
  const auto parts = array_at(on.data, "parts");
  const auto part = [&](std::string_view name) {
    if (!choosing.first) return listed(choosing.fields, "part", name);
    return parts.empty() || std::ranges::find(parts, json::value(name)) != parts.end();
  };
  const BuilderWords words = builder_words(visit);
  const std::string_view key = choosing.fields.get("key");
  json::value survey = nullptr;
  if (on.workflow == survey_workflow)
    survey = json::object{{"topics", choosing.first ? join(topics, "\n") : std::string(choosing.fields.get("topics"))},
                          {"procedural", part("procedural")},
                          {"transactional", part("transactional")}};
  return visit.page("survey_builder", choosing.status == 200 ? words.title : visit.say("Error: {}", words.title),
                    {{"heading", words.title},
                     {"case", on.id},
                     {"case_title", case_title(visit, on)},
                     {"counted", counted(visit, builder)},
                     {"told", words.told},
                     {"button", words.button},
                     {"survey", std::move(survey)},
                     {"sections", std::move(sections)},
                     {"sentence", choosing.sentence},
                     {"summary", std::move(summary)},
                     {"key", key.empty() ? random_token() : std::string(key)},
                     {"version", version_for_form(visit)}},
                    choosing.status);
}

// Only while they may be chosen: later the case shows what was asked.
const QuestionBank* bank_to_choose_from(const Visit& visit) {
  const QuestionBank* bank = bank_of(visit.on->workflow);
  if (bank == nullptr) return nullptr;
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  if (all == nullptr) return nullptr;
  const auto found = std::ranges::find(*all, bank->build, &Permission::command);
  return found == all->end() || found->verdict == Permission::Verdict::no ? nullptr : bank;
}

Response show_builder(Visit& visit) {
  const QuestionBank* bank = bank_to_choose_from(visit);
  if (bank == nullptr) return visit.go("/cases/" + visit.on->id, visit.say("No questions can be chosen in this case now."));
  return show_choosing(visit, *bank, {});
}

// What is picked, and why what is on file is asked again.
void add_questions(const Fields& fields, const tradecase::Form& form, json::object& body) {
  std::size_t bank_size = 0;
  json::array chosen, again;
  for (const Section& section : form.sections)
    for (const Question& question : section.questions) {
      ++bank_size;
      if (!picked(fields, section, question)) continue;
      chosen.push_back(json::value(question.id));
      if (const std::string why = trimmed(fields.get(again_field(question))); !why.empty())
        again.push_back(json::object{{"question", question.id}, {"reason", why}});
    }
  if (chosen.size() < bank_size) body["questions"] = std::move(chosen);
  if (!again.empty()) body["ask_again"] = std::move(again);
}

json::object body_of(const Visit& visit, const QuestionBank& bank, const Fields& fields, std::vector<Problem>& problems) {
  const tradecase::Form& form = visit.programme().forms.latest(bank.form, visit.today());
  const bool survey = bank.workflow == survey_workflow;
  const std::string first = survey ? "part.procedural" : "question." + form.sections.front().questions.front().id;
  json::object body;
  if (survey) {
    const auto parts = fields.all("part");
    if (parts.empty()) problems.push_back({first, visit.say("Choose one part at least.")});
    body["parts"] = json::value_from(parts);
    if (const auto topics = lines_of(fields.get("topics")); !topics.empty()) body["topics"] = json::value_from(topics);
    if (!listed(fields, "part", "procedural")) return body;
  }
  add_questions(fields, form, body);
  if (const auto chosen = array_at(body, "questions"); body.contains("questions") && chosen.empty())
    problems.push_back({first, visit.say("Choose one question at least.")});
  return body;
}

Response build(Visit& visit) {
  const QuestionBank* bank = bank_of(visit.on->workflow);
  if (bank == nullptr) return show_builder(visit);
  Choosing choosing{visit.form.fields, false, "", {}, 200};
  if (visit.form.fields.get("act") == "count") return show_choosing(visit, *bank, choosing);
  json::object body = body_of(visit, *bank, visit.form.fields, choosing.problems);
  if (!choosing.problems.empty()) {
    choosing.sentence = visit.say("There is something to mend before this can be sent.");
    choosing.status = 422;
    return show_choosing(visit, *bank, choosing);
  }
  const Answer answer = visit.send(std::string(bank->build), std::move(body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    choosing.sentence = refusal->sentence;
    choosing.problems = refusal->problems;
    choosing.status = refusal->code == RefusalCode::invalid ? 422 : info(refusal->code).http_status;
    if (refusal->code == RefusalCode::conflict) {
      read_case_again(visit);
      if (bank_to_choose_from(visit) == nullptr) return too_late(visit);
      tell_meanwhile(visit, {});
    }
    return show_choosing(visit, *bank, choosing);
  }
  read_case_again(visit);
  const auto asked = asked_in(*visit.on);
  const AskedNumbers numbers = asked ? numbers_of(asked->counts) : AskedNumbers{};
  return visit.go("/cases/" + visit.on->id, counted_questions(visit, bank->workflow, numbers) + " " + said_when_built(visit));
}

}  // namespace

void add_survey_routes(Routes& routes) {
  const std::string at = "/cases/{case}/build";
  routes.push_back({"GET", at, "A1", Access::staff, show_builder, "Choose questions: what is on file, what is asked"});
  routes.push_back({"POST", at, "A1", Access::staff, build, "Count the questions, or build what asks them"});
  add_engagement_routes(routes);
  add_opening_routes(routes);
  add_letter_writing_routes(routes);
  add_template_desk_routes(routes);
}

}  // namespace tradecase::http
