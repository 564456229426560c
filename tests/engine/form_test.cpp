#include "engine/form.hpp"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

using namespace tradecase;

namespace {

std::string problems_of(const std::string& text) {
  try {
    parse_form(text, "x.v1.json");
    return {};
  } catch (const FormError& error) {
    return error.what();
  }
}

// A form with one section of the questions given as JSON.
std::string form_of(const std::string& questions, const std::string& more = "") {
  return R"({"name":"x","title":"X","version":1,"effective_from":"2024-01-01","mark":"A","source":"us",)" + more +
         R"("sections":[{"id":"s","title":"S","questions":[)" + questions + "]}]}";
}

Section section_of(const std::string& questions) { return parse_form(form_of(questions), "x.v1.json").sections.at(0); }

const char* const one_of_each = R"(
  {"id":"name","text":"Name","type":"text","required":true,"key":"a.name","max_length":10},
  {"id":"story","text":"Story","type":"long_text","key":"a.story"},
  {"id":"any","text":"Any?","type":"yes_no","key":"a.any"},
  {"id":"why","text":"Why?","type":"text","required_when":{"question":"any","equals":"yes"}},
  {"id":"count","text":"Count","type":"number","key":"a.count"},
  {"id":"day","text":"Day","type":"date","key":"a.day"},
  {"id":"one","text":"One","type":"choice","choices":["red","blue"],"key":"a.one"},
  {"id":"some","text":"Some","type":"choices","choices":["red","blue","green"],"key":"a.some"},
  {"id":"ports","text":"Ports","type":"list","key":"a.ports"},
  {"id":"papers","text":"Papers","type":"file_note","key":"a.papers"},
  {"id":"site","text":"Site","type":"url","key":"a.site"},
  {"id":"mail","text":"Mail","type":"email","key":"a.mail"})";

const Section& sample() {
  static const Section section = section_of(one_of_each);
  return section;
}

}  // namespace

TEST_CASE("a form is read with all its parts") {
  const Form form = parse_form(form_of(one_of_each), "x.v1.json");
  CHECK(form.name == "x");
  CHECK(form.version == 1);
  CHECK(form.effective_from == parse_date("2024-01-01"));
  CHECK(form.mark == Mark::assumption);
  REQUIRE(form.section("s") != nullptr);
  CHECK(form.section("t") == nullptr);
  const Section& section = *form.section("s");
  CHECK(section.questions.size() == 12);
  CHECK(section.question("name")->max_length == 10);
  CHECK(section.question("story")->max_length == 4000);
  CHECK(section.question("why")->required_when->equals == "yes");
  CHECK(section.question_with_key("a.day")->id == "day");
  CHECK(section.question_with_key("") == nullptr);
}

TEST_CASE("a slip in a form is told with its place") {
  const std::string q = R"({"id":"a","text":"A","type":"text")";
  const struct {
    std::string text, problem;
  } rows[] = {
      {"{", "x.v1.json, line 1: is not JSON"},
      {"{}\n{}", "x.v1.json, line 2: is not JSON"},
      {"[]", "x.v1.json: is not an object"},
      {form_of(q + "}", R"("titel":"X",)"), "x.v1.json: unknown property \"titel\" (did you mean \"title\"?)"},
      {form_of(q + R"(,"requird":true})"), "section s, question a: unknown property \"requird\" (did you mean \"required\"?)"},
      {form_of(q + R"(,"required":"yes"})"), "\"required\" must be true or false"},
      {form_of(q + R"(,"max_length":0})"), "\"max_length\" must be a whole number"},
      {form_of(q + R"(,"mark":"Z"})"), "\"mark\" must be"},
      {form_of(q + "}," + q + "}"), "section s, question a: the id is given twice"},
      {form_of(R"({"id":"a","text":"A","type":"txt"})"), "there is no type \"txt\" (did you mean \"text\"?)"},
      {form_of(R"({"id":"a","text":"A"})"), "\"type\" is missing"},
      {form_of(R"({"id":"A b","text":"A","type":"text"})"), "an id is made of"},
      {form_of(R"({"id":"a","text":"","type":"text"})"), "\"text\" is empty"},
      {form_of(R"({"id":"a","text":"A","type":"choice"})"), "\"choices\" must be a list"},
      {form_of(R"({"id":"a","text":"A","type":"text","choices":["x"]})"), "only in a question of type choice"},
      {form_of(R"({"id":"a","text":"A","type":"choice","choices":["x","x"]})"), "the choice \"x\" is given twice"},
      {form_of(q + R"(,"required_when":{"question":"bb","equals":"yes"}},{"id":"b","text":"B","type":"yes_no"})"),
       "required_when names \"bb\", which this section does not ask (did you mean \"b\"?)"},
      {form_of(q + R"(,"required_when":{"question":"b","equals":"maybe"}},{"id":"b","text":"B","type":"yes_no"})"),
       "cannot be answered with"},
      {form_of(q + R"(,"required_when":{"question":"b"}},{"id":"b","text":"B","type":"yes_no"})"), "required_when: \"equals\" is missing"},
      {form_of(q + R"(,"key":"Controls.Manual"})"), "no dotted lower-case name"},
      {form_of(q + R"(,"key":"controls"})"), "no dotted lower-case name"},
      {form_of(q + R"(,"key":"a.b"},{"id":"b","text":"B","type":"text","key":"a.b"})"),
       "asks again for \"a.b\", which question a asks for"},
      {R"({"name":"x","title":"X","version":1,"effective_from":"2024-02-30","mark":"A","source":"us","sections":[]})", "must be a day"},
      {R"({"name":"x","title":"X","version":1,"effective_from":"2024-02-01","mark":"A","source":"us","sections":[]})",
       "\"sections\" must be a list"},
      {R"({"name":"x","title":"X","effective_from":"2024-02-01","mark":"A","source":"us","sections":[7]})", "\"version\" must be"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK_THAT(problems_of(row.text), Catch::Contains(row.problem));
  }
  CHECK(problems_of(form_of(q + "}")).empty());
}

TEST_CASE("all slips of a form are told at once") {
  const std::string problems = problems_of(form_of(R"({"id":"a","txt":"A","type":"nope"},{"id":"a","text":"B","type":"text","key":"X"})"));
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 4);
}

TEST_CASE("data keys are dotted lower-case names") {
  for (const char* key : {"a.b", "forced_labor.code_of_conduct.url", "x1.y2"}) CHECK(is_data_key(key));
  for (const char* key : {"", "a", "a.", ".a", "a..b", "A.b", "a.b c", "1a.b"}) CHECK_FALSE(is_data_key(key));
}

TEST_CASE("answers are checked by type") {
  const std::string long_name(11, 'n');
  const struct {
    const char* question;
    json::value value;
    const char* problem;  // empty: the answer fits
  } rows[] = {
      {"name", "Ann", ""},
      {"name", "Jürgen Öß", ""},
      {"name", "an\nn", "one line"},
      {"name", json::value(std::string("a\0b", 3)), "control character"},
      {"name", "\xFF\xFE", "no readable text"},
      {"name", json::value(long_name), "at most 10 characters; there are 11"},
      {"name", 7, "takes a text"},
      {"name", json::array{"Ann"}, "takes a text"},
      {"name", json::object{{"a", 1}}, "takes a text"},
      {"story", "one\n\ttwo", ""},
      {"story", "bell \x07", "control character"},
      {"any", true, ""},
      {"any", "no", ""},
      {"any", "maybe", "takes yes or no"},
      {"any", "Yes", "takes yes or no"},
      {"any", 1, "takes yes or no"},
      {"count", 12, ""},
      {"count", -3, ""},
      {"count", 12.5, ""},
      {"count", "1,250.50", ""},
      {"count", "12,50", "takes a number"},
      {"count", ",250", "takes a number"},
      {"count", "1.", "takes a number"},
      {"count", "1e5", "takes a number"},
      {"count", "twelve", "takes a number"},
      {"count", "99999999999999999999", "takes a number"},
      {"count", 1e300, "takes a number"},
      {"count", true, "takes a number"},
      {"day", "2026-01-14", ""},
      {"day", "1/14/2026", ""},
      {"day", "2026-02-30", "takes a day"},
      {"day", 20260114, "takes a text"},
      {"one", "red", ""},
      {"one", "Red", "takes \"red\" or \"blue\""},
      {"some", json::array({"red", "green"}), ""},
      {"some", "red", ""},
      {"some", json::array({"red", "red"}), "names \"red\" twice"},
      {"some", json::array({"pink"}), "\"red\", \"blue\" or \"green\""},
      {"some", json::array{json::value(1)}, "list of texts"},
      {"ports", json::array({"2704", "4601"}), ""},
      {"ports", "2704\n4601", ""},
      {"ports", 2704, "list of texts"},
      {"ports", json::array({"a\tb"}), "control characters"},
      {"papers", "manual.pdf: the manual", ""},
      {"site", "https://example.com/code", ""},
      {"site", "example.com", "https://"},
      {"site", "javascript:alert(1)", "https://"},
      {"site", "https://a b.com", "https://"},
      {"mail", "ann@example.com", ""},
      {"mail", "ann@example", "e-mail address"},
      {"mail", "ann@@example.com", "e-mail address"},
      {"mail", "<ann@example.com>", "e-mail address"},
  };
  for (const auto& row : rows) {
    INFO(row.question << ": " << json::serialize(row.value));
    const auto problems = check_answers(sample(), {{row.question, row.value}}, false);
    if (*row.problem == '\0') {
      CHECK(problems.empty());
    } else {
      REQUIRE(problems.size() == 1);
      CHECK(problems[0].question == row.question);
      CHECK_THAT(problems[0].sentence, Catch::Contains(row.problem));
    }
  }
}

TEST_CASE("a draft may be unfinished; a filing may not") {
  CHECK(check_answers(sample(), {}, false).empty());
  const auto problems = check_answers(sample(), {}, true);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] == AnswerProblem{"name", "\"Name\" needs an answer."});
  CHECK(check_answers(sample(), {{"name", "  "}}, true).size() == 1);
  CHECK(check_answers(sample(), {{"name", nullptr}}, true).size() == 1);
  CHECK(check_answers(sample(), {{"name", "Ann"}}, true).empty());
}

TEST_CASE("a conditional question is required where its condition holds") {
  CHECK(check_answers(sample(), {{"name", "Ann"}, {"any", true}}, true).at(0).question == "why");
  CHECK(check_answers(sample(), {{"name", "Ann"}, {"any", "yes"}}, true).at(0).question == "why");
  CHECK(check_answers(sample(), {{"name", "Ann"}, {"any", "yes"}, {"why", "so"}}, true).empty());
  CHECK(check_answers(sample(), {{"name", "Ann"}, {"any", false}}, true).empty());
  const Section by_choice = section_of(
      R"({"id":"kinds","text":"K","type":"choices","choices":["a","other"]},{"id":"which","text":"W","type":"text","required_when":{"question":"kinds","equals":"other"}})");
  CHECK(check_answers(by_choice, {{"kinds", json::array({"a", "other"})}}, true).at(0).question == "which");
  CHECK(check_answers(by_choice, {{"kinds", json::array({"a"})}}, true).empty());
}

TEST_CASE("an unknown question is told with the nearest known one") {
  const auto problems = check_answers(sample(), {{"nmae", "Ann"}}, false);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].question == "nmae");
  CHECK_THAT(problems[0].sentence, Catch::Contains("did you mean \"name\"?"));
}

TEST_CASE("answers become facts in one plain shape") {
  const json::object answers{{"name", " Ann "},          {"any", "yes"},       {"why", "not a fact"},
                             {"count", "1,250.50"},      {"day", "1/14/2026"}, {"some", "red"},
                             {"ports", "2704\n\n4601 "}, {"story", ""},        {"one", nullptr}};
  REQUIRE(check_answers(sample(), answers, true).empty());
  const std::vector<std::pair<std::string, json::value>> expected{{"a.name", "Ann"},
                                                                  {"a.any", true},
                                                                  {"a.count", "1250.5"},
                                                                  {"a.day", "2026-01-14"},
                                                                  {"a.some", json::array{"red"}},
                                                                  {"a.ports", json::array{"2704", "4601"}}};
  CHECK(keyed_answers(sample(), answers) == expected);
}

TEST_CASE("equal numbers become equal facts") {
  const Question& count = *sample().question("count");
  for (const json::value& value :
       {json::value("1,250"), json::value(1250), json::value(1250.0), json::value("1250.00"), json::value(" 01250 ")})
    CHECK(plain_answer(count, value) == json::value(1250));
  CHECK(plain_answer(count, "-0.0") == json::value(0));
  CHECK(plain_answer(count, 0.1) == json::value("0.1"));
}

TEST_CASE("facts pre-fill the questions that ask for them, where they fit") {
  const json::object known{{"a.name", "Ann"}, {"a.any", true}, {"a.day", "no day"}, {"a.elsewhere", "x"}, {"a.ports", json::array{"2704"}}};
  const json::object expected{{"name", "Ann"}, {"any", true}, {"ports", json::array{"2704"}}};
  CHECK(answers_from_facts(sample(), known) == expected);
}

TEST_CASE("facts given back and taken again are the same") {
  rc::prop("whole numbers and texts survive", [](std::int32_t number) {
    const json::object answers{{"count", number}, {"story", std::to_string(number) + " pieces"}};
    json::object known;
    for (auto& [key, value] : keyed_answers(sample(), answers)) known[key] = value;
    RC_ASSERT(answers_from_facts(sample(), known) == answers);
  });
  rc::prop("no bytes at all upset the check", [](const std::string& bytes) {
    for (const Question& question : sample().questions) {
      const json::value value(bytes);
      if (!answer_problem(question, value)) plain_answer(question, value);
    }
  });
}

TEST_CASE("a draft is carried over to a newer form by data key") {
  const Form from = parse_form(form_of(one_of_each), "x.v1.json");
  const Form to = parse_form(form_of(R"(
      {"id":"full_name","text":"Name","type":"text","key":"a.name"},
      {"id":"why","text":"Why?","type":"text"},
      {"id":"one","text":"One","type":"choice","choices":["green"],"key":"a.one"},
      {"id":"count","text":"Count","type":"number","key":"a.count"},
      {"id":"color","text":"Color","type":"text","key":"a.color"})"),
                             "x.v1.json");
  const json::object answers{{"s", json::object{{"name", "Ann"}, {"why", "so"}, {"one", "red"}, {"day", "2026-01-14"}}}};
  const CarryOver result = carry_over(from, to, answers);
  CHECK(result.answers == json::object{{"s", json::object{{"full_name", "Ann"}, {"why", "so"}}}});
  CHECK(result.fresh == std::vector<std::string>{"color"});
  CHECK(result.unfit == std::vector<std::string>{"one"});
  CHECK(result.gone == std::vector<std::string>{"story", "any", "day", "some", "ports", "papers", "site", "mail"});
}

TEST_CASE("carrying over to the same form loses nothing") {
  const Form form = parse_form(form_of(one_of_each), "x.v1.json");
  const json::object answers{{"s", json::object{{"name", "Ann"}, {"any", true}, {"ports", json::array{"2704"}}}}};
  const CarryOver result = carry_over(form, form, answers);
  CHECK(result.answers == answers);
  CHECK((result.fresh.empty() && result.unfit.empty() && result.gone.empty()));
  CHECK(carry_over(form, form, {{"s", "no object"}, {"t", json::object{}}}).answers.empty());
}

TEST_CASE("a draft takes the version effective on its day and stays with it") {
  const auto version = [](int number, const char* from) {
    Form form = parse_form(form_of(one_of_each), "x.v1.json");
    form.version = number;
    form.effective_from = parse_date(from).value();
    return form;
  };
  const auto on = [](const char* day) { return parse_date(day).value(); };
  const Forms forms({version(2, "2026-01-01"), version(1, "2024-01-01")});
  CHECK(forms.latest("x", on("2025-12-31")).version == 1);
  CHECK(forms.latest("x", on("2026-01-01")).version == 2);
  CHECK(forms.get("x", 1).effective_from == on("2024-01-01"));
  CHECK(forms.all().front().version == 1);
  CHECK_THROWS_WITH(forms.latest("x", on("2023-12-31")), "no version of the form \"x\" is effective on 2023-12-31");
  CHECK_THROWS_AS(forms.latest("y", on("2026-01-01")), FormError);
  CHECK_THROWS_WITH(forms.get("x", 3), "there is no version 3 of the form \"x\"");
  CHECK_THROWS_WITH(Forms({version(1, "2024-01-01"), version(1, "2025-01-01")}), Catch::Contains("given twice"));
  CHECK_THROWS_WITH(Forms({version(1, "2026-01-01"), version(2, "2026-01-01")}), Catch::Contains("must be effective after version 1"));
}
