// The Spanish catalogue: complete for the company's pages, and nothing in it that no page says any more.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "adapters/http/texts.hpp"
#include "engine/json.hpp"
#include "workflows/rules.hpp"

using namespace tradecase;

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const fs::path home = TRADECASE_HOME;

json::object catalogue() { return json::parse(content(home / "templates/texts/es.json")).as_object(); }

// Pages that a company's people see, with the parts that those take in.
constexpr const char* pages[] = {"account",
                                 "webhooks",
                                 "messages",
                                 "password",
                                 "pager",
                                 "search",
                                 "signed_out",
                                 "answers",
                                 "application",
                                 "application_part",
                                 "benefit_cases",
                                 "benefit_entries",
                                 "benefits",
                                 "calendar",
                                 "case",
                                 "change_list",
                                 "command",
                                 "company",
                                 "conflict",
                                 "control",
                                 "dates_table",
                                 "deliver",
                                 "eligibility",
                                 "error",
                                 "facts",
                                 "history",
                                 "home",
                                 "layout",
                                 "letter",
                                 "letter_changes",
                                 "letter_no_change",
                                 "letter_receipt",
                                 "letter_section",
                                 "letter_sign",
                                 "letter_tasks",
                                 "more_time",
                                 "not_now",
                                 "preparation",
                                 "preparation_paper",
                                 "preparation_parts",
                                 "problem_summary",
                                 "question",
                                 "questions",
                                 "resume",
                                 "sign_in",
                                 "signature",
                                 "timeline",
                                 "unchanged_list",
                                 "why"};

constexpr const char* sources[] = {
    "account",           "account_acts",      "webhook_pages",    "../webhook_desk", "delivery",         "meanwhile",     "cases",
    "case_views",        "messages",          "password_pages",   "search",          "answer_questions", "answer_sheets", "answers",
    "asked_questions",   "application",       "filing",           "filing_sign",     "filing_views",     "importer",      "importer_views",
    "importer_benefits", "importer_calendar", "importer_company", "question_views",  "sign_in",          "case_parts",    "preparation",
    "case_subject",      "command_page"};

// Neighbouring literals are one text, as the compiler reads them.
std::string unbroken(const std::string& source) {
  static const std::regex gap("\"\\s*\\n\\s*\""), quote("\\\\\"");
  return std::regex_replace(std::regex_replace(source, gap, ""), quote, "\x01");
}

std::set<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
    std::string found = (*at)[1].str();
    for (char& c : found)
      if (c == '\x01') c = '"';
    all.insert(std::move(found));
  }
  return all;
}

std::set<std::string> needed() {
  static const std::regex in_page("\\{\\{#_\\}\\}([^]*?)\\{\\{/_\\}\\}"), in_source("\\bsay\\(\\s*\"([^\"]*)\"");
  std::set<std::string> all;
  for (const char* page : pages) all.merge(matches(content(home / "templates/portal" / (std::string(page) + ".html")), in_page));
  for (const char* source : sources)
    all.merge(matches(unbroken(content(home / "adapters/http/portal" / (std::string(source) + ".cpp"))), in_source));
  return all;
}

// Everything in which a text may stand: pages, words, forms, rules and sources.
std::string said_anywhere() {
  std::string all;
  for (const char* folder : {"templates/portal", "adapters", "workflows", "engine"})
    for (const auto& entry : fs::recursive_directory_iterator(home / folder)) {
      const std::string kind = entry.path().extension().string();
      if (kind == ".html" || kind == ".json" || kind == ".cpp" || kind == ".toml") all += unbroken(content(entry.path()));
    }
  for (char& c : all)
    if (c == '\x01') c = '"';
  return all;
}

std::multiset<std::string> placeholders(const std::string& text) {
  static const std::regex pattern("(\\{[^}]*\\}+)");
  std::multiset<std::string> all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) all.insert((*at)[1].str());
  return all;
}

}  // namespace

TEST_CASE("every text of the company's pages has its Spanish wording") {
  const json::object spanish = catalogue();
  for (const std::string& english : needed()) {
    INFO(english);
    CHECK(spanish.contains(english));
  }
}

TEST_CASE("what the rules have a company prepare has its Spanish wording") {
  const json::object spanish = catalogue();
  const Rulebook book = load_rulebook(home / "workflows/rules.toml");
  for (const char* rule : {"continuation.pack_checklist", "continuation.pack_evidence"})
    for (const std::string& english : book.rules.texts(rule)) {
      INFO(english);
      CHECK(spanish.contains(english));
    }
}

TEST_CASE("no Spanish wording is left over, and each holds what its English one holds") {
  const std::string said = said_anywhere();
  for (const auto& [english, wording] : catalogue()) {
    INFO(english);
    CHECK(said.find(std::string_view(english)) != std::string::npos);
    CHECK(placeholders(std::string(english)) == placeholders(std::string(wording.as_string())));
  }
}

TEST_CASE("a wording takes the word that suits its number, in each language") {
  using http::Language;
  const http::Texts texts = http::Texts::load(home / "templates/texts");
  const std::string answered = "{} of {} (item|items) answered", files = "{} (file|files)",
                    moved = "{} (file|files), moved by {} (person|people)";
  CHECK(texts.say(Language::english, files, 1) == "1 file");
  CHECK(texts.say(Language::english, files, 0) == "0 files");
  CHECK(texts.say(Language::english, files, "1,001") == "1,001 files");
  CHECK(texts.say(Language::english, answered, 1, 2) == "1 of 2 items answered");
  CHECK(texts.say(Language::english, answered, 0, 1) == "0 of 1 item answered");
  CHECK(texts.say(Language::english, moved, 2, 1) == "2 files, moved by 1 person");
  CHECK(texts.say(Language::english, files, "(a|b)") == "(a|b) files");  // what is filled in stays as it is
  CHECK(texts.say(Language::spanish, files, 1) == "1 archivo");
  CHECK(texts.say(Language::spanish, answered, 1, 2) == "1 de 2 puntos respondidos");
}
