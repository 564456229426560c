#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "workflows/forms.hpp"

using namespace tradecase;
namespace fs = std::filesystem;

namespace {

const fs::path shipped = fs::path(TRADECASE_HOME) / "workflows";

const Forms& shipped_forms() {
  static const Forms forms = load_forms(shipped);
  return forms;
}

std::set<std::string> keys_of(const Form& form) {
  std::set<std::string> keys;
  for (const Section& section : form.sections)
    for (const Question& question : section.questions)
      if (!question.key.empty()) keys.insert(question.key);
  return keys;
}

// A workflows folder for one test, gone with it.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("forms-" + std::to_string(getpid()));
  Folder() {
    fs::create_directories(path / "facts");
    fs::create_directories(path / "one" / "forms");
    write("facts/keys.json", R"({"keys":[{"key":"a.name","meaning":"name"},{"key":"a.day","meaning":"day"}]})");
  }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& file, const std::string& text) const { std::ofstream(path / file) << text; }
  std::string problems() const {
    try {
      load_forms(path);
      return {};
    } catch (const FormError& error) {
      return error.what();
    }
  }
};

std::string form_text(const std::string& name, int version, const std::string& key, const std::string& type, const std::string& from) {
  return R"({"name":")" + name + R"(","title":"T","version":)" + std::to_string(version) + R"(,"effective_from":")" + from +
         R"(","mark":"A","source":"us","sections":[{"id":"s","title":"S","questions":[{"id":"q","text":"Q","type":")" + type +
         R"(","key":")" + key + R"("}]}]})";
}

}  // namespace

TEST_CASE("all shipped forms load") {
  std::set<std::string> names;
  for (const Form& form : shipped_forms().all()) names.insert(form.name);
  CHECK(names == std::set<std::string>{"anl", "audit_questionnaire", "continuation_pack", "eligibility", "exit_survey", "improvement_plan",
                                       "mou", "questionnaire", "rasa_procedural", "rasa_transactional", "satisfaction"});
}

TEST_CASE("every data key is asked by some form") {
  std::set<std::string> asked;
  for (const Form& form : shipped_forms().all()) asked.merge(keys_of(form));
  for (const DataKey& key : load_data_keys(shipped / "facts" / "keys.json")) {
    INFO(key.key << " stands in facts/keys.json and no form asks for it: take it out");
    CHECK(asked.contains(key.key));
  }
}

TEST_CASE("the eligibility form asks fourteen questions of yes or no") {
  const Form& form = shipped_forms().get("eligibility", 1);
  REQUIRE(form.sections.size() == 1);
  CHECK(form.sections[0].questions.size() == 14);
  for (const Question& question : form.sections[0].questions) {
    CHECK(question.type == Question::Type::yes_no);
    CHECK(question.required);
  }
}

TEST_CASE("question 13 of the questionnaire is on forced labor, under System Controls") {
  const Section* section = shipped_forms().get("questionnaire", 1).section("system_controls");
  REQUIRE(section != nullptr);
  CHECK(section->title == "System Controls");
  const Question* question = section->question("forced_labor_controls");
  REQUIRE(question != nullptr);
  CHECK(question->text.starts_with("13. "));
  CHECK(question->mark == Mark::confirmed);
  CHECK(question->key == "forced_labor.controls");
}

TEST_CASE("the annual notification letter has sections A to K, each but the certification open to \"no change\"") {
  std::string ids;
  for (const Section& section : shipped_forms().get("anl", 1).sections) {
    ids += section.id;
    INFO(section.id);
    CHECK(section.no_change_allowed == (section.id != "A"));
  }
  CHECK(ids == "ABCDEFGHIJK");
}

TEST_CASE("anonymous surveys and answers about one entry or finding are no facts about the company") {
  for (const char* name : {"exit_survey", "satisfaction", "rasa_transactional"}) CHECK(keys_of(shipped_forms().get(name, 1)).empty());
  for (const Question& question : shipped_forms().get("improvement_plan", 1).section("action")->questions) CHECK(question.key.empty());
}

TEST_CASE("the certification itself is given anew: it is no fact to be filled in from last year") {
  const Section& section = *shipped_forms().get("anl", 1).section("A");
  for (const char* id : {"certified", "risk_assessment_done", "self_testing_done"}) CHECK(section.question(id)->key.empty());
}

TEST_CASE("most of what surveys, audits and reviews may ask is on file with a member that applied and filed") {
  std::set<std::string> on_file = keys_of(shipped_forms().get("anl", 1));
  on_file.merge(keys_of(shipped_forms().get("questionnaire", 1)));
  for (const char* name : {"rasa_procedural", "audit_questionnaire", "continuation_pack"}) {
    INFO(name);
    std::size_t known = 0;
    const auto bank = keys_of(shipped_forms().get(name, 1));
    for (const auto& key : bank) known += on_file.contains(key) ? 1 : 0;
    CHECK(known * 2 > bank.size());
  }
}

TEST_CASE("questions are plain: no \"please\", no \"invalid\", and nobody's date of birth") {
  for (const Form& form : shipped_forms().all())
    for (const Section& section : form.sections)
      for (const Question& question : section.questions)
        for (const std::string& text : {question.text, question.help, section.intro})
          for (const char* word : {"please", "Please", "invalid", "date of birth"}) CHECK_THAT(text, !Catch::Contains(word));
}

TEST_CASE("a good folder loads, with two versions of one form") {
  const Folder folder;
  folder.write("one/forms/x.v1.json", form_text("x", 1, "a.name", "text", "2024-01-01"));
  folder.write("one/forms/x.v2.json", form_text("x", 2, "a.name", "long_text", "2025-01-01"));
  CHECK(folder.problems().empty());
  CHECK(load_forms(folder.path).latest("x", parse_date("2025-06-01").value()).version == 2);
}

TEST_CASE("a slip in the folder is told") {
  const struct {
    std::string file, text, problem;
  } rows[] = {
      {"one/forms/x.v1.json", form_text("x", 1, "a.nmae", "text", "2024-01-01"),
       "x.v1.json, section s, question q: the data key \"a.nmae\" is not in facts/keys.json (did you mean \"a.name\"?)"},
      {"one/forms/y.v1.json", form_text("x", 1, "a.name", "text", "2024-01-01"),
       "y.v1.json: its content calls for the file name x.v1.json"},
      {"one/forms/x.v3.json", form_text("x", 2, "a.name", "text", "2024-01-01"), "calls for the file name x.v2.json"},
      {"one/forms/x.v1.json", "{", "x.v1.json, line 1: is not JSON"},
      {"one/forms/x.v1.json", form_text("x", 1, "a.name", "txt", "2024-01-01"), "there is no type \"txt\""},
      {"facts/keys.json", "{", "is not JSON"},
      {"facts/keys.json", "[]", "must be an object with \"keys\""},
      {"facts/keys.json", R"({"keys":[{"key":"a.name"}]})", "has a \"key\" and a \"meaning\""},
      {"facts/keys.json", R"({"keys":[{"key":"a.name","meaning":""}]})", "has a \"key\" and a \"meaning\""},
      {"facts/keys.json", R"({"keys":[{"key":"Name","meaning":"n"}]})", "no dotted lower-case name"},
      {"facts/keys.json", R"({"keys":[{"key":"a.b","meaning":"n"},{"key":"a.b","meaning":"m"}]})", "\"a.b\" is given twice"},
  };
  for (const auto& row : rows) {
    const Folder folder;
    folder.write(row.file, row.text);
    CHECK_THAT(folder.problems(), Catch::Contains(row.problem));
  }
}

TEST_CASE("one fact asked in two shapes is told") {
  const Folder folder;
  folder.write("one/forms/x.v1.json", form_text("x", 1, "a.day", "date", "2024-01-01"));
  folder.write("one/forms/y.v1.json", form_text("y", 1, "a.day", "text", "2024-01-01"));
  CHECK_THAT(folder.problems(), Catch::Contains("y.v1.json, section s, question q: asks for \"a.day\" as another type than x.v1.json"));
}

TEST_CASE("the slips of all forms are told at once") {
  const Folder folder;
  folder.write("one/forms/x.v1.json", form_text("x", 1, "a.nmae", "text", "2024-01-01"));
  folder.write("one/forms/y.v1.json", "{");
  CHECK_THAT(folder.problems(), Catch::Contains("x.v1.json") && Catch::Contains("y.v1.json"));
}

TEST_CASE("a folder without forms or keys is told by name") {
  CHECK_THROWS_WITH(load_forms("/nowhere"), "/nowhere/facts/keys.json: cannot be read");
}
