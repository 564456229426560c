// O5 what failed: mail that was given up or whose fate is unknown, timers that are refused or fail, webhooks that were switched off. A
// person finds out and says so.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int shown_max = 200;                    // mails of a status
constexpr std::string_view skipped = "skipped:";  // kind of the task that stands for a skipped timer

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

// The note of a form: why, or how it was found out. A Fault where it is missing or cannot be kept.
std::string note_of(const Visit& visit, bool needed) {
  std::string note = trimmed(visit.form.fields.get("note"));
  if (needed && note.empty()) throw Fault(422, visit.say("Write why. It stands in the record."));
  if (const auto problem = text_problem(note, 1'000)) throw Fault(422, visit.say("The note {}.", *problem));
  return note;
}

OutboxRow failed_mail(const Visit& visit, Session& session) {
  const auto row = find_message(session, number_or_stop(visit, visit.params.at("id")));
  if (!row) throw Fault(404, visit.say("There is no such mail."));
  if (row->status != "given_up" && row->status != "unknown")
    throw Fault(422, visit.say("This mail is {}; somebody settled it meanwhile.", row->status));
  return *row;
}

// outcome: "try again", "lost" (both send it again) or "arrived".
void settle_mail(Visit& visit, const std::string& outcome, const std::string& note) {
  const bool again = outcome != "arrived";
  const Instant now = visit.engine.now();
  visit.engine.database().write([&](Transaction& tx) {
    const OutboxRow row = failed_mail(visit, tx);
    set_message(tx, row.id, again ? "queued" : "sent", row.attempts, now,
                again ? "tried again by a person" : "a person found that it arrived", again ? std::nullopt : std::optional(now));
    close_task(tx, row.case_id, "mail:" + std::to_string(row.id), now);
    record_line(tx, "mail", again ? "retry" : "resolve", visit.visitor.person.id, now,
                {{"mail", row.id}, {"message_id", row.message.message_id}, {"was", row.status}, {"outcome", outcome}, {"note", note}});
  });
  if (again && visit.portal.wiring().wake) visit.portal.wiring().wake();
}

Response retry_mail(Visit& visit) {
  settle_mail(visit, "try again", note_of(visit, false));
  return visit.go("/operator/failures#mail", visit.say("The mail waits to be sent again."));
}

Response resolve_mail(Visit& visit) {
  const std::string outcome(visit.form.fields.get("outcome"));
  if (outcome != "arrived" && outcome != "lost") throw Fault(422, visit.say("Choose what you found out."));
  settle_mail(visit, outcome, note_of(visit, true));
  return visit.go("/operator/failures#mail",
                  outcome == "lost" ? visit.say("The mail waits to be sent again.") : visit.say("The mail is noted as arrived."));
}

Timer timer_or_stop(const Visit& visit, Session& session) {
  auto timer = find_timer(session, number_or_stop(visit, visit.params.at("id")));
  if (!timer) throw Fault(404, visit.say("There is no such timer."));
  return *timer;
}

Response retry_timer(Visit& visit) {
  const Timer timer = visit.engine.database().read([&](Session& session) { return timer_or_stop(visit, session); });
  if (timer.status != "pending" || timer.attempts == 0) throw Fault(422, visit.say("This timer does not fail any more."));
  const auto note = [&](Transaction& tx, const std::string& outcome) {
    record_line(tx, "timer", "retry", visit.visitor.person.id, visit.engine.now(),
                {{"timer", timer.id}, {"name", timer.name}, {"outcome", outcome}});
  };
  std::string became;
  try {
    visit.engine.database().write([&](Transaction& tx) {
      visit.engine.fire(tx, timer);
      became = find_timer(tx, timer.id).value().status;
      note(tx, became);
    });
  } catch (const StoreFailure&) {
    throw;  // not the timer's fault
  } catch (const std::exception& failure) {
    visit.engine.database().write([&](Transaction& tx) {
      postpone_timer(tx, timer.id, visit.engine.now() + std::chrono::hours(1), failure.what());
      note(tx, "failed");
    });
    throw Fault(422, visit.say("It failed again: {}. It is tried in an hour.", failure.what()));
  }
  return visit.go("/operator/failures#timers",
                  became == "refused" ? visit.say("The timer has fired, and its command was refused.") : visit.say("The timer has fired."));
}

// A refused timer has done all it will: somebody says that they looked. One that fails is stopped, and work for a person takes its place.
Response skip_timer(Visit& visit) {
  const std::string note = note_of(visit, true);
  const Instant now = visit.engine.now();
  const std::string& me = visit.visitor.person.id;
  visit.engine.database().write([&](Transaction& tx) {
    const Timer timer = timer_or_stop(visit, tx);
    const bool failing = timer.status == "pending" && timer.attempts > 0;
    if (!failing && timer.status != "refused") throw Fault(422, visit.say("This timer does not fail any more."));
    note_timer(tx, timer.id, me, note, now);
    if (failing) {
      end_timer(tx, timer.id, "stopped", note);
      const Case on = find_case(tx, timer.case_id).value();
      open_task(tx, {0, on.id, on.company, std::string(skipped) + timer.name, "A timer was skipped: see what must happen in this case",
                     Role::admin, "", std::nullopt, false, now});
    }
    record_line(tx, "timer", failing ? "skip" : "acknowledge", me, now,
                {{"timer", timer.id}, {"case", timer.case_id}, {"name", timer.name}, {"command", timer.command}, {"note", note}});
  });
  return visit.go("/operator/failures#timers", visit.say("Noted. It stands in the record."));
}

Response close_skipped(Visit& visit) {
  const std::string note = note_of(visit, true);
  const std::int64_t id = number_or_stop(visit, visit.params.at("id"));
  visit.engine.database().write([&](Transaction& tx) {
    const auto open = skipped_tasks(tx);
    const auto task = std::ranges::find(open, id, &Task::id);
    if (task == open.end()) throw Fault(404, visit.say("That is done already."));
    if (!has_other_work(tx, task->case_id, task->kind))
      throw Fault(422, visit.say("Nothing else would happen in this case. Take the next step in the case first."));
    close_task(tx, task->case_id, task->kind, visit.engine.now());
    record_line(tx, "timer", "resolve", visit.visitor.person.id, visit.engine.now(),
                {{"case", task->case_id}, {"task", task->kind}, {"note", note}});
  });
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
  routes.push_back({"POST", timer + "skip", "O5", access, or_say_why<skip_timer>, "Skip a timer, with the reason"});
  routes.push_back(
      {"POST", "/operator/failures/skips/{id}/close", "O5", access, or_say_why<close_skipped>, "A skipped timer's case is looked after"});
}

}  // namespace tradecase::http
