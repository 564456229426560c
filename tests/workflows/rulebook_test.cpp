#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "workflows/rules.hpp"

using namespace tradecase;
namespace fs = std::filesystem;

namespace {

const fs::path shipped = fs::path(TRADECASE_HOME) / "workflows" / "rules.toml";

const Rules& shipped_rules() {
  static const Rules rules = load_rulebook(shipped).rules;
  return rules;
}

std::string shipped_text() {
  std::ifstream in(shipped);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A rules file for one test, gone with it.
struct RulesFile {
  fs::path path = fs::temp_directory_path() / ("rules-" + std::to_string(getpid()) + ".toml");
  explicit RulesFile(const std::string& text) { std::ofstream(path) << text; }
  ~RulesFile() { fs::remove(path); }
  RulesFile(const RulesFile&) = delete;
  RulesFile& operator=(const RulesFile&) = delete;
};

// The shipped file with the first `what` replaced; `what` must be there.
std::string changed(const std::string& what, const std::string& by) {
  std::string text = shipped_text();
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string problems_of(const std::string& text) {
  const RulesFile file(text);
  try {
    load_rulebook(file.path);
    return {};
  } catch (const RulesError& error) {
    return error.what();
  }
}

std::size_t line_of(const std::string& text, const std::string& what) {
  return static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(what)), '\n')) + 1;
}

Date day(std::string_view text) { return parse_date(text).value(); }

}  // namespace

TEST_CASE("the shipped rules load") {
  const Rulebook book = load_rulebook(shipped);
  CHECK(book.rules.number("anl.cycle_months") == 12);
  CHECK(book.rules.numbers("anl.reminder_days") == std::vector<int>{-60, -14, -7, -1, 0});
  CHECK(book.rules.texts("risk.factors").size() == 10);
  CHECK(book.rules.text("programme.omb_control_number") == "1651-0077");
  CHECK(book.calendar.zone() == "America/New_York");
  CHECK(book.calendar.closures().empty());
}

TEST_CASE("the shipped calendar is that of 5 U.S.C. 6103(a)") {
  const Calendar calendar = load_rulebook(shipped).calendar;
  for (const char* holiday : {"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07",
                              "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25"}) {
    INFO(holiday);
    CHECK_FALSE(calendar.is_business_day(day(holiday)));
  }
  CHECK(calendar.is_business_day(day("2020-06-19")));  // Juneteenth from 2021
  CHECK(calendar.is_business_day(day("2026-07-06")));
  CHECK(calendar.closed_because(day("2026-05-25")) == "Memorial Day");
}

TEST_CASE("every shipped rule has a source and a sentence, and what we assume is marked so") {
  for (const Rule& rule : shipped_rules().all()) {
    INFO(rule.key);
    CHECK_FALSE(rule.source.empty());
    CHECK(rule.meaning.ends_with('.'));
    if (rule.source.find("our default") != std::string::npos || rule.source.find("taken over") != std::string::npos)
      CHECK(rule.mark == Mark::assumption);
    if (rule.source.find("not checked") != std::string::npos) CHECK(rule.mark == Mark::recalled);
  }
}

TEST_CASE("only what a public source confirms is marked confirmed") {
  const std::set<std::string> confirmed{"programme.name",
                                        "programme.agency",
                                        "programme.omb_control_number",
                                        "programme.privacy_notice",
                                        "programme.trade_secrets_notice",
                                        "anl.cycle_months",
                                        "anl.prepare_months",
                                        "application.minimum_years",
                                        "application.security_tiers",
                                        "membership.security_tiers",
                                        "continuation.modes",
                                        "audit.closing_petition_days",
                                        "audit.report_days",
                                        "audit.report_copy_days",
                                        "audit.kinds",
                                        "audit.risk_areas"};
  std::set<std::string> marked;
  for (const Rule& rule : shipped_rules().all())
    if (rule.mark == Mark::confirmed && !rule.key.starts_with("calendar.holiday.")) marked.insert(rule.key);
  CHECK(marked == confirmed);
}

TEST_CASE("holidays stand among the rules for the reader") {
  const Rules& rules = shipped_rules();
  CHECK(rules.text("calendar.holiday.memorial_day") == "last Monday of May");
  CHECK(rules.text("calendar.holiday.juneteenth_national_independence_day") == "June 19, from 2021");
  CHECK(rules.rule("calendar.holiday.new_year_s_day").mark == Mark::confirmed);
}

TEST_CASE("a period is changed in the file alone") {
  const RulesFile file(
      changed("value = 30\nmark = \"A\"\nsource = \"our default\"\nmeaning = \"Days that the company has to answer a return",
              "value = 45\nmark = \"A\"\nsource = \"our default\"\nmeaning = \"Days that the company has to answer a return"));
  CHECK(load_rulebook(file.path).rules.number("anl.return_days") == 45);
}

TEST_CASE("a closure is data") {
  for (const char* written : {"2025-01-09", "\"2025-01-09\""}) {
    const RulesFile file(shipped_text() + "\n[[closure]]\nday = " + written + "\nreason = \"national day of mourning\"\n");
    const Calendar calendar = load_rulebook(file.path).calendar;
    REQUIRE(calendar.closures().size() == 1);
    CHECK_FALSE(calendar.is_business_day(day("2025-01-09")));
  }
}

TEST_CASE("a slip in the rules file is told") {
  const std::string all = shipped_text();
  const std::string cycle = "[anl.cycle_months]\nvalue = 12";
  const struct {
    std::string text, problem;
  } rows[] = {
      {changed("[anl.cycle_months]", "[anl.cycle_month]"), "unknown rule \"anl.cycle_month\" (did you mean \"anl.cycle_months\"?)"},
      {changed("[anl.cycle_months]", "[anl.cycle_month]"), "the rule anl.cycle_months is missing"},
      {changed("[letters.approved_first]\nvalue = [\"audit_request\", \"survey_documents_request\"]",
               "[letters.approved_first]\nvalue = [\"audit_requests\"]"),
       "letters.approved_first names \"audit_requests\", which is no letter that is approved"},
      {changed("[anl.cycle_months]", "[anll.cycle_months]"), "(did you mean \"anl.cycle_months\"?)"},
      {changed(cycle, "[anl.cycle_months]\nvalue = \"12\""), "anl.cycle_months: \"value\" must be a whole number from 1 to 120"},
      {changed(cycle, "[anl.cycle_months]\nvalue = 12.0"), "must be a whole number"},
      {changed(cycle, "[anl.cycle_months]\nvalue = 0"), "must be a whole number from 1 to 120"},
      {changed(cycle, "[anl.cycle_months]\nvalue = 5000000000"), "must be a whole number from 1 to 120"},
      {changed(cycle, "[anl.cycle_months]\nvalue = true"), "must be a whole number"},
      {changed(cycle, "[anl.cycle_months]\nvalu = 12"), "unknown name \"valu\" (did you mean \"value\"?)"},
      {changed(cycle, "[anl.cycle_months]\nvalu = 12"), "anl.cycle_months: \"value\" is missing"},
      {changed(cycle + "\nmark = \"C\"", cycle + "\nmark = \"X\""), "anl.cycle_months: \"mark\" must be"},
      {changed(cycle + "\nmark = \"C\"", cycle), "anl.cycle_months: \"mark\" is missing"},
      {changed("[-60, -14, -7, -1, 0]", "[-60, -7, -14, -1, 0]"), "anl.reminder_days: \"value\" must be a list of rising whole numbers"},
      {changed("[-60, -14, -7, -1, 0]", "[]"), "must be a list of rising"},
      {changed("[-60, -14, -7, -1, 0]", "[-60, \"x\"]"), "must be a list of rising"},
      {changed("[\"low\", \"medium\", \"high\"]", "[\"low\", \"low\"]"),
       "risk.levels: \"value\" must be a list of 2 to 10 different names"},
      {changed("[\"low\", \"medium\", \"high\"]", "[\"low\", \"Very High\"]"), "risk.levels"},
      {changed("[\"low\", \"medium\", \"high\"]", "[\"low\", \"medium\"]"), "anl.countersign_risk must be one of risk.levels"},
      {changed("value = -60", "value = -59"), "anl.coming_up_day must be one of anl.reminder_days"},
      {changed("[anl.second_notice_day]\nvalue = 15", "[anl.second_notice_day]\nvalue = 31"),
       "anl.formal_notice_day must come after anl.second_notice_day"},
      {changed("[\"false_information\", \"aggravated\"]", "[\"fraud\"]"), "names \"fraud\""},
      {changed("value = [\"II\", \"III\"]", "value = [\"IV\"]"), "the tiers are I, II and III"},
      {changed("[application.lapse_days]\nvalue = 90", "[application.lapse_days]\nvalue = 60"), "application.lapse_days must come after"},
      {changed("America/New_York", "America/New_Yorck"), "there is no time zone \"America/New_Yorck\""},
      {changed("weekday = \"Monday\"", "weekday = \"monday\""), "\"weekday\" must be Monday"},
      {changed("nth = -1", "nth = 0"), "\"nth\" must be 1 to 5, or -1"},
      {changed("nth = -1", "nth = 6"), "\"nth\" must be a whole number from -1 to 5"},
      {changed("nth = -1\n", ""), "\"nth\" is missing"},
      {changed("month = 6\nday = 19", "month = 6\nday = 31"), "that day does not exist"},
      {changed("month = 6\nday = 19", "month = 13\nday = 19"), "\"month\" must be a whole number from 1 to 12"},
      {changed("month = 6\nday = 19", "month = 6"), "has either a \"day\" or a \"weekday\""},
      {changed("first_year = 2021", "first_yaer = 2021"), "unknown name \"first_yaer\" (did you mean \"first_year\"?)"},
      {changed("\"Labor Day\"", "\"Memorial Day\""), "holiday Memorial Day: is given twice"},
      {all + "\n[[closure]]\nday = \"2025-02-30\"\nreason = \"x\"\n", "closure: \"day\" must be a day"},
      {all + "\n[[closure]]\nday = 2025-02-03\n", "closure: \"reason\" is missing"},
      {all + "\n[[closure]]\nday = 2025-02-03\nreason = \"a\"\n[[closure]]\nday = 2025-02-03\nreason = \"b\"\n",
       "2025-02-03 is given twice"},
      {all + "\n[closure]\nday = 2025-02-03\n", "closure must be written [[closure]]"},
      {"surprise = 1\n" + all, "unknown name \"surprise\""},
      {all + "\n[anl.cycle_months]\nvalue = 1\n", "is not TOML"},
      {"[anl\n", "line 1: is not TOML"},
  };
  for (const auto& row : rows) CHECK_THAT(problems_of(row.text), Catch::Contains(row.problem));
}

TEST_CASE("a slip is told with file and line") {
  const std::string text = changed("[anl.cycle_months]\nvalue = 12", "[anl.cycle_months]\nvalue = \"twelve\"");
  CHECK_THAT(problems_of(text),
             Catch::Contains(".toml, line " + std::to_string(line_of(text, "value = \"twelve\"")) + ": anl.cycle_months"));
}

TEST_CASE("all slips are told at once, in the order of the file") {
  std::string text = changed("[anl.cycle_months]\nvalue = 12", "[anl.cycle_months]\nvalue = \"twelve\"");
  const std::string later = "[retention.years]\nvalue = 5";
  text.replace(text.find(later), later.size(), "[retention.years]\nvalue = -5");
  text.replace(text.find("first_year = 2021"), 17, "first_year = \"2021\"");
  const std::string problems = problems_of(text);
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 2);
  CHECK(problems.find("cycle_months") < problems.find("retention.years"));
  CHECK(problems.find("retention.years") < problems.find("first_year"));
}

TEST_CASE("every rule is needed") {
  const std::string text = shipped_text();
  for (const Rule& rule : shipped_rules().all()) {
    if (rule.key.starts_with("calendar.holiday.")) continue;
    const auto from = text.find("[" + rule.key + "]");
    const auto to = text.find("\n[", from + 1);
    CHECK_THAT(problems_of(text.substr(0, from) + text.substr(to + 1)), Catch::Contains("the rule " + rule.key + " is missing"));
  }
}

TEST_CASE("a rules file that is not there is told by name") {
  CHECK_THROWS_WITH(load_rulebook("/nowhere/rules.toml"), "/nowhere/rules.toml: cannot be read");
  CHECK_THROWS_WITH(load_rulebook("/"), "/: cannot be read");
}
