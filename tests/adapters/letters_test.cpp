#include "adapters/documents/letters.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include "tests/adapters/letter_samples.hpp"

namespace tradecase {
namespace {

using namespace testing;

std::string body_of(const std::string& name) {
  const std::string file = read(home / "templates/letters" / (name + ".md"));
  std::string body = file.substr(file.find("---\n") + 4);
  static const std::regex part{R"(\{\{> ?([a-z_]+)\}\}\n?)"};
  for (std::smatch found; std::regex_search(body, found, part);)
    body = found.prefix().str() + read(home / "templates/letters/parts" / (found[1].str() + ".md")) + found.suffix().str();
  return body;
}

// The template's own words, tags standing for one word each, in sentences.
std::vector<std::string> sentences(const std::string& body) {
  std::string text = std::regex_replace(body, std::regex{R"(\{\{[#^/][^}]*\}\}|\*\*|^- |^[0-9]+\. )", std::regex::multiline}, " ");
  text = std::regex_replace(text, std::regex{R"(\{\{[^}]*\}\})"}, "FIELD");
  std::vector<std::string> all;
  static const std::regex end{R"([.?!:;]\s+|\n)"};
  for (std::sregex_token_iterator one{text.begin(), text.end(), end, -1}; one != std::sregex_token_iterator{}; ++one) all.push_back(*one);
  return all;
}

std::size_t count_words(const std::string& sentence) {
  std::istringstream in{sentence};
  return static_cast<std::size_t>(std::distance(std::istream_iterator<std::string>{in}, std::istream_iterator<std::string>{}));
}

}  // namespace

TEST_CASE("every letter has at least two samples, and every sample a letter") {
  for (const std::string& name : letters().names()) {
    INFO(name);
    CHECK(samples_of(name).size() >= 2);
  }
  CHECK(samples().at("letters").as_object().size() == letters().names().size());
}

TEST_CASE("every letter renders with every sample: HTML well formed, text narrow, mail subject led by the case") {
  for_every_sample([](const std::string& name, const json::object& fields) {
    const RenderedLetter letter = letters().render(name, fields);
    const std::string case_id = fields.at("case_id").as_string().c_str();
    CHECK(misnested(letter.html) == "");
    CHECK(misnested(letter.mail_html) == "");
    CHECK(letter.mail_subject.starts_with("[" + case_id + "] "));
    CHECK((letter.mail_text.find("\nDue: ") == std::string::npos) == letters().info(name).about.empty());
    CHECK((letter.mail_html.find("Due: ") == std::string::npos) == letters().info(name).about.empty());
    CHECK(letter.text.find("..") == std::string::npos);
    CHECK(letter.mail_subject.find_first_of("\r\n") == std::string::npos);
    for (const std::string* text : {&letter.text, &letter.mail_text}) {
      CHECK(text->ends_with('\n'));
      CHECK(text->find("\n\n\n") == std::string::npos);
      std::istringstream lines{*text};
      for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK((columns(line) <= 78 || line.find(' ') == std::string::npos || line.find("://") != std::string::npos));
        CHECK_FALSE(line.ends_with(' '));
      }
    }
  });
}

TEST_CASE("what a field holds is only ever words: no markup in HTML, no Markdown read, nothing lost in text") {
  for (const std::string& name : letters().names()) {
    INFO(name);
    const RenderedLetter letter = letters().render(name, sample(name, 1));
    for (const std::string* html : {&letter.html, &letter.mail_html}) {
      CHECK(html->find("<Imports>") == std::string::npos);
      CHECK(html->find("<script") == std::string::npos);
      CHECK(html->find("href=\"javascript") == std::string::npos);
      CHECK(html->find("<code>") == std::string::npos);
      CHECK(html->find("raw HTML omitted") == std::string::npos);
    }
    CHECK(letter.html.find("*Übersee* &lt;Imports&gt; | &quot;Quoted&quot;") != std::string::npos);
    CHECK(letter.text.find("*Übersee* <Imports> | \"Quoted\" 'n' `code`") != std::string::npos);
    CHECK(letter.text.find("{{company}}") != std::string::npos);  // in a name, not a tag: never merged again
    CHECK_FALSE(std::regex_search(letter.text, std::regex{R"(\\[*<`_#.])"}));
    CHECK(letter.html.find('\x01') == std::string::npos);
  }
}

TEST_CASE("a letter's text has every word of its HTML") {
  const auto squeezed = [](std::string text) {
    text = std::regex_replace(text, std::regex{"</?strong>"}, "");
    text = std::regex_replace(text, std::regex{"<[^>]*>"}, " ");
    for (const auto& [entity, plain] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
      text = std::regex_replace(text, std::regex{entity}, plain);
    std::istringstream in{text};
    return std::set<std::string>{std::istream_iterator<std::string>{in}, {}};
  };
  for (const std::string& name : letters().names()) {
    INFO(name);
    const RenderedLetter letter = letters().render(name, sample(name, 0));
    const auto begin = letter.html.find("<h1>"), end = letter.html.find("<footer>");
    std::istringstream in{letter.text};
    const std::set<std::string> text{std::istream_iterator<std::string>{in}, {}};
    for (const std::string& word : squeezed(letter.html.substr(begin, end - begin))) {
      if (text.contains(word) || text.contains(word + ":")) continue;
      FAIL_CHECK("the text lacks \"" << word << "\"");
    }
  }
}

TEST_CASE("a field that is missing, unknown or of another shape fails the letter and is named") {
  using Catch::Contains;
  for_every_sample([](const std::string& name, const json::object& fields) {
    for (const auto& [key, value] : fields) {
      json::object without = fields;
      without.erase(key);
      CHECK_THROWS_WITH(letters().render(name, without), Contains(name) && Contains(std::string{key}) && Contains("missing"));
      json::object misshapen = fields;
      misshapen[key] = nullptr;
      CHECK_THROWS_WITH(letters().render(name, misshapen), Contains(std::string{key}) && Contains("must be"));
    }
    json::object more = fields;
    more["zzz"] = "?";
    CHECK_THROWS_WITH(letters().render(name, more), Contains(name) && Contains("no field \"zzz\""));
  });
}

TEST_CASE("shapes are held to: what a letter was not declared with is refused") {
  struct Row {
    const char* letter;
    const char* field;
    json::value value;
  };
  const std::vector<Row> rows{{"anl_reminder", "cycle", ""},
                              {"anl_reminder", "cycle", " \n"},
                              {"anl_reminder", "cycle", true},
                              {"anl_reminder", "days_left", -1},
                              {"anl_reminder", "days_left", "soon"},
                              {"anl_reminder", "due_when", "soon"},
                              {"anl_reminder", "body", "<b>"},
                              {"anl_rejection", "findings", "one"},
                              {"anl_rejection", "findings", json::array{json::value(json::array{})}},
                              {"anl_return", "questions", json::array{"one"}},
                              {"anl_return", "questions", json::array{json::object{{"section", "A"}, {"title", "T"}}}},
                              {"application_receipt", "due_on", "Friday"}};
  for (const Row& row : rows) {
    INFO(row.letter << " " << row.field << " " << json::serialize(row.value));
    json::object fields = sample(row.letter, 0);
    fields[row.field] = row.value;
    CHECK_THROWS_AS(letters().render(row.letter, fields), TemplateError);
  }
  CHECK_THROWS_WITH(letters().render("anl_remainder", {}), Catch::Contains("anl_reminder"));
}

TEST_CASE("when a letter speaks of its day it counts as people do") {
  struct Row {
    int left, late;
    const char* says;
  };
  for (const Row& row : std::vector<Row>{{0, 0, "is due today"}, {1, 0, "is due tomorrow"}, {14, 0, "is due in 14 days"}}) {
    json::object fields = sample("anl_reminder", 0);
    fields["days_left"] = row.left, fields["days_late"] = row.late;
    CHECK(letters().render("anl_reminder", fields).title.ends_with(row.says));
  }
  json::object fields = sample("anl_overdue", 0);
  fields["days_left"] = 0, fields["days_late"] = 1;
  CHECK(letters().render("anl_overdue", fields).text.find("It is 1 day late.") != std::string::npos);
  CHECK(letters().render("anl_overdue", fields).mail_text.find("(1 day ago)") != std::string::npos);
}

TEST_CASE("letters are in plain words: sentences of at most 20 words, nothing begged for, nothing called names") {
  for (const std::string& name : letters().names()) {
    const std::string body = body_of(name);
    for (const std::string& sentence : sentences(body)) {
      INFO(name << ": " << sentence);
      CHECK(count_words(sentence) <= 20);
    }
    INFO(name);
    CHECK_FALSE(std::regex_search(body, std::regex{R"(\b(please|invalid|kindly|hereby|aforementioned|programme)\b)", std::regex::icase}));
  }
}

TEST_CASE("a letter says what to do, and one about a deadline also by when and why") {
  for (const std::string& name : letters().names()) {
    if (name == "broadcast" || name == "mou") continue;
    INFO(name);
    const std::string body = body_of(name);
    CHECK(std::regex_search(body, std::regex{"## (What to do|What you can do|Your right to appeal)"}));
    if (letters().info(name).about.empty()) continue;
    CHECK(body.find("{{due_on}}") != std::string::npos);
    CHECK(body.find("{{#due_why}}") != std::string::npos);
  }
}

TEST_CASE("mail carries no case content: its subject and line name nothing but a day") {
  static const std::set<std::string> allowed{"due_on", "meeting_on", "subject_line"};
  static const std::regex tag{R"(\{\{([^}]*)\}\})"};
  for (const std::string& name : letters().names()) {
    INFO(name);
    const LetterSource source = read_letter(home / "templates/letters" / (name + ".md"));
    const std::string mail = source.mail_subject + " " + source.mail_line;
    for (std::sregex_iterator found{mail.begin(), mail.end(), tag}; found != std::sregex_iterator{}; ++found)
      CHECK(allowed.contains((*found)[1]));
    CHECK(source.mail_line.ends_with('.'));
    CHECK(count_words(source.mail_line) <= 20);
  }
}

TEST_CASE("the list of letters in the README is that of the files") {
  std::string list;
  for (const std::string& name : letters().names()) {
    const LetterInfo& info = letters().info(name);
    std::string fields;
    for (const Field& field : info.fields) fields += (fields.empty() ? "" : ", ") + to_text(field);
    const std::string row = fmt::format("| {} | {} | {} | {} | {}{}|\n", name, info.to, info.about.empty() ? "none" : info.about,
                                        info.legal ? "yes" : "no", fields, fields.empty() ? "" : " ");
    INFO("templates/letters/README.md lacks this line: " << row);
    CHECK(read(home / "templates/letters/README.md").find(row) != std::string::npos);
    list += row;
  }
}

TEST_CASE("the letter's style sheet is small and nothing is fetched from elsewhere") {
  const std::string html = letters().render("anl_return", sample("anl_return", 0)).html;
  const auto begin = html.find("<style>"), end = html.find("</style>");
  CHECK(end - begin <= 700);
  CHECK_FALSE(std::regex_search(html, std::regex{R"(\bsrc=|<link|url\(|@import|<script)"}));
  CHECK(html.find("<html lang=\"en\">") != std::string::npos);
}

TEST_CASE("several threads render with one set of letters and get the same") {
  const json::object fields = sample("anl_return", 1);  // Catch's macros are not for several threads
  const std::string expected = letters().render("anl_return", fields).html;
  std::vector<std::thread> threads;
  std::atomic<int> different = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round)
        if (letters().render("anl_return", fields).html != expected) ++different;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(different == 0);
}

TEST_CASE("a template that does not fit is refused when it is read, by file and line") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("tradecase-letters-{}", ::getpid());
  fs::remove_all(folder);
  fs::create_directories(folder);
  fs::copy(home / "templates", folder, fs::copy_options::recursive);
  const fs::path file = folder / "letters/trial.md";
  const auto loading = [&](const std::string& header, const std::string& body) {
    std::ofstream{file} << "title: T\nto: company\nmail_subject: S\nmail_line: L.\nlegal: no\n" << header << "---\n" << body;
    Letters::load(folder);
  };
  struct Row {
    const char* header;
    const char* body;
    const char* says;
  };
  const std::vector<Row> rows{
      {"about: none\nfields: a\n", "x\n{{b}} {{a}}\n", "trial.md:10: there is no field \"b\""},
      {"about: none\nfields: a\n", "x {{{a}}}\n", "trial.md:9: {{{a}}} would put a value in unescaped"},
      {"about: none\nfields: a\n", "x {{&a}}\n", "unescaped"},
      {"about: none\nfields: a, b\n", "x {{a}}\n", "field \"b\" is declared and not used"},
      {"about: none\nfields: a[]\n", "x\n\n{{#a}}\n- {{.}}\n", "trial.md:11: Unclosed section"},
      {"about: none\nfields: a[]\n", "x {{a}}\n", "\"a\" is a list"},
      {"about: none\nfields: a[b]\n", "{{#a}}{{.}}{{/a}}\n", "inside a list of texts"},
      {"about: none\nfields: a[b]\n", "{{#a}}{{c}}{{/a}}\n", "no field \"c\""},
      {"about: none\nfields: a\n", "{{#a}}x{{/a}}\n", "write \"a?\""},
      {"about: none\nfields: a\n", "{{#a?}}x{{/a?}}\n", "declare it as \"a?\""},
      {"about: none\nfields: company\n", "{{company}}\n", "there is a field \"company\" already"},
      {"about: none\nfields: a-b\n", "x\n", "trial.md:7: \"a-b\" does not declare a field"},
      {"about: none\nfields: a\n", "x {{a}} {{due_on}}\n", "no field \"due_on\""},
      {"about: none\nfields: a\n", "x {{a}}\n\n<b>bold</b>\n", "line 11: a letter has no HTML"},
      {"about: none\nfields: a\n", "x {{a}}\n![i](http://x)\n", "no images"},
      {"about: none\nfields: a\n", "{{> nothing}} {{a}}\n", "there is no part \"nothing\""},
      {"about: none\nfields: a\n", "{{=<% %>=}} <%a%>\n", "delimiters"},
      {"about: none\nfield: a\n", "x {{a}}\n", "trial.md:7: there is no header line \"field\" (did you mean \"fields\"?)"},
      {"about: none\n", "x\n", "the header lacks \"fields\""},
      {"about: none\nabout: due\nfields:\n", "x\n", "given twice"},
  };
  for (const Row& row : rows) {
    INFO(row.header << row.body);
    CHECK_THROWS_WITH(loading(row.header, row.body), Catch::Contains(row.says));
  }
  CHECK_NOTHROW(loading(
      "about: due\nfields: a?, b[], c[d,e]\n",
      "{{due_on}} {{#a?}}{{a}}{{/a?}}{{^b?}}none{{/b?}}\n{{#b}}\n- {{.}} {{company}}\n{{/b}}\n{{#c}}{{d}}{{e}}{{/c}}\n{{! said }}\n"));
  fs::remove_all(folder);
  CHECK_THROWS_WITH(Letters::load(folder), Catch::Contains("no letters"));
}

}  // namespace tradecase
