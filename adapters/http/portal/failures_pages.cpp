// O5 what failed: mail that was given up or whose fate is unknown, timers that are refused or fail, webhooks that were switched off. A
// person finds out and says so.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/operator_acts.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int shown_max = 200;  // mails of a status

std::string case_words(const Visit& visit, Session& session, const std::string& case_id) {
  const auto on = find_case(session, case_id);
  if (!on) return case_id;
  const auto company = find_company(session, on->company);
  return case_name(visit, on->workflow, on->cycle) + (company ? ", " + company->legal_name : "");
}

json::array mail_views(const Visit& visit, Session& session) {
  json::array all;
  for (const char* status : {"given_up", "unknown"})
    for (const OutboxRow& row : find_messages(session, status, "", shown_max))
      all.push_back(json::object{{"id", row.id},
                                 {"to", row.message.to_name + " <" + row.message.to_address + ">"},
                                 {"subject", row.message.subject},
                                 {"href", "/cases/" + row.case_id},
                                 {"case", case_words(visit, session, row.case_id)},
                                 {"unknown", row.status == "unknown"},
                                 {"written", moment_words(visit, row.written_at)},
                                 {"attempts", row.attempts},
                                 {"cause", row.detail}});
  return all;
}

json::array timer_views(const Visit& visit, Session& session) {
  json::array all;
  for (const Timer& timer : timers_to_look_at(session))
    all.push_back(json::object{{"id", timer.id},
                               {"label", timer.name},
                               {"command", timer.command},
                               {"href", "/cases/" + timer.case_id},
                               {"case", case_words(visit, session, timer.case_id)},
                               {"due", moment_words(visit, timer.due_at)},
                               {"refused", timer.status == "refused"},
                               {"attempts", timer.attempts},
                               {"cause", timer.detail}});
  return all;
}

json::array skipped_views(const Visit& visit, Session& session) {
  json::array all;
  for (const Task& task : skipped_tasks(session))
    all.push_back(json::object{{"id", task.id},
                               {"label", visit.say(task.title)},
                               {"href", "/cases/" + task.case_id},
                               {"case", case_words(visit, session, task.case_id)},
                               {"since", moment_words(visit, task.opened_at)}});
  return all;
}

Response show_failures(Visit& visit, const std::string& problem) {
  json::object fields;
  visit.engine.database().read([&](Session& session) {
    const auto give = [&](const std::string& name, json::array all) {
      fields["no_" + name] = all.empty();
      fields[name] = std::move(all);
    };
    give("mails", mail_views(visit, session));
    give("timers", timer_views(visit, session));
    give("skips", skipped_views(visit, session));
    give("webhooks", failed_webhooks(visit, session));
  });
  fields["sentence"] = problem;
  fields["summary"] = json::array();
  const std::string title = visit.say("What failed");
  return operator_page(visit, "failures", "failures", problem.empty() ? title : visit.say("Error: {}", title), std::move(fields),
                       problem.empty() ? 200 : 422);
}

template <class Act>
void write_and_wake(const Visit& visit, const Act& act) {
  visit.engine.database().write([&](Transaction& tx) { act(tx); });
  if (visit.portal.wiring().wake) visit.portal.wiring().wake();
}

Response retry_mail(Visit& visit) {
  const std::string note = note_of(visit, visit.form.fields, false);
  write_and_wake(visit, [&](Transaction& tx) { settle_mail(visit, tx, number_or_stop(visit, visit.params.at("id")), "try again", note); });
  return visit.go("/operator/failures#mail", visit.say("The mail waits to be sent again."));
}

Response resolve_mail(Visit& visit) {
  const std::string outcome(visit.form.fields.get("outcome")), note = note_of(visit, visit.form.fields, true);
  write_and_wake(visit, [&](Transaction& tx) { settle_mail(visit, tx, number_or_stop(visit, visit.params.at("id")), outcome, note); });
  return visit.go("/operator/failures#mail",
                  outcome == "lost" ? visit.say("The mail waits to be sent again.") : visit.say("The mail is noted as arrived."));
}

Response retry_timer(Visit& visit) {
  const std::int64_t id = number_or_stop(visit, visit.params.at("id"));
  std::string became;
  fire_or_postpone(visit, id, [&] { visit.engine.database().write([&](Transaction& tx) { became = fire_again(visit, tx, id); }); });
  return visit.go("/operator/failures#timers",
                  became == "refused" ? visit.say("The timer has fired, and its command was refused.") : visit.say("The timer has fired."));
}

Response skip_one(Visit& visit) {
  const std::string note = note_of(visit, visit.form.fields, true);
  visit.engine.database().write([&](Transaction& tx) { skip_timer(visit, tx, number_or_stop(visit, visit.params.at("id")), note); });
  return visit.go("/operator/failures#timers", visit.say("Noted. It stands in the record."));
}

Response close_one(Visit& visit) {
  const std::string note = note_of(visit, visit.form.fields, true);
  visit.engine.database().write([&](Transaction& tx) { close_skipped(visit, tx, number_or_stop(visit, visit.params.at("id")), note); });
  return visit.go("/operator/failures#skips", visit.say("Noted. It stands in the record."));
}

// What cannot be done is said on the page itself.
template <Response (*act)(Visit&)>
Response or_say_why(Visit& visit) {
  try {
    return act(visit);
  } catch (const Fault& fault) {
    if (fault.status != 422) throw;
    return show_failures(visit, fault.what());
  }
}

}  // namespace

void add_failure_routes(Routes& routes) {
  const Access access = Access::operators;
  const std::string mail = "/operator/failures/mail/{id}/", timer = "/operator/failures/timers/{id}/";
  routes.push_back(
      {"GET", "/operator/failures", "O5", access, [](Visit& v) { return show_failures(v, ""); }, "Mail and timers that failed"});
  routes.push_back({"POST", mail + "retry", "O5", access, or_say_why<retry_mail>, "Send a mail again"});
  routes.push_back({"POST", mail + "resolve", "O5", access, or_say_why<resolve_mail>, "Say what became of a mail"});
  routes.push_back({"POST", timer + "retry", "O5", access, or_say_why<retry_timer>, "Fire a failing timer now"});
  routes.push_back({"POST", timer + "skip", "O5", access, or_say_why<skip_one>, "Skip a timer, with the reason"});
  routes.push_back(
      {"POST", "/operator/failures/skips/{id}/close", "O5", access, or_say_why<close_one>, "A skipped timer's case is looked after"});
}

}  // namespace tradecase::http
