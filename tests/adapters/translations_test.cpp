// The Spanish translations of letters, below the English text that stays as it is.
#include "adapters/documents/translations.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>

#include "tests/adapters/letter_samples.hpp"

namespace tradecase {

using namespace testing;

TEST_CASE("every letter to a company has its Spanish translation, and no other letter has one") {
  for (const std::string& name : letters().names()) {
    INFO(name);
    CHECK(letters().is_translated(name) == (letters().info(name).to == "company"));
  }
}

TEST_CASE("with Spanish below it the English letter of record stays as it is, and the mail says both") {
  for_every_sample([](const std::string& name, json::object fields) {
    if (!letters().is_translated(name)) return;
    const RenderedLetter alone = letters().render(name, fields);
    fields["language"] = "es";
    const RenderedLetter both = letters().render(name, fields);
    const auto begins = [](const std::string& text, const std::string& with, const char* end) {
      return text.starts_with(with.substr(0, with.rfind(end)));
    };
    CHECK(begins(both.html, alone.html, "</body>"));
    CHECK(both.text.starts_with(alone.text));
    CHECK(begins(both.mail_html, alone.mail_html, "</body>"));
    CHECK(both.mail_text.starts_with(alone.mail_text));
    CHECK(both.title == alone.title);
    CHECK(both.mail_subject.starts_with(alone.mail_subject + " / "));
    CHECK(both.html.find("<section lang=\"es\">") != std::string::npos);
    CHECK(both.html.find("Vale la carta en inglés") != std::string::npos);
    CHECK(alone.html.find("lang=\"es\"") == std::string::npos);
    for (const std::string* html : {&both.html, &both.mail_html}) {
      CHECK(misnested(*html) == "");
      CHECK(html->find("<Imports>") == std::string::npos);
      CHECK(html->find("<script") == std::string::npos);
    }
    CHECK((both.mail_text.find("\nVence: ") == std::string::npos) == letters().info(name).about.empty());
    for (const std::string* text : {&both.text, &both.mail_text}) {
      CHECK(text->ends_with('\n'));
      CHECK(text->find("\n\n\n") == std::string::npos);
      std::istringstream lines{*text};
      for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK((columns(line) <= 78 || line.find(' ') == std::string::npos || line.find("://") != std::string::npos));
      }
    }
  });
}

TEST_CASE("a translation counts and names days in Spanish, and a letter without one stays English") {
  json::object fields = sample("anl_reminder", 0);
  fields["language"] = "es";
  const RenderedLetter letter = letters().render("anl_reminder", fields);
  CHECK(letter.html.find("vence en 14 días, el <strong>viernes, 28 de febrero de 2025</strong>") != std::string::npos);
  CHECK(letter.mail_text.find("Vence: viernes, 28 de febrero de 2025 (en 14 días)") != std::string::npos);
  CHECK(letter.html.find("due in 14 days, on <strong>Friday, February 28, 2025</strong>") != std::string::npos);
  CHECK(spanish_text("May 1, 2026") == "1 de mayo de 2026");
  for (const char* no_day : {"", "May", "May 1st, 2026", "Maybe 1, 2026", "Someday, May 1, 2026", "May 1, 2026, 10:00 a.m. Eastern time"})
    CHECK(spanish_text(no_day) == no_day);
  json::object to_auditor = sample("audit_referral", 0);
  const std::string english = letters().render("audit_referral", to_auditor).html;
  to_auditor["language"] = "es";
  CHECK(letters().render("audit_referral", to_auditor).html == english);
}

TEST_CASE("a translation that does not fit its letter is refused when it is read") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("tradecase-translations-{}", ::getpid());
  fs::remove_all(folder);
  fs::copy(home / "templates", folder, fs::copy_options::recursive);
  const auto loading = [&](const std::string& name, const std::string& text) {
    const fs::path file = folder / "letters/es" / (name + ".md");
    const std::string before = fs::exists(file) ? read(file) : "";
    std::ofstream{file} << text;
    const auto restore = [&] { before.empty() ? static_cast<void>(fs::remove(file)) : static_cast<void>(std::ofstream{file} << before); };
    try {
      Letters::load(folder);
    } catch (...) {
      restore();
      throw;
    }
    restore();
  };
  const std::string head = "title: T\nmail_subject: S\nmail_line: L.\n";
  CHECK_NOTHROW(loading("anl_reminder", head + "---\nx\n"));
  CHECK_THROWS_WITH(loading("anl_remainder", head + "---\nx\n"), Catch::Contains("translates no letter"));
  CHECK_THROWS_WITH(loading("anl_reminder", head + "legal: no\n---\nx\n"), Catch::Contains("English letter's header only"));
  CHECK_THROWS_WITH(loading("anl_reminder", "title: T\n---\nx\n"), Catch::Contains("the header lacks"));
  CHECK_THROWS_WITH(loading("anl_reminder", head + "---\n{{days}}\n"), Catch::Contains("es/anl_reminder.md:5: there is no field \"days\""));
  fs::remove_all(folder);
}

}  // namespace tradecase
