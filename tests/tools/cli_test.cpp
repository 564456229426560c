// The command line as people and scripts meet it: the real program on a real file. JSON names and exit codes are a contract.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "engine/json.hpp"
#include "tests/tools/desk.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

using testing::Desk;
using testing::Said;

constexpr char head[] =
    "company_id,legal_name,program,acceptance_date,security_tier,security_status,officer_name,officer_email,nam_email,ior_numbers,"
    "last_anl_accepted_on\n";
constexpr char acme[] =
    "ACME,Acme Imports,CTPAT-TC,2024-01-31,II,good_standing,Ann Bo,ann@acme.example,nora@agency.example,12-345678901,\n";
constexpr char birch[] =
    "BIRCH,Birch Trading,ISA,02/29/2024,III,good_standing,Bea Oak,bea@birch.example,nora@agency.example,98-765432101,\n";

std::map<std::string, std::string> due_days(const Desk& desk, const std::string& company, const std::string& workflow) {
  std::map<std::string, std::string> days;
  for (const json::array all = desk.say("dates --all --json").list(); const json::value& entry : all)
    if (entry.at("company").as_string() == company && entry.at("workflow").as_string() == workflow)
      days[std::string(entry.at("name").as_string())] = std::string(entry.at("due_on").as_string());
  return days;
}

std::string case_of(const Desk& desk, const std::string& company, const std::string& workflow) {
  const auto cases = desk.say("case list --json --company " + company + " --workflow " + workflow).as_json().as_array();
  REQUIRE(cases.size() == 1);
  return std::string(cases.front().at("case").as_string());
}

TEST_CASE("a roster opens membership, this year's notification and the review, with every date explained") {
  const Desk desk("2025-01-10");
  const Said imported = desk.say("import members --json " + desk.file("r.csv", std::string(head) + acme + birch));
  CHECK(imported.exit_code == 0);
  const json::value report = imported.as_json();
  for (const char* name : {"rows", "imported", "unchanged", "changed", "skipped", "errors"}) CHECK(report.as_object().contains(name));
  CHECK(report.at("imported").as_int64() == 2);

  auto days = due_days(desk, "ACME", "annual_notification");
  CHECK(days["window_opens"] == "2025-01-31");
  CHECK(days["due"] == "2025-02-28");
  CHECK(days["reminder:-14"] == "2025-02-14");
  CHECK(days["ladder:+60"] == "2025-04-29");
  CHECK(due_days(desk, "BIRCH", "annual_notification")["due"] == "2025-03-31");  // the 29th is a Saturday

  for (const json::array all = desk.say("dates --all --json").list(); const json::value& entry : all)
    for (const char* name : {"case", "workflow", "company", "cycle", "name", "due_on", "rule", "inputs", "steps", "superseded", "due_at"})
      CHECK(entry.as_object().contains(name));
  for (const json::array all = desk.say("case list --json").list(); const json::value& row : all)
    for (const char* name : {"case", "workflow", "company", "state", "version", "owner", "due_on"}) CHECK(row.as_object().contains(name));
}

TEST_CASE("importing a roster twice changes nothing, and a changed row says what changed") {
  const Desk desk("2025-01-10");
  const std::string file = desk.file("r.csv", std::string(head) + acme + birch);
  REQUIRE(desk.say("import members " + file).exit_code == 0);
  const Said again = desk.say("import members --json " + file);
  CHECK(again.as_json().at("unchanged").as_int64() == 2);
  CHECK(again.as_json().at("imported").as_int64() == 0);
  const std::string root = std::string(desk.say("verify --json").as_json().at("root").as_string());

  std::string renamed = std::string(head) + acme;
  renamed.replace(renamed.find("Acme Imports"), 12, "Acme & Daughters");
  const Said changed = desk.say("import members --json " + desk.file("c.csv", renamed));
  CHECK(changed.as_json().at("changed").as_int64() == 1);
  CHECK(changed.out.find("Acme & Daughters") != std::string::npos);
  CHECK(desk.say("company show ACME --json").as_json().at("legal_name").as_string() == "Acme & Daughters");
  CHECK(desk.say("verify --json").as_json().at("root").as_string() != root);
}

TEST_CASE("a corrected acceptance date moves the dates with an entry each") {
  const Desk desk("2025-01-10");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  std::string corrected = std::string(head) + acme;
  corrected.replace(corrected.find("2024-01-31"), 10, "2024-02-15");
  REQUIRE(desk.say("import members " + desk.file("c.csv", corrected)).exit_code == 0);
  REQUIRE(desk.say("work").exit_code == 0);
  CHECK(due_days(desk, "ACME", "annual_notification")["due"] == "2025-03-17");
  for (const json::array all = desk.say("dates --json " + case_of(desk, "ACME", "annual_notification")).list();
       const json::value& entry : all)
    if (entry.at("name").as_string() == "due") {
      REQUIRE(entry.at("superseded").as_array().size() == 1);
      CHECK(entry.at("superseded").as_array().front().at("due_on").as_string() == "2025-02-28");
    }
  CHECK(desk.say("verify").exit_code == 0);
}

TEST_CASE("a file with a bad line imports nothing, unless the bad rows are left out") {
  const Desk desk("2025-01-10");
  const std::string taken = "CEDAR,Cedar Co,ISA,2020-05-05,III,good_standing,Cy Dar,cy@cedar.example,,12-345678901,\n";
  const std::string future = "DOVE,Dove Co,ISA,2035-05-05,IV,good_standing,Di Ove,di@dove.example,,,\n";
  const std::string file = desk.file("r.csv", std::string(head) + acme + taken + future);

  const Said refused = desk.say("import members --json " + file);
  CHECK(refused.exit_code == 2);
  CHECK(refused.as_json().at("imported").as_int64() == 0);
  CHECK(refused.as_json().at("errors").as_array().size() == 3);  // the number taken, the day to come, the tier
  CHECK(desk.say("company list --json").as_json().as_array().empty());
  CHECK(desk.say("import members --json --dry-run " + file).exit_code == 2);

  const Said rest = desk.say("import members --json --skip-bad " + file);
  CHECK(rest.exit_code == 0);
  CHECK(rest.as_json().at("imported").as_int64() == 1);
  CHECK(rest.as_json().at("skipped").as_int64() == 2);

  // A number that stands with a company on file is found by the database.
  const Said later = desk.say("import members --json " + desk.file("l.csv", std::string(head) + taken));
  CHECK(later.exit_code == 2);
  CHECK(later.as_json().at("errors").at(0).at("field").as_string() == "ior_numbers");
}

TEST_CASE("entry lines are counted once a line, and a second import changes nothing") {
  const Desk desk("2026-01-05");
  const std::string sample = std::string(TRADECASE_HOME) + "/tools/sample/";
  REQUIRE(desk.say("import members " + sample + "members.csv").exit_code == 0);
  const json::value dry = desk.say("import entries --json --dry-run " + sample + "entries_OSPREY.csv").as_json();
  const json::value first = desk.say("import entries --json --company OSPREY " + sample + "entries_OSPREY.csv").as_json();
  CHECK(dry.at("imported") == first.at("imported"));
  CHECK(first.at("rows") == first.at("imported"));
  for (const char* name : {"entries", "hts_codes", "value_total", "duty_total"}) CHECK(first.as_object().contains(name));
  const json::value second = desk.say("import entries --json " + sample + "entries_OSPREY.csv").as_json();
  CHECK(second.at("unchanged") == first.at("rows"));
  CHECK(second.at("value_total") == first.at("value_total"));
  CHECK(desk.say("import entries --company HARBORLIGHT " + sample + "entries_OSPREY.csv").exit_code == 2);  // another company's importer
}

TEST_CASE("a population goes from scope to a frozen hash by the command line") {
  const Desk desk("2026-01-05");
  const std::string sample = std::string(TRADECASE_HOME) + "/tools/sample/";
  REQUIRE(desk.say("import members " + sample + "members.csv").exit_code == 0);
  const json::value lines = desk.say("import entries --json " + sample + "entries_GRANITEBAY.csv").as_json();
  REQUIRE(desk.say("people add --name \"Ada Auditor\" --email ada@agency.example --role auditor").exit_code == 0);
  const std::string body = desk.file(
      "referral.json", R"({"kind": "single_issue", "risk_areas": ["classification"], "reasons": ["Duty rates fell in one month."]})");
  REQUIRE(desk.say("people add --name \"Cora Comp\" --email cora@agency.example --role compliance").exit_code == 0);
  REQUIRE(desk.say("case open audit open_referral --company GRANITEBAY --as cora@agency.example --body " + body).exit_code == 0);
  const std::string audit = case_of(desk, "GRANITEBAY", "audit");

  const Said made = desk.say("population create " + audit + " --json --strata country_of_origin --as ada@agency.example");
  REQUIRE(made.exit_code == 0);
  const json::value preview = made.as_json().at("preview");
  CHECK(preview.at("value_cents") == lines.at("value_total_cents"));
  const std::string id(made.as_json().at("population").as_string());
  CHECK(desk.say("population freeze " + id).exit_code == 6);  // not tied out
  const std::string total = std::to_string(lines.at("value_total_cents").as_int64() / 100) + "." +
                            std::to_string(100 + lines.at("value_total_cents").as_int64() % 100).substr(1);
  const Said tied = desk.say("population tie-out " + id + " --json --total " + total + " --source ES-001");
  REQUIRE(tied.exit_code == 0);
  CHECK(tied.as_json().at("control").at("agrees").as_bool());
  const Said frozen = desk.say("population freeze --json " + id + " --as ada@agency.example");
  REQUIRE(frozen.exit_code == 0);
  CHECK(frozen.as_json().at("sha256").as_string().size() == 64);
  CHECK(frozen.as_json().at("rows") == preview.at("lines"));
  CHECK(desk.say("population verify " + id).exit_code == 0);
  CHECK(desk.say("population freeze " + id).exit_code == 6);
  CHECK(desk.say("population hints --json " + id).as_json().at("rules").as_array().size() == 6);
  CHECK(desk.say("population list --json --case " + audit).list().size() == 1);
  CHECK(desk.say("population show POP-000009").exit_code == 4);
  CHECK(desk.say("population create " + audit + " --from 2025-13-01").exit_code == 2);
  CHECK(desk.say("population create " + audit + " --as ada@agency.example --risk-area colour").exit_code == 2);
  CHECK(desk.say("verify").exit_code == 0);
}

TEST_CASE("every refusal leaves with the exit code of its kind") {
  const Desk desk("2025-02-03");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme + birch)).exit_code == 0);
  const std::string id = case_of(desk, "ACME", "annual_notification");
  const std::string send = "case send " + id + " ";
  const std::string save = send + "save --as ann@acme.example --set section=B --set change=no_change --set form_version=1";
  struct Row {
    std::string words;
    int exit_code;
  };
  const std::vector<Row> rows{
      {send + "frobnicate --as ann@acme.example", 2},
      {send + "save --as ann@acme.example", 2},
      {send + "save --as ann@acme.example --set section=7 --set change=maybe --set form_version=x", 2},
      {send + "request_extension --as ann@acme.example --set days=30 --set reason=x --set colour=red", 2},
      {"case send " + id + " save --as ann@acme.example --body " +
           desk.file("big.json", "{\"section\":\"" + std::string().append(10'000'000, 'x') + "\"}"),
       2},
      {"case send " + id + " save --as ann@acme.example --body " + desk.file("nul.json", R"({"section":"B\u0000"})"), 2},
      {"case send " + id + " save --as ann@acme.example --body " + desk.file("not.json", "[1,"), 2},
      {send + "take --as ann@acme.example", 3},
      {send + "take --as nobody@acme.example", 4},
      {"case show TC-1999-000001", 4},
      {send + "save --as bea@birch.example --set section=B", 4},
      {send + "take --as nora@agency.example", 5},
      {send + "submit --as ann@acme.example --set 'signature=Ann Bo'", 6},
      {save + " --expect-version 77", 7},
      {"clock advance 2025-02-30", 2},
      {"clock advance 2025-01-01", 2},
      {"case list --due-before 2025-02-30", 2},
      {"no such verb", 2},
      {"workflow show nothing", 4},
      {"letter show 12345678", 4},
      {"letter pdf 12345678 --to x.pdf", 4},
      {"letter docx 12345678 --to x.docx", 4},
      {"letter read no-such-file.docx", 4},
      {"letter read /etc/hostname", 2},
      {"letter fields /etc/hostname", 2},
  };
  for (const Row& row : rows) {
    const Said said = desk.say(row.words.size() < 400 ? row.words : row.words.substr(0, 400));
    INFO(row.words.substr(0, 200));
    CHECK(said.exit_code == row.exit_code);
  }
  CHECK(desk.say("verify").exit_code == 0);  // refusals wrote nothing but their lines
}

TEST_CASE("a key answers the same for ever, and never two bodies") {
  const Desk desk("2025-02-03");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  const std::string id = case_of(desk, "ACME", "annual_notification");
  const std::string ask = "case send " + id + " request_extension --as ann@acme.example --key once --json --set days=30 --set reason=";
  const Said first = desk.say(ask + "illness");
  CHECK(first.exit_code == 0);
  CHECK(desk.say(ask + "illness").out == first.out);
  CHECK(desk.say(ask + "weather").exit_code == 8);
}

TEST_CASE("a letter goes to Word and back, and to paper where Chromium is") {
  const Desk desk("2025-01-10");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  REQUIRE(desk.say("work --until 2025-02-02").exit_code == 0);
  const std::string id = case_of(desk, "ACME", "annual_notification");
  const json::array letters = desk.say("letters --json " + id).list();
  REQUIRE(letters.size() == 1);
  const std::string hash(letters[0].at("hash").as_string()), word = (desk.folder() / "letter.docx").string();
  REQUIRE(desk.say("letter docx " + hash + " --to " + word).exit_code == 0);
  CHECK(desk.say("letter read " + word).out.find("Dear Ann Bo,") != std::string::npos);
  CHECK(desk.say("letter read " + word + " --html").out.find("<h1>") != std::string::npos);
  CHECK(desk.say("letter fields " + word + " --json").list().empty());
  if (!fs::exists("/usr/bin/chromium")) {
    WARN("Chromium is not installed: no PDF is made.");
    return;
  }
  const fs::path paper = desk.folder() / "paper";
  REQUIRE(desk.say("letters " + id + " --pdf --to " + paper.string()).exit_code == 0);
  REQUIRE(desk.say("letter pdf " + hash.substr(0, 12) + " --to " + (desk.folder() / "one.pdf").string()).exit_code == 0);
  const auto bytes = [](const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  CHECK(bytes(desk.folder() / "one.pdf").starts_with("%PDF-"));
  CHECK(bytes(desk.folder() / "one.pdf") == bytes(paper / "001_anl_window_open.pdf"));  // made once, then kept
}

TEST_CASE("a letter is fixed by one person, approved by another, and sent byte for byte") {
  const Desk desk("2025-01-10");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  for (const char* one :
       {"--email ivan@agency.example --name Ivan --role compliance", "--email auda@agency.example --name Auda --role auditor"})
    REQUIRE(desk.say(std::string("people add ") + one).exit_code == 0);
  const auto act = [&](const std::string& where, const std::string& who, const char* body) {
    const Said said = desk.say("case " + where + " --as " + who + "@agency.example --json --body " + desk.file("body.json", body));
    INFO(where << ": " << said.out);
    REQUIRE(said.exit_code == 0);
    return std::string(said.as_json().at("case").as_string());
  };
  const std::string id = act("open audit open_referral --company ACME", "ivan",
                             R"({"kind": "single_issue", "risk_areas": ["transaction_value"], "reasons": ["Assists"]})");
  act("send " + id + " refer", "ivan", "{}");
  act("send " + id + " accept", "auda", "{}");
  act("send " + id + " give_notice", "auda", R"({"phoned_on": "2025-01-10", "objectives": ["Value"], "estimate": "Two months."})");
  act("send " + id + " schedule_entrance", "auda", R"({"entrance_on": "2025-01-10", "place": "By video", "records": ["Invoices"],
      "sampling_plan": "None.", "offsetting": "None.", "ends_on": "2025-06-30"})");
  act("send " + id + " hold_entrance", "auda", R"({"held_on": "2025-01-10", "attendance": ["Ann Bo"], "ends_on": "2025-06-30"})");
  act("send " + id + " start_fieldwork", "auda", "{}");

  const std::string request = " --body " + desk.file("request.json", R"({"scope": "Value of two lines", "sampled": false,
      "items": [{"entry_number": "G8241020003", "line": 1, "documents": "Invoice"}]})");
  const std::string fix = "letter fix " + id + " audit_request --json" + request, by_auda = " --as auda@agency.example";
  const std::string send = "letter send " + id + " audit_request --json" + by_auda;
  const auto code = [&](const std::string& words) { return desk.say(words).exit_code; };
  CHECK(code(fix + " --as ann@acme.example") == 3);
  CHECK(code("letter fix " + id + " anl_acceptance" + request + by_auda) == 2);
  CHECK(code("letter fix " + id + " audit_request --set scope=Value --set due_on=soon" + by_auda) == 2);
  CHECK(code(send) == 6);  // none is fixed
  CHECK(code("case send " + id + " request_records" + request + by_auda) == 6);
  const Said fixed = desk.say(fix + by_auda);
  INFO(fixed.out);
  REQUIRE(fixed.exit_code == 0);
  CHECK(fixed.as_json().at("says").at("due_on") == "2025-02-09");  // 30 days, a Sunday: the letter names the Monday
  const std::string hash(fixed.as_json().at("hash").as_string());
  CHECK(code(send) == 6);  // nobody approved it
  CHECK(code("case send " + id + " approve_letter --set hash=" + hash + by_auda) == 6);
  REQUIRE(code("case send " + id + " approve_letter --set hash=" + hash + " --as ivan@agency.example") == 0);
  REQUIRE(code(send) == 0);
  CHECK(desk.say("letter show " + hash).out.find("Monday, February 10, 2025") != std::string::npos);
  CHECK(desk.say("letters " + id + " --json").out.find(hash) != std::string::npos);
  CHECK(code(send) == 6);  // it is used up
}

TEST_CASE("a sandbox's time moves through every due day; any other database lives in real time") {
  const Desk desk("2025-01-10");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  CHECK(desk.say("work --until 2025-05-01").exit_code == 0);
  const std::string id = case_of(desk, "ACME", "annual_notification");
  std::vector<std::string> letters;
  for (const json::array all = desk.say("letters --json " + id).list(); const json::value& letter : all)
    letters.emplace_back(letter.at("letter").as_string());
  CHECK(letters == std::vector<std::string>{"anl_window_open", "anl_reminder", "anl_reminder", "anl_reminder", "anl_reminder",
                                            "anl_overdue", "anl_second_notice", "anl_formal_notice"});
  CHECK(desk.say("case list --json --workflow membership").as_json().at(0).at("state").as_string() == "suspension_proposed");
  CHECK(desk.say("outbox list --status queued --json").as_json().as_array().size() >= letters.size());
  CHECK(desk.say("verify").exit_code == 0);

  const std::string live = (desk.folder() / "live.db").string();
  CHECK(desk.say("clock show --json").as_json().at("today").as_string() == "2025-05-01");
  const std::string program = std::string(TRADECASE_PROGRAM) + " ";
  REQUIRE(std::system((program + "init --db " + live + " >/dev/null").c_str()) == 0);
  CHECK(WEXITSTATUS(std::system((program + "clock advance +1d --db " + live + " >/dev/null 2>&1").c_str())) == 3);
}

TEST_CASE("a rules file or settings with a slip stop the program, saying where") {
  const Desk desk("2025-01-10");
  std::ifstream in(std::string(TRADECASE_HOME) + "/workflows/rules.toml");
  std::string rules{std::istreambuf_iterator<char>(in), {}};
  rules.replace(rules.find("[anl.cycle_months]"), 18, "[anl.cycle_monhts]");
  const std::string config = desk.file("c.toml", "[rules]\nfile = \"" + desk.file("rules.toml", rules) + "\"\n");
  CHECK(desk.say("case list --config " + config).exit_code == 2);
  CHECK(desk.say("case list --config " + desk.file("d.toml", "[mail]\nhots = \"x\"\n")).exit_code == 2);
  CHECK(desk.say("config explain --json").as_json().as_array().size() > 10);
}

TEST_CASE("a change of rules moves dates only when two people apply it") {
  const Desk desk("2025-01-10");
  REQUIRE(desk.say("import members " + desk.file("r.csv", std::string(head) + acme)).exit_code == 0);
  for (const char* who : {"ada", "ben"})
    REQUIRE(desk.say(std::string("people add --role compliance --name ") + who + " --email " + who + "@agency.example").exit_code == 0);
  std::ifstream in(std::string(TRADECASE_HOME) + "/workflows/rules.toml");
  const std::string rules{std::istreambuf_iterator<char>(in), {}};
  const std::string closed = desk.file("rules.toml", rules + "\n[[closure]]\nday = \"2025-02-28\"\nreason = \"snow\"\n");
  const std::string config = " --config " + desk.file("c.toml", "[rules]\nfile = \"" + closed + "\"\n");

  CHECK(desk.say("rules dry-run --json" + config).as_json().at("dates").as_int64() > 0);
  CHECK(due_days(desk, "ACME", "annual_notification")["due"] == "2025-02-28");  // nothing moved yet
  const std::string apply = "rules apply --reason snow --as ada@agency.example" + config;
  CHECK(desk.say(apply + " --second ada@agency.example").exit_code == 6);
  CHECK(desk.say(apply + " --second ben@agency.example").exit_code == 0);
  CHECK(due_days(desk, "ACME", "annual_notification")["due"] == "2025-03-03");
  CHECK(desk.say("verify").exit_code == 0);
}

}  // namespace
}  // namespace tradecase
