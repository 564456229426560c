// What everybody keeps for themselves: sign-ins, tokens, mail choices, the calendar's address, the queue's filters.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/portal/account_acts.hpp"
#include "adapters/http/portal/importer_store.hpp"
#include "adapters/http/portal/queue_store.hpp"
#include "adapters/http/portal/staff.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

json::object listed(json::array items) { return {{"items", std::move(items)}, {"next", nullptr}}; }

json::object own_sign_ins(const Visit& visit, Session& session) {
  json::array items;
  const Portal& portal = visit.portal;
  for (const SignIn& one : sign_ins_of(session, visit.visitor.person.id))
    if (!has_expired(one, visit.visitor.is_staff(), portal.wiring().wall_clock(), portal.wiring().limits))
      items.push_back(json::object{{"sign_in", one.id},
                                   {"agent", one.agent},
                                   {"began", to_text(one.began)},
                                   {"seen", to_text(one.seen)},
                                   {"this_one", visit.sign_in && visit.sign_in->id == one.id}});
  return listed(std::move(items));
}

json::object own_tokens(const Visit& visit, Session& session) {
  json::array items;
  for (const ApiToken& one : api_tokens_of(session, visit.visitor.person.id))
    items.push_back(json::object{{"id", one.id},
                                 {"name", one.name},
                                 {"scope", one.scope},
                                 {"made", to_text(one.made)},
                                 {"expires", to_text(one.expires)},
                                 {"used", one.used ? json::value(to_text(*one.used)) : json::value(nullptr)}});
  return listed(std::move(items));
}

json::object own_notices(const Visit& visit, Session& session) {
  json::array items;
  for (const Grant& grant : notice_choices(visit, session))
    items.push_back(json::object{{"role", grant.role}, {"company", grant.company}, {"notices", grant.notices}});
  return listed(std::move(items));
}

json::object own_calendar(const Visit& visit, Session& session) {
  return {{"has", has_feed(session, visit.visitor.person.id)}, {"address", nullptr}};
}

json::object own_filters(const Visit& visit, Session& session) {
  json::array items;
  for (const SavedFilter& one : saved_filters_of(session, visit.visitor.person.id))
    items.push_back(json::object{{"filter", one.id}, {"name", one.name}, {"query", one.query}});
  return listed(std::move(items));
}

using Shown = json::object (*)(const Visit&, Session&);
template <Shown shown>
Response show_own(Visit& visit) {
  return visit.json_answer(visit.engine.database().read([&](Session& session) { return shown(visit, session); }));
}

Response end_sign_in_by_id(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    const std::int64_t id = id_or_stop(visit, "id");
    if (visit.sign_in && visit.sign_in->id == id) throw ApiProblem(422, "guard", visit.say("This is the sign-in you are using."));
    if (!end_own_sign_in(visit, tx, id)) throw Fault(404, visit.say("You have no such sign-in."));
    return own_sign_ins(visit, tx);
  });
}

Response end_other_ones(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    end_other_sign_ins(visit, tx);
    return own_sign_ins(visit, tx);
  });
}

// {notices: [{role, company}]}: those that get the notices; all others do not.
std::vector<std::string> wanted_notices(const Visit& visit, const json::object& body) {
  const auto* list = body.if_contains("notices");
  if (list == nullptr || !list->is_array() || body.size() != 1)
    throw ApiProblem(400, "invalid", visit.say("The body is an object with one field, notices: a list of roles with their company."),
                     {{"errors", json::array{error_at("/notices", "invalid", "is needed, as a list")}}});
  std::vector<std::string> wanted;
  for (const json::value& one : list->get_array()) {
    if (!one.is_object()) throw ApiProblem(400, "invalid", visit.say("Each entry of notices is an object: role and company."));
    const Fields named = read_fields(visit, one.get_object(), {{"role", true}, {"company", true}});
    wanted.push_back(std::string(named.get("role")) + ":" + std::string(named.get("company")));
  }
  return wanted;
}

Response choose_own_notices(Visit& visit) {
  const json::object body = read_object(visit);
  const auto wanted = wanted_notices(visit, body);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    choose_notices(visit, tx, wanted);
    return own_notices(visit, tx);
  });
}

Response make_own(Visit& visit) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, {{"name", true}, {"scope", true}, {"days", true}});
  return once(
      visit, body,
      [&](Transaction& tx) -> json::value {
        const std::string token = random_token();
        stop_at(visit, make_token(visit, tx, form, token));
        return json::object{{"name", trimmed(form.get("name"))}, {"scope", form.get("scope")}, {"token", token}};
      },
      200, "token");
}

Response revoke_own(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    revoke_token(visit, tx, id_or_stop(visit, "id"));
    return own_tokens(visit, tx);
  });
}

Response make_calendar(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(
      visit, body,
      [&](Transaction& tx) -> json::value {
        const std::string token = random_token();
        set_feed(tx, visit.visitor.person.id, token);
        return json::object{{"has", true}, {"address", visit.programme().portal_url + "/calendar/" + token + ".ics"}};
      },
      200, "address");
}

Response revoke_calendar(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    end_feed(tx, visit.visitor.person.id);
    return own_calendar(visit, tx);
  });
}

Response save_own_filter(Visit& visit) {
  const json::object body = read_object(visit);
  const Fields form = read_fields(visit, body, {{"name", true}, {"query", true}});
  return once(visit, body, [&](Transaction& tx) -> json::value {
    stop_at(visit, save_queue_filter(visit, tx, form));
    return own_filters(visit, tx);
  });
}

Response forget_own_filter(Visit& visit) {
  const json::object body = read_nothing(visit);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    forget_filter(tx, visit.visitor.person.id, id_or_stop(visit, "id"));
    return own_filters(visit, tx);
  });
}

Endpoint get_own(const char* path, Handler handler, const char* operation, const char* summary, const char* answer,
                 Access access = Access::signed_in) {
  return {"GET", std::string("/api/v1/me/") + path, access, std::move(handler), operation, summary, answer};
}

Endpoint post_own(const char* path, Handler handler, const char* operation, const char* summary, const char* answer, const char* body = "",
                  Access access = Access::signed_in) {
  return {"POST", std::string("/api/v1/me/") + path, access, std::move(handler), operation, summary, answer, {}, body};
}

}  // namespace

std::vector<Endpoint> own_endpoints() {
  return {
      get_own("sign-ins", show_own<own_sign_ins>, "listSignIns", "Where the caller is signed in", "SignInList"),
      post_own("sign-ins/end-others", end_other_ones, "endOtherSignIns", "End all sign-ins but the one in use", "SignInList"),
      post_own("sign-ins/{id}/end", end_sign_in_by_id, "endSignIn", "End a sign-in", "SignInList"),
      get_own("tokens", show_own<own_tokens>, "listTokens", "The caller's tokens for machines", "TokenList"),
      post_own("tokens", make_own, "makeToken", "Make a token. It is told once: the same key again answers without it", "NewTokenMade",
               "NewToken"),
      post_own("tokens/{id}/revoke", revoke_own, "revokeToken", "Revoke a token", "TokenList"),
      get_own("notices", show_own<own_notices>, "listNotices", "Which of the caller's roles get notices by mail", "NoticeList"),
      post_own("notices", choose_own_notices, "chooseNotices", "Choose which roles get notices; the others do not", "NoticeList",
               "ChooseNotices"),
      get_own("calendar", show_own<own_calendar>, "getCalendarAddress", "Whether there is a secret calendar address", "CalendarAddress"),
      post_own("calendar", make_calendar, "makeCalendarAddress",
               "Make a calendar address, which ends the one before. It is told once: the same key again answers without it",
               "CalendarAddress"),
      post_own("calendar/revoke", revoke_calendar, "revokeCalendarAddress", "End the calendar address", "CalendarAddress"),
      get_own("filters", show_own<own_filters>, "listFilters", "The caller's saved filters of the queue", "FilterList", Access::team),
      post_own("filters", save_own_filter, "saveFilter", "Save filters of the queue under a name", "FilterList", "NewFilter", Access::team),
      post_own("filters/{id}/forget", forget_own_filter, "forgetFilter", "Forget a saved filter", "FilterList", "", Access::team)};
}

}  // namespace tradecase::http
