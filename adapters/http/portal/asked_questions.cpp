#include "adapters/http/portal/asked_questions.hpp"

#include <algorithm>

#include "adapters/http/portal/question_views.hpp"
#include "engine/on_file.hpp"

namespace tradecase::http {
namespace {

constexpr QuestionBank banks[] = {{"risk_survey", "rasa_procedural", "build_survey"},
                                  {"audit", "audit_questionnaire", "build_questionnaire"},
                                  {"continuation", "continuation_pack", "choose_questions"}};

}  // namespace

const QuestionBank* bank_of(std::string_view workflow) {
  const auto found = std::ranges::find(banks, workflow, &QuestionBank::workflow);
  return found == std::end(banks) ? nullptr : found;
}

std::optional<AskedOfCompany> asked_in(const Case& on) {
  AskedOfCompany asked;
  asked.bank = bank_of(on.workflow);
  if (asked.bank == nullptr) return std::nullopt;
  const bool survey = on.workflow == "risk_survey";
  const json::object of = survey ? on.data : object_at(on.data, on.workflow == "audit" ? "questionnaire" : "pack");
  asked.form_version = number_at(of, survey ? "procedural_version" : "form_version");
  asked.questions = array_at(of, "questions");
  asked.counts = object_at(of, "counts");
  asked.sent = !text_of(of, survey ? "issued_on" : "sent_on").empty();
  asked.answered = !object_at(of, "signature").empty();
  asked.chosen_by = text_of(of, "chosen_by");
  if (asked.questions.empty() || asked.form_version == 0) return std::nullopt;
  return asked;
}

AskedNumbers numbers_of(const json::object& counts) {
  const int asked = number_at(counts, "asked"), known = number_at(counts, "pre_answered");
  return {asked + known, known, asked};
}

std::string on_file_words(const Visit& visit, const Fact& fact) {
  return visit.say("On file, as of {}, from: {}.", visit.date(fact.as_of), source_of(fact));
}

std::string counted_questions(const Visit& visit, std::string_view workflow, const AskedNumbers& numbers) {
  const auto& [all, on_file, to_answer] = numbers;
  if (workflow == "audit")
    return visit.say("This questionnaire: {} (question|questions), {} on file, {} to answer.", all, on_file, to_answer);
  if (workflow == "continuation")
    return visit.say("This pack: {} (question|questions), {} on file, {} to answer.", all, on_file, to_answer);
  return visit.say("This survey: {} (question|questions), {} on file, {} to answer.", all, on_file, to_answer);
}

}  // namespace tradecase::http
