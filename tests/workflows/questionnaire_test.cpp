// What surveys, audit questionnaires and continuation packs share: nothing on file is asked blank without a recorded reason, whatever is
// picked, and a confirmation holds for what was shown.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "tests/workflows/table.hpp"
#include "workflows/questionnaire.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

const Form& bank(const std::string& name) { return shipped_forms().get(name, 1); }

json::value fitting(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return true;
    case Question::Type::date:
      return "2025-11-10";
    case Question::Type::number:
      return 3;
    case Question::Type::choice:
      return json::value(question.choices.front());
    case Question::Type::list:
      return json::array{"One"};
    case Question::Type::url:
      return "https://harborlane.example/conduct";
    default:
      return "As in our manual";
  }
}

Fact fact_of(const Question& question) {
  return {question.key, fitting(question), day("2025-04-10"), "annual notification, cycle 1", "C", "TC-2025-000007", "P-officer"};
}

}  // namespace

TEST_CASE("questions: whatever is picked and on file, none is asked twice unless its reason is recorded") {
  rc::prop("re-asked is 0 by construction", [](bool all) {
    const Form& form = bank(*rc::gen::element<std::string>("rasa_procedural", "audit_questionnaire", "continuation_pack"));
    questionnaire::Choice choice{.sections = {}, .questions = {}, .all = all, .again = {}};
    testing::Row row;
    bool unreasoned = false;
    for (const Section& section : form.sections) {
      if (*rc::gen::arbitrary<bool>()) choice.sections.push_back(section.id);
      for (const Question& question : section.questions) {
        const bool known = *rc::gen::arbitrary<bool>(), again = *rc::gen::weightedElement<bool>({{1, true}, {9, false}});
        if (known) row.facts.push_back(fact_of(question));
        if (*rc::gen::arbitrary<bool>()) choice.questions.push_back(question.id);
        if (!again) continue;
        const bool reason = *rc::gen::arbitrary<bool>();
        choice.again.push_back({question.id, reason ? std::optional<std::string>("It moved.") : std::nullopt});
        unreasoned = unreasoned || (known && !reason);
      }
    }
    const Context context = context_of(row);
    RC_ASSERT(questionnaire::reask_problem(form, choice, context).empty() != unreasoned);
    const auto questions = questionnaire::choose(form, choice, context);
    const auto counts = questionnaire::counts_of(questions);
    RC_ASSERT(counts.re_asked == 0);  // even where the guard would have refused: what has no reason is shown
    RC_ASSERT(counts.asked + counts.pre_answered == static_cast<int>(questions.size()));
  });
}

TEST_CASE("questions: a confirmation holds for what was shown, not for what came on file since") {
  const Form& form = bank("audit_questionnaire");
  testing::Row row;
  row.facts = {fact_of(*form.section("brokers")->question("brokers"))};
  questionnaire::Questions questions = questionnaire::choose(form, {{"brokers"}, {}, false, {}}, context_of(row));
  questionnaire::keep_replies(questions, form, {{"brokers", true, std::nullopt}, {"broker_oversight", std::nullopt, "By letter"}});
  CHECK(questionnaire::unanswered(questions, form).empty());
  CHECK(questionnaire::counts_of(questions).confirmed == 1);
  row.facts.front().value = json::array{"Another"};
  questionnaire::pre_answer(questions, form, context_of(row));
  CHECK(questionnaire::unanswered(questions, form) == "brokers");
  questionnaire::keep_replies(questions, form, {{"brokers", std::nullopt, json::array{"Another", "And one more"}}});
  CHECK(questionnaire::counts_of(questions).corrected == 1);
}

TEST_CASE("questions: what comes on file while they are out is confirmed by its value, and not answered again") {
  const Form& form = bank("audit_questionnaire");
  const Question& brokers = *form.section("brokers")->question("brokers");
  testing::Row row;
  questionnaire::Questions out = questionnaire::choose(form, {{"brokers"}, {}, false, {}}, context_of(row));
  const auto problem = [&](const questionnaire::Reply& reply) {
    return questionnaire::replies_problem(out, form, {reply}, context_of(row));
  };
  CHECK_THAT(problem({"brokers", true, std::nullopt}), Catch::Contains("is not on file, so there is nothing to confirm"));

  row.facts = {fact_of(brokers)};
  CHECK_THAT(problem({"brokers", true, std::nullopt}),
             Catch::Contains("has come on file meanwhile, as of 2025-04-10, from annual notification, cycle 1, C"));
  CHECK(problem({"brokers", std::nullopt, row.facts.front().value}).empty());
  questionnaire::take_since(out, form, context_of(row));
  CHECK(questionnaire::unanswered(out, form) == "brokers, broker_oversight");
  CHECK(problem({"brokers", true, std::nullopt}).empty());
  questionnaire::keep_replies(out, form, {{"brokers", std::nullopt, row.facts.front().value}});
  CHECK(questionnaire::counts_of(out).confirmed == 1);
  CHECK(questionnaire::counts_of(out).re_asked == 0);

  row.facts.front().value = json::array{"Another"};  // told in another case: the confirmation was of the former
  CHECK_THAT(problem({"brokers", true, std::nullopt}), Catch::Contains("has come on file meanwhile"));
  questionnaire::take_since(out, form, context_of(row));
  CHECK(questionnaire::unanswered(out, form) == "brokers, broker_oversight");
}

TEST_CASE("questions: what was answered before it came on file stays answered") {
  const Form& form = bank("audit_questionnaire");
  testing::Row row;
  questionnaire::Questions out = questionnaire::choose(form, {{"brokers"}, {}, false, {}}, context_of(row));
  questionnaire::keep_replies(out, form, {{"brokers", std::nullopt, json::array{"Typed by hand"}}});
  row.facts = {fact_of(*form.section("brokers")->question("brokers"))};
  questionnaire::take_since(out, form, context_of(row));
  CHECK(questionnaire::unanswered(out, form) == "broker_oversight");
  CHECK(questionnaire::answers_of(out).at("brokers") == json::array{"Typed by hand"});
}
