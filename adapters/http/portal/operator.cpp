// O1 how things stand: cases, timers, mail, the worker, the database.
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {
namespace {

std::string size_words(std::int64_t bytes) {
  if (bytes < 10 * 1024 * 1024) return fmt::format("{} KiB", bytes / 1024);
  return fmt::format("{} MiB", bytes / 1024 / 1024);
}

json::object row(std::string label, std::string value, std::string href = "", bool bad = false) {
  return {{"label", std::move(label)}, {"value", std::move(value)}, {"href", std::move(href)}, {"bad", bad}};
}

json::array timer_rows(const Visit& visit, const Standing& now, const Pass& pass) {
  json::array rows;
  rows.push_back(row(visit.say("Waiting"), std::to_string(now.pending)));
  rows.push_back(row(visit.say("Due now"), std::to_string(now.due)));
  rows.push_back(row(visit.say("Failing, tried again"), std::to_string(now.failing), "/operator/failures#timers", now.failing > 0));
  rows.push_back(row(visit.say("Refused, not looked at"), std::to_string(now.refused), "/operator/failures#timers", now.refused > 0));
  rows.push_back(row(visit.say("Next one due"), now.next_due ? moment_words(visit, *now.next_due) : visit.say("none")));
  rows.push_back(
      row(visit.say("The worker's last pass with work"), pass.at == Instant() ? visit.say("none yet") : moment_words(visit, pass.at)));
  return rows;
}

json::array mail_rows(const Visit& visit, const std::map<std::string, std::int64_t>& counts) {
  struct Status {
    const char* code;
    const char* label;
    bool bad;
  };
  constexpr Status all[] = {{"queued", "Waiting", false}, {"claimed", "About to go out", false}, {"transmitting", "Under way", false},
                            {"sent", "Sent", false},      {"given_up", "Given up", true},        {"unknown", "Nobody knows", true}};
  json::array rows;
  for (const Status& status : all) {
    const auto found = counts.find(status.code);
    const std::int64_t count = found == counts.end() ? 0 : found->second;
    rows.push_back(
        row(visit.say(status.label), std::to_string(count), status.bad ? "/operator/failures#mail" : "", status.bad && count > 0));
  }
  return rows;
}

json::array installation_rows(const Visit& visit, Session& session, const Standing& now) {
  json::array rows;
  rows.push_back(row(visit.say("Version"), TRADECASE_VERSION));
  rows.push_back(row(visit.say("Clock"), visit.portal.wiring().sandbox
                                             ? visit.say("a sandbox's own, {}", moment_words(visit, visit.engine.now()))
                                             : moment_words(visit, visit.engine.now())));
  rows.push_back(row(visit.say("Database"), size_words(now.bytes)));
  rows.push_back(row(visit.say("Lines of the record"), std::to_string(now.lines), "/operator/record"));
  rows.push_back(row(visit.say("People"), std::to_string(now.people), "/operator/people"));
  rows.push_back(row(visit.say("Companies"), std::to_string(now.companies), "/companies"));
  const auto verified = find_meta(session, "last_verify");
  const auto at = verified ? parse_instant(json::parse(*verified).at("at").as_string()) : std::nullopt;
  const bool broken = verified && !json::parse(*verified).at("violations").as_array().empty();
  rows.push_back(
      row(visit.say("Last verified"), at ? moment_words(visit, *at) : visit.say("never from here"), "/operator/record#verify", broken));
  return rows;
}

Response show_status(Visit& visit) {
  json::object fields;
  visit.engine.database().read([&](Session& session) {
    json::array states;
    for (const StateCount& one : count_cases(session))
      states.push_back(json::object{{"workflow", visit.say(visit.words().title(one.workflow))},
                                    {"state", visit.say(visit.words().state(one.workflow, one.state).label)},
                                    {"open", one.open},
                                    {"closed", one.closed}});
    const Standing now = standing_of(session, visit.engine.now());
    fields["none"] = states.empty();
    fields["states"] = std::move(states);
    fields["timers"] = timer_rows(visit, now, last_pass(session));
    fields["mails"] = mail_rows(visit, count_messages(session));
    fields["installation"] = installation_rows(visit, session, now);
  });
  return operator_page(visit, "status", "operator", visit.say("Operation"), std::move(fields));
}

}  // namespace

void add_operator_routes(Routes& routes) {
  routes.push_back({"GET", "/operator", "O1", Access::operators, show_status, "How things stand"});
  add_people_routes(routes);
  add_leave_routes(routes);
  add_record_routes(routes);
  add_failure_routes(routes);
  add_rule_routes(routes);
}

}  // namespace tradecase::http
