// The operator's acts: people with roles and absences, somebody who leaves, mail and timers that failed, a verification of everything.
#include "adapters/http/api.hpp"
#include "adapters/http/portal/leave_acts.hpp"
#include "adapters/http/portal/operator_acts.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/people_acts.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// ---- people ------------------------------------------------------------------------------------------------------------------

json::object one_person(Session& session, const std::string& id) {
  const Person person = find_person(session, id).value();
  json::array grants, absences;
  for (const Grant& grant : grants_of(session, id))
    grants.push_back(json::object{{"role", grant.role}, {"company", grant.company}, {"notices", grant.notices}});
  for (const Absence& absence : absences_of(session, id)) {
    const auto delegate = find_person(session, absence.delegate);
    absences.push_back(json::object{{"from", to_text(absence.from_on)},
                                    {"to", to_text(absence.to_on)},
                                    {"delegate", delegate ? json::value(delegate->email) : json::value(nullptr)}});
  }
  return {{"person", person.id},
          {"href", "/api/v1/people/" + person.id},
          {"name", person.name},
          {"email", person.email},
          {"title", person.title},
          {"phone", person.phone},
          {"departed_on", person.departed_on ? json::value(to_text(*person.departed_on)) : json::value(nullptr)},
          {"grants", std::move(grants)},
          {"absences", std::move(absences)}};
}

Response show_one_person(Visit& visit) {
  return visit.json_answer(
      visit.engine.database().read([&](Session& session) { return one_person(session, named_person(visit, session).id); }));
}

Response add_one_person(Visit& visit) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, {{"email", true}, {"name", true}, {"title"}, {"phone"}, {"role", true}, {"company"}});
  return once(
      visit, body,
      [&](Transaction& tx) -> json::value {
        std::string id;
        stop_at(visit, add_somebody(visit, tx, form, id));
        return one_person(tx, id);
      },
      201);
}

using PersonAct = std::vector<Problem> (*)(const Visit&, Transaction&, const Fields&);

Response act_on_person(Visit& visit, PersonAct act, std::initializer_list<BodyField> known) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, known);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    stop_at(visit, act(visit, tx, form));
    return one_person(tx, visit.params.at("person"));
  });
}

// ---- leaving -----------------------------------------------------------------------------------------------------------------

json::object handover_view(const Visit& visit, Session& session) {
  const Handover all = handover_of(visit, session);
  json::array tasks, accounts, successors;
  for (const Task& task : all.tasks)
    tasks.push_back(json::object{{"case", task.case_id},
                                 {"title", visit.say(task.title)},
                                 {"due_on", task.due_on ? json::value(to_text(*task.due_on)) : json::value(nullptr)}});
  for (const std::string& id : all.accounts) accounts.push_back(json::value(id));
  for (const Person& other : all_people(session))
    if (other.id != all.person.id && !other.departed_on && has_roles_of(session, all.person, other))
      successors.push_back(json::object{{"person", other.id}, {"name", other.name}, {"email", other.email}});
  return {{"person", all.person.id},
          {"tasks", std::move(tasks)},
          {"accounts", std::move(accounts)},
          {"successors", std::move(successors)},
          {"digest", all.digest()}};
}

Response show_handover(Visit& visit) {
  return visit.json_answer(visit.engine.database().read([&](Session& session) { return handover_view(visit, session); }));
}

Response leave_now(Visit& visit) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, {{"to", true}, {"digest", true}});
  return once(visit, body, [&](Transaction& tx) -> json::value {
    Left left;
    if (const std::string sentence = hand_over(visit, tx, form, left); !sentence.empty()) throw ApiProblem(422, "guard", sentence);
    return json::object{
        {"person", visit.params.at("person")}, {"successor", form.get("to")}, {"tasks", left.tasks}, {"accounts", left.accounts}};
  });
}

// ---- what failed -------------------------------------------------------------------------------------------------------------

Response settle_one_mail(Visit& visit, bool again) {
  const json::object body = again ? read_nothing(visit) : read_object(visit);
  const Fields form = again ? Fields() : read_fields(visit, body, {{"outcome", true}, {"note", true}});
  Response response = once(visit, body, [&](Transaction& tx) -> json::value {
    const std::int64_t id = id_or_stop(visit, "id");
    const std::string outcome = again ? "try again" : std::string(form.get("outcome"));
    settle_mail(visit, tx, id, outcome, note_of(visit, form, !again));
    return json::object{{"id", id}, {"outcome", outcome}};
  });
  if (visit.portal.wiring().wake) visit.portal.wiring().wake();
  return response;
}

Response list_timers(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const Timer& timer : timers_to_look_at(session))
      items.push_back(json::object{{"id", timer.id},
                                   {"case", timer.case_id},
                                   {"name", timer.name},
                                   {"command", timer.command},
                                   {"due_at", to_text(timer.due_at)},
                                   {"status", timer.status},
                                   {"attempts", timer.attempts},
                                   {"detail", timer.detail}});
  });
  return list_answer(visit, std::move(items), "");
}

Response fire_one_timer(Visit& visit) {
  const json::object body = read_nothing(visit);
  const std::int64_t id = id_or_stop(visit, "id");
  Response response;
  fire_or_postpone(visit, id, [&] {
    response = once(visit, body, [&](Transaction& tx) -> json::value {
      return json::object{{"id", id}, {"outcome", fire_again(visit, tx, id)}};
    });
  });
  return response;
}

using NotedAct = void (*)(const Visit&, Transaction&, std::int64_t, const std::string&);
Response note_on(Visit& visit, NotedAct act, const char* outcome) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, {{"note", true}});
  return once(visit, body, [&](Transaction& tx) -> json::value {
    const std::int64_t id = id_or_stop(visit, "id");
    act(visit, tx, id, note_of(visit, form, true));
    return json::object{{"id", id}, {"outcome", outcome}};
  });
}

Response list_skipped(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const Task& task : skipped_tasks(session))
      items.push_back(
          json::object{{"id", task.id}, {"case", task.case_id}, {"title", visit.say(task.title)}, {"opened_at", to_text(task.opened_at)}});
  });
  return list_answer(visit, std::move(items), "");
}

Response verify_everything(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once_outside(visit, body, [&]() -> json::value { return verify_and_keep(visit); });
}

Endpoint get_it(std::string path, Handler handler, const char* operation, const char* summary, const char* answer) {
  return {"GET", "/api/v1/" + std::move(path), Access::operators, std::move(handler), operation, summary, answer};
}
Endpoint post_it(std::string path, Handler handler, const char* operation, const char* summary, const char* answer, const char* body = "",
                 int success = 200) {
  return {"POST", "/api/v1/" + std::move(path), Access::operators, std::move(handler), operation, summary, answer, {}, body, false,
          success};
}

}  // namespace

std::vector<Endpoint> operator_endpoints() {
  const std::string one = "people/{person}";
  const auto role = [](PersonAct act) { return [act](Visit& v) { return act_on_person(v, act, {{"role", true}, {"company"}}); }; };
  return {
      post_it("people", add_one_person, "addPerson", "Add a person with a first role", "OnePerson", "NewPerson", 201),
      get_it(one, show_one_person, "getPerson", "A person with roles and absences", "OnePerson"),
      post_it(
          one,
          [](Visit& v) {
            return act_on_person(v, change_somebody, {{"name", true}, {"title"}, {"phone"}});
          },
          "changePerson", "Change a person's name, title and phone", "OnePerson", "ChangePerson"),
      post_it(one + "/roles", role(give_role), "giveRole", "Give a person a role", "OnePerson", "RoleNamed"),
      post_it(one + "/roles/remove", role(take_role), "takeRole", "Take a role away", "OnePerson", "RoleNamed"),
      post_it(
          one + "/absences",
          [](Visit& v) {
            return act_on_person(v, note_absence, {{"from", true}, {"to", true}, {"delegate", true}});
          },
          "enterAbsence", "Enter an absence with its delegate", "OnePerson", "NewAbsence"),
      get_it(one + "/handover", show_handover, "getHandover", "What a leaver would hand over, and to whom it could go", "Handover"),
      post_it(one + "/leave", leave_now, "leave", "Hand over a leaver's work as getHandover told it", "HandedOver", "Leave"),
      post_it(
          "messages/{id}/retry", [](Visit& v) { return settle_one_mail(v, true); }, "retryMessage", "Send a failed mail again", "Settled"),
      post_it(
          "messages/{id}/resolve", [](Visit& v) { return settle_one_mail(v, false); }, "resolveMessage", "Say what became of a mail",
          "Settled", "ResolveMessage"),
      get_it("timers", list_timers, "listTimers", "Timers that fail or were refused", "TimerList"),
      post_it("timers/{id}/retry", fire_one_timer, "retryTimer", "Fire a failing timer now", "Settled"),
      post_it(
          "timers/{id}/skip", [](Visit& v) { return note_on(v, skip_timer, "skipped"); }, "skipTimer", "Skip a timer, with the reason",
          "Settled", "Noted"),
      get_it("skipped", list_skipped, "listSkipped", "Work that stands for skipped timers", "SkippedList"),
      post_it(
          "skipped/{id}/close", [](Visit& v) { return note_on(v, close_skipped, "closed"); }, "closeSkipped",
          "A skipped timer's case is looked after", "Settled", "Noted"),
      post_it("record/verify", verify_everything, "verifyRecord", "Verify every invariant and the record", "Verified")};
}

}  // namespace tradecase::http
