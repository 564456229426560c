// Every route of the table, asked for by everybody: of the own company, of another, of none, and without a sign-in; and what was planted
// in the agency's own notes, sought in every byte a company reads.
#include <algorithm>
#include <set>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using http::Access;

namespace {

std::string filled(std::string path, const std::map<std::string, std::string>& values) {
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at)) {
    const auto end = path.find('}', at);
    const auto found = values.find(path.substr(at + 1, end - at - 1));
    const std::string value = found == values.end() ? "1" : found->second;
    path.replace(at, end - at + 1, value);
    at += value.size();
  }
  return path;
}

bool role_fits(Access access, const std::string& who) {
  static const std::set<std::string> company{"officer", "stranger", "preparer", "contact"},
      staff{"nam", "supervisor", "compliance", "auditor", "appeals", "admin"}, team{"nam", "supervisor", "compliance", "auditor", "admin"};
  switch (access) {
    case Access::anyone:
      return true;
    case Access::signed_in:
      return who != "nobody";
    case Access::company:
      return company.contains(who);
    case Access::staff:
      return staff.contains(who);
    case Access::team:
      return team.contains(who);
    case Access::rules:
      return who == "compliance" || who == "admin";
    case Access::operators:
      return who == "admin";
  }
  return false;
}

enum class Expected { served, sign_in, forbidden, hidden };

// The rule in words: who has not signed in is asked to; a role that has no business here is told so; a company that is not one's own is
// not there; all else is the page's own to answer.
Expected expected(const http::Route& route, const std::string& who, bool names_own) {
  if (route.access == Access::anyone) return Expected::served;
  if (who == "nobody") return Expected::sign_in;
  if (!role_fits(route.access, who)) return Expected::forbidden;
  const bool outside = who == "stranger" || who == "outsider";
  return names_own && outside ? Expected::hidden : Expected::served;
}

// Addresses that hold in every case: no date, letter, webhook, population or sample of one is in them.
bool names_nothing_of_a_case(const std::string& pattern) {
  return std::ranges::none_of(
      std::initializer_list<std::string_view>{"{name}", "{hash}", "{webhook}", "{population}", "{sample}", "{import}", "{kind}"},
      [&](std::string_view name) { return pattern.find(name) != std::string::npos; });
}

void check_route(PortalWorld& world, const http::Route& route, const Caller& caller, const std::map<std::string, std::string>& values) {
  const bool names_own = route.pattern.find("{case}") != std::string::npos || route.pattern.find("{company}") != std::string::npos;
  const bool is_api = route.pattern.starts_with("/api/");
  const Expected rule = expected(route, caller.name, names_own);
  if (route.method != "GET" && rule == Expected::served) return;  // what a form does is its own test's
  const std::string body = route.method == "POST" && !is_api ? "csrf=" + caller.csrf : "";
  PortalWorld::Headers headers;
  if (route.method == "POST") headers = {{"X-CSRF-Token", caller.csrf}, {"Content-Type", "application/x-www-form-urlencoded"}};
  const auto answer = world.ask(caller, route.method, filled(route.pattern, values), body, headers);
  INFO(route.method << " " << route.pattern << " by " << caller.name << ": " << answer.status << " " << answer.body.substr(0, 200));
  const bool asks_to_sign_in = answer.status == 401 || header_of(answer, "Location").starts_with("/sign-in");
  switch (rule) {
    case Expected::served:
      CHECK(answer.status < 500);
      if (route.access != Access::anyone) CHECK_FALSE(asks_to_sign_in);
      if (is_api && names_nothing_of_a_case(route.pattern))  // whose the others are is their own test's
        CHECK(answer.status == 200);
      break;
    case Expected::sign_in:
      CHECK(asks_to_sign_in);
      CHECK(answer.status == (is_api ? 401 : 303));
      break;
    case Expected::forbidden:
      CHECK(answer.status == 403);
      break;
    case Expected::hidden:
      CHECK(answer.status == 404);
      break;
  }
}

constexpr char canary[] = "CANARY-7731";

// A frozen population, a sample of it and what was found in it: words of the agency in each.
void plant_sample(PortalWorld& world) {
  const std::string word = "'" + std::string(canary) + "'";
  world.sql("insert into population_rows values (1, 1, 'AAA00000018', 1, " + word +
            ", '2025-01-02', '', '01', '3001', '8471300100', '', 'CN', " + "'CN', " + word + ", '', null, " + word + ", 1)");
  world.sql("update populations set rows = 1, value_cents = 1, sha256 = '0', frozen_by = 'operator', frozen_at = 2, frozen_reason = " +
            word + " where number = 1");
  world.sql("insert into samples (number, population, seed, seed_how, seed_by, seed_at) values (1, 1, " + word + ", " + word +
            ", 'operator', 3)");
  world.sql(
      "insert into draws (sample, draw, parameters, n_h, reason, drawn_by, drawn_at) values (1, 1, json_object('method', 'simple', 'n', 1, "
      "'interval_cents', 0, 'allocation', 'proportional', 'min_per_stratum', 2), '[]', " +
      word + ", 'operator', 3)");
  world.sql("insert into drawn_rows (sample, draw, place, row, hits, counter) values (1, 1, 1, 1, 1, 1)");
  world.sql(
      "insert into findings (sample, row, version, errors, note, found_by, found_at) values (1, 1, 1, json_array(json_object('cents', 1, " +
      std::string("'direction', 'overstated', 'cause', ") + word + ")), " + word + ", 'operator', 4)");
}

// In what staff writes for itself: reasons of its commands in the record, reviews, recommendations, drafts.
void plant(PortalWorld& world) {
  const std::string where = "where case_id in (select id from cases where company = '" + world.own + "')";
  std::string staff_commands;
  for (const Workflow& workflow : world.engine().programme().workflows.all())
    for (const CommandInfo& one : workflow.commands)
      if (!one.roles.any_of({Role::officer, Role::preparer})) staff_commands += (staff_commands.empty() ? "'" : ", '") + one.name + "'";
  world.sql("update history set data = json_set(data, '$.body.reason', '" + std::string(canary) + " reason', '$.body.note', '" + canary +
            " note', '$.body.reasons', json_array('" + canary + " reasons')) " + where +
            " and kind = 'event' and data is not null and json_extract(line, '$.command') in (" + staff_commands + ")");
  world.sql("update cases set data = json_set(data, '$.planted', '" + std::string(canary) + "') where company = '" + world.own + "'");
  for (const char* path : {"review.note", "review.findings[0]", "recommendation.findings[0]", "recommendation.recommendation_note",
                           "draft.outcome", "draft.drafted_by", "sent_back_because", "meeting.risks_discussed[0]"}) {
    const std::string name = std::string(path).substr(0, std::string(path).find('.'));
    if (std::string(path).find('.') == std::string::npos) continue;
    world.sql("update cases set data = json_set(data, '$." + std::string(path) + "', '" + canary + "') where company = '" + world.own +
              "' and workflow <> 'application' and json_type(data, '$." + name + "') = 'object'");
  }
  world.sql("update cases set data = json_set(data, '$.review.risks', json_object('" + std::string(canary) +
            "', 'high')) where company = '" + world.own + "' and json_type(data, '$.review') = 'object'");
  world.sql("insert into internal_notes (case_id, person, text, written_at) select id, '" + world.who("nam").person + "', '" + canary +
            "', 1 from cases where company = '" + world.own + "'");
  world.sql("insert into file_contents (hash, size, whole, kept_at) values ('" + std::string(canary) + "', 11, 1, 1)");
  world.sql("insert into file_parts (hash, n, bytes) values ('" + std::string(canary) + "', 0, cast('" + canary + "' as blob))");
  world.sql("insert into files (case_id, hash, name, type, person, internal, kept_at) select id, '" + std::string(canary) + "', '" +
            canary + ".txt', 'text/plain', '" + world.who("nam").person + "', 1, 1 from cases where company = '" + world.own + "'");
  Command refer;
  refer.workflow = "audit";
  refer.company = world.own;
  refer.name = "open_referral";
  refer.actor = world.who("nam").person;
  refer.body = {{"kind", "single_issue"},
                {"risk_areas", json::array{world.engine().programme().rules.texts("audit.risk_areas").front()}},
                {"reasons", json::array{canary}}};
  const Answer answer = world.engine().execute(refer);
  INFO((std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(answer));
  const std::string audit = std::get<Receipt>(answer).case_id;
  world.sql(
      "insert into populations (number, case_id, company, scope, strata, created_by, created_at, preview, control) values (1, '" + audit +
      "', '" + world.own + "', json_object('risk_areas', json_array('" + canary + "')), '', 'operator', 1, json_object('at', " +
      "'2026-01-05T12:00:00Z', 'on_file', 1, 'lines', 1, 'entries', 1, 'ordinals', 1, 'zero_lines', 0, 'value_cents', 1, 'duty_cents', " +
      "0, 'duplicates', 0, 'strata', json_array(), 'strata_more', 0, 'hints', json_array(json_object('rule', 'round_value', 'title', '" +
      canary + "', 'says', '" + canary + "', 'mark', 'assumption', 'source', '" + canary +
      "', 'lines', 1))), json_object('value_cents', 1, 'source', '" + canary + "', 'by', 'operator', 'at', 1))");
  world.sql("insert into population_hints (population, rule, entry_number, line, why) values (1, 'round_value', 'AAA00000018', 1, '" +
            std::string(canary) + "')");
  plant_sample(world);
  world.sql(
      "insert into letter_drafts (id, case_id, letter, version, body) values (1, '" + audit + "', 'audit_request', 1, '" +
      json::serialize(json::object{{"parts", json::array{json::object{{"name", ""}, {"version", 0}, {"title", canary}, {"text", canary}}}},
                                   {"values", json::object{{"scope", canary}}}}) +
      "')");
  world.sql("insert into letter_draft_changes (draft, version, by, what, at) values (1, 1, '" + world.who("nam").person + "', '" + canary +
            "', 1)");
  world.sql(
      "insert into fixed_letters (hash, case_id, letter, title, html, text, mail_subject, mail_text, mail_html, fixed_by, fixed_at) values "
      "('" +
      std::string(canary) + "', '" + audit + "', 'audit_request', '" + canary + "', '" + canary + "', '" + canary +
      "', '', '', '', '', 1)");
  world.sql("update paragraphs set text = '" + std::string(canary) + "'");
  world.sql("insert into entry_imports (company, file, at, rows, imported, unchanged, changed, left_out, errors) values ('" + world.own +
            "', '" + canary + "', 1, 1, 1, 0, 0, 0, '[]')");
}

// Every address a route has for one case: its letters and dates too.
std::set<std::string> addresses(const PortalWorld& world, const http::Route& route) {
  std::set<std::string> all;
  world.engine().database().read([&](Session& session) {
    for (const CaseRow& one : find_cases(session, {world.own, {}, {}, {}, {}, false})) {
      std::map<std::string, std::string> values{{"case", one.id}, {"company", one.company}};
      values["letter"] = "audit_request";
      std::vector<std::string> hashes{"1"}, names{"1", "audit_request"}, commands{"withdraw"};
      for (const Letter& letter : letters_of(session, one.id)) hashes.push_back(letter.hash);
      hashes.emplace_back(canary);  // of a file of the agency's own
      for (const LedgerEntry& entry : ledger_of(session, one.id)) names.push_back(http::percent_encoded(entry.name));
      if (route.pattern.find("{command}") != std::string::npos)
        for (const CommandInfo& command : world.engine().programme().workflows.get(one.workflow).commands) commands.push_back(command.name);
      const auto each = [&](const char* name, const std::vector<std::string>& list) {
        if (route.pattern.find("{" + std::string(name) + "}") == std::string::npos) return;
        for (const std::string& value : list) {
          values[name] = value;
          all.insert(filled(route.pattern, values));
        }
      };
      all.insert(filled(route.pattern, values));
      each("hash", hashes);
      each("name", names);
      each("command", commands);
    }
  });
  return all;
}

}  // namespace

TEST_CASE("every route is open to whom the rule says, and to nobody else") {
  PortalWorld world;
  const std::map<std::string, std::string> values{{"case", world.membership},   {"company", world.own},
                                                  {"command", "report_breach"}, {"section", "A"},
                                                  {"workflow", "membership"},   {"person", world.who("nam").person}};
  int asked = 0;
  for (const http::Route& route : world.portal().routes())
    for (const auto& [name, caller] : world.callers()) {
      if (route.pattern == "/sign-out") continue;  // ends the sign-in that the rest needs
      check_route(world, route, caller, values);
      ++asked;
    }
  CHECK(asked > 300);
}

TEST_CASE("nothing that the agency wrote for itself is in any byte a company reads") {
  PortalWorld world;
  plant(world);
  int read = 0, staff_found = 0, populations_found = 0, samples_found = 0, letters_found = 0;
  for (const http::Route& route : world.portal().routes()) {
    if (route.method != "GET") continue;
    for (const std::string& address : addresses(world, route)) {
      for (const char* name : {"officer", "preparer", "contact", "stranger"}) {
        const auto answer = world.ask(world.who(name), "GET", address);
        INFO(name << " at " << address << ": " << answer.status);
        CHECK(answer.status < 500);
        std::string body = answer.body;  // which may name the address that it was asked for
        for (auto echo = body.find(address); echo != std::string::npos; echo = body.find(address)) body.erase(echo, address.size());
        const auto at = body.find(canary);
        INFO((at == std::string::npos ? "" : body.substr(at > 200 ? at - 200 : 0, 400)));
        CHECK(at == std::string::npos);
        ++read;
      }
      if (route.pattern == "/api/v1/cases/{case}" || route.pattern == "/api/v1/cases/{case}/history")
        staff_found += world.ask(world.who("nam"), "GET", address).body.find(canary) == std::string::npos ? 0 : 1;
      if (route.pattern.starts_with("/cases/{case}/compose") || route.pattern.starts_with("/cases/{case}/fixed") ||
          route.pattern.find("/letter-drafts/") != std::string::npos)
        letters_found += world.ask(world.who("nam"), "GET", address).body.find(canary) == std::string::npos ? 0 : 1;
      if (route.pattern.starts_with("/cases/{case}/populations"))
        populations_found += world.ask(world.who("nam"), "GET", address).body.find(canary) == std::string::npos ? 0 : 1;
      if (route.pattern.find("/cases/{case}/samples/{sample}") != std::string::npos)
        samples_found += world.ask(world.who("nam"), "GET", address).body.find(canary) == std::string::npos ? 0 : 1;
    }
  }
  CHECK(read > 300);
  CHECK(staff_found > 3);  // it was there to be found
  CHECK(populations_found >= 2);
  CHECK(samples_found >= 5);
  CHECK(letters_found >= 4);
}
