#include "adapters/http/portal/account_acts.hpp"

#include <algorithm>

#include "adapters/http/portal/account_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t token_name_max = 60;
constexpr std::size_t tokens_max = 20;

}  // namespace

std::string role_words(const Visit& visit, Session& session, const Grant& grant) {
  const auto role = parse_role(grant.role);
  const std::string spoken_role = role ? std::string(spoken(*role)) : "a contact";
  if (grant.company.empty()) return visit.say(spoken_role);
  const auto company = find_company(session, grant.company);
  return visit.say("{} of {}", visit.say(spoken_role), company ? company->legal_name : grant.company);
}

bool end_own_sign_in(const Visit& visit, Transaction& tx, std::int64_t id) {
  const auto mine = sign_ins_of(tx, visit.visitor.person.id);
  if (std::ranges::find(mine, id, &SignIn::id) == mine.end()) return false;
  end_sign_in(tx, id);
  record_line(tx, "people", "end_sign_in", visit.visitor.person.id, visit.engine.now(), {{"others", 1}});
  return true;
}

void end_other_sign_ins(const Visit& visit, Transaction& tx) {
  const std::int64_t own = visit.sign_in ? visit.sign_in->id : 0;
  const auto mine = sign_ins_of(tx, visit.visitor.person.id);
  const std::int64_t others = std::ranges::count_if(mine, [&](const SignIn& one) { return one.id != own; });
  end_sign_ins_of(tx, visit.visitor.person.id, own);
  record_line(tx, "people", "end_sign_in", visit.visitor.person.id, visit.engine.now(), {{"others", others}});
}

std::vector<Grant> notice_choices(const Visit& visit, Session& session) {
  std::vector<Grant> all;
  for (Grant& grant : grants_of(session, visit.visitor.person.id))
    if (!grant.company.empty()) all.push_back(std::move(grant));
  return all;
}

void choose_notices(const Visit& visit, Transaction& tx, const std::vector<std::string>& wanted) {
  const auto choices = notice_choices(visit, tx);
  for (Grant grant : choices) {
    const bool on = std::ranges::find(wanted, grant.role + ":" + grant.company) != wanted.end();
    if (on == grant.notices) continue;
    grant.notices = on;
    add_grant(tx, grant);
    record_line(tx, "people", "notices", visit.visitor.person.id, visit.engine.now(),
                {{"person", grant.person}, {"role", grant.role}, {"company", grant.company}, {"notices", on}});
  }
  for (const Grant& grant : choices)
    if (grant.notices && count_notified(tx, grant.company) == 0)
      throw Fault(422, visit.say("You are the last who gets the notices as {}. Name somebody else first.", role_words(visit, tx, grant)));
}

std::vector<Problem> make_token(const Visit& visit, Transaction& tx, const Fields& form, std::string_view token) {
  const std::string name = trimmed(form.get("name"));
  const std::string_view scope = form.get("scope"), days = form.get("days");
  const auto chosen = std::ranges::find_if(token_days, [&](int one) { return std::to_string(one) == days; });
  const std::string& person = visit.visitor.person.id;
  const auto held = api_tokens_of(tx, person);
  std::vector<Problem> problems;
  if (name.empty())
    problems.push_back({"name", visit.say("Write what the token is for.")});
  else if (const auto problem = text_problem(name, token_name_max))
    problems.push_back({"name", visit.say("The name {}.", *problem)});
  else if (std::ranges::find(held, name, &ApiToken::name) != held.end())
    problems.push_back({"name", visit.say("You have a token of this name. Revoke it first, or choose another name.")});
  else if (held.size() >= tokens_max)
    problems.push_back({"name", visit.say("You have {} tokens. Revoke one first.", held.size())});
  if (scope != "read" && scope != "write") problems.push_back({"scope", visit.say("Choose what the token may do.")});
  if (chosen == std::end(token_days)) problems.push_back({"days", visit.say("Choose how long the token holds.")});
  if (!problems.empty()) return problems;
  const Instant now = visit.portal.wiring().wall_clock();
  save_api_token(tx, token, {0, person, name, std::string(scope), now, now + std::chrono::hours(24 * *chosen), std::nullopt});
  record_line(tx, "people", "create_token", person, visit.engine.now(), {{"person", person}, {"name", name}, {"scope", scope}});
  return {};
}

void revoke_token(const Visit& visit, Transaction& tx, std::int64_t id) {
  const std::string& person = visit.visitor.person.id;
  const auto held = api_tokens_of(tx, person);
  const auto token = std::ranges::find(held, id, &ApiToken::id);
  if (token == held.end()) throw Fault(404, visit.say("You have no such token."));
  revoke_api_token(tx, person, id);
  record_line(tx, "people", "revoke_token", person, visit.engine.now(), {{"person", person}, {"name", token->name}});
}

}  // namespace tradecase::http
