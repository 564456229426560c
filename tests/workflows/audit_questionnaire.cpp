#include "tests/workflows/audit_questionnaire.hpp"

namespace tradecase::testing::audit_questionnaire {
namespace {

constexpr RoleSet officer{Role::officer}, preparer{Role::preparer}, compliance{Role::compliance}, auditor{Role::auditor};

json::value an_answer(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return "no";
    case Question::Type::date:
      return "2025-11-10";
    case Question::Type::list:
      return json::array{"Harbor Brokers"};
    default:
      return "As in our manual";
  }
}

Story said(Story story, const char* command, const json::object& body, RoleSet as) {
  if (!story.send(command, body, as)) FAIL(command << ": " << story.last_refusal->sentence);
  return story;
}

std::vector<Row> rows_of_building(const std::string& state, const json::object& none, const json::object& ready, const json::object& out,
                                  const json::object& done) {
  const json::object stale{{"questions", {"organization"}},
                           {"ask_again", {{{"question", "organization"}, {"reason", "The company merged in May."}}}}};
  const json::object unreasoned{{"ask_again", {{{"question", "organization"}}}}};
  return {
      Expect{state, "build_questionnaire", state, none, {}, auditor}.having(on_file()),
      Expect{state, "build_questionnaire", state, ready, stale, auditor}.having(on_file()),
      {state, "build_questionnaire", "forbidden", none, {}, compliance},
      Expect{state, "build_questionnaire", "guard", none, {{"sections", {"weather"}}}, auditor}.saying("no section \"weather\""),
      Expect{state, "build_questionnaire", "guard", none, {{"questions", json::array{}}}, auditor}.saying("no question is chosen"),
      Expect{state, "build_questionnaire", "guard", none, unreasoned, auditor}
          .saying("is on file as of 2025-04-10, from annual notification, cycle 1")
          .having(on_file()),
      Expect{state, "build_questionnaire", "guard", out, {}, auditor}.saying("it is with the company"),
      Expect{state, "build_questionnaire", "guard", done, {}, auditor}.saying("the company has answered it"),
      {state, "send_questionnaire", state, ready, {}, auditor},
      {state, "send_questionnaire", state, ready, {{"due_on", "2026-03-31"}}, auditor},
      {state, "send_questionnaire", "forbidden", ready, {}, compliance},
      Expect{state, "send_questionnaire", "guard", ready, {{"due_on", "2026-01-14"}}, auditor}.saying("still to come"),
      Expect{state, "send_questionnaire", "guard", none, {}, auditor}.saying("no questionnaire is built"),
      {state, "withdraw_questionnaire", state, out, {{"reason", "It is settled."}}, auditor},
      Expect{state, "withdraw_questionnaire", "guard", ready, {{"reason", "It is settled."}}, auditor}.saying("no questionnaire waits"),
  };
}

std::vector<Row> rows_of_answering(const std::string& state, const json::object& ready, const json::object& out) {
  const json::object misfit{{"answers", {{{"question", "no_such"}, {"value", "x"}}}}};
  const json::object unfiled{{"answers", {{{"question", "value_controls"}, {"confirm", true}}}}};
  json::object misfit_signed = misfit, by_another = answers(out);
  misfit_signed["signature"] = officer_name;
  by_another["signature"] = "Lee Park";
  return {
      {state, "save_answers", state, out, {{"answers", replies(out)}}, preparer},
      Expect{state, "save_answers", "guard", out, misfit, preparer}.saying("does not ask \"no_such\""),
      Expect{state, "save_answers", "guard", out, unfiled, preparer}.saying("nothing to confirm"),
      Expect{state, "save_answers", "guard", ready, {{"answers", replies(out)}}, preparer}.saying("no questionnaire waits"),
      {state, "answer_questionnaire", state, out, answers(out), officer},
      {state, "answer_questionnaire", "forbidden", out, answers(out), preparer},
      Expect{state, "answer_questionnaire", "guard", out, misfit_signed, officer}.saying("the answers must fit the questionnaire"),
      Expect{state, "answer_questionnaire", "guard", out, {{"signature", officer_name}}, officer}.saying(
          "each question must be confirmed, corrected or answered: organization"),
      Expect{state, "answer_questionnaire", "guard", out, by_another, officer}.saying("type your full name"),
      Expect{state, "answer_questionnaire", "guard", ready, answers(out), officer}.saying("no questionnaire waits"),
  };
}

}  // namespace

std::vector<Fact> on_file() {
  const auto fact = [](const char* key, json::value value) {
    return Fact{key, std::move(value), day("2025-04-10"), "annual notification, cycle 1", "C", "TC-2025-000007", "P-officer"};
  };
  return {fact("org.structure", "Compliance reports to the general counsel."), fact("controls.manual.version", "5, since 2024"),
          fact("import.brokers", json::array{"Harbor Brokers"})};
}

json::array replies(const json::object& data) {
  const Form& form = shipped_forms().get("audit_questionnaire", 1);
  json::array all;
  for (const json::value& one : data.at("questionnaire").at("questions").as_array()) {
    const json::object& asked = one.as_object();
    const json::value& id = asked.at("question");
    if (asked.at("on_file").as_bool() && asked.at("asked_again_because").as_string().empty())
      all.push_back({{"question", id}, {"confirm", true}});
    else
      all.push_back({{"question", id}, {"value", an_answer(*form.section(asked.at("section").as_string())->question(id.as_string()))}});
  }
  return all;
}

json::object answers(const json::object& data) { return {{"answers", replies(data)}, {"signature", officer_name}}; }

Story built(Story fresh) {
  fresh.facts = on_file();
  return said(std::move(fresh), "build_questionnaire", {}, auditor);
}
Story sent(Story fresh) { return said(built(std::move(fresh)), "send_questionnaire", {}, auditor); }

std::vector<Row> rows(const std::string& state, const Story& fresh) {
  const Story out = sent(fresh);
  const Story done = said(out, "answer_questionnaire", answers(out.data()), officer);
  const json::object ready = built(fresh).data();
  std::vector<Row> all = rows_of_building(state, fresh.data(), ready, out.data(), done.data());
  add(all, rows_of_answering(state, ready, out.data()));
  return all;
}

}  // namespace tradecase::testing::audit_questionnaire
