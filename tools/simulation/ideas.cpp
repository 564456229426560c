#include "tools/simulation/ideas.hpp"

#include <algorithm>

namespace tradecase::simulation {
namespace {

struct Thought {
  Session& session;
  const Programme& programme;
  const Cast& cast;
  Dice& dice;
  Date today;
  const std::string& about;

  std::string somebody(Role role) const { return dice.one_of(cast.with(role)).id; }
  const CompanyPeople& company() const { return cast.companies.at(about); }

  Command opening(const char* workflow, const char* name, std::string actor, json::object body) const {
    Command command;
    command.workflow = workflow;
    command.company = about;
    command.name = name;
    command.actor = std::move(actor);
    command.body = std::move(body);
    return command;
  }

  std::optional<Command> to_open(const char* workflow, const char* name, std::string actor, json::object body) const {
    for (const CaseSummary& one : open_cases_of(session, about, ""))
      if (one.workflow == workflow) return to_case(one.id, name, std::move(actor), std::move(body));
    return std::nullopt;
  }

  Command to_case(const std::string& id, const char* name, std::string actor, json::object body) const {
    Command command;
    command.case_id = id;
    command.name = name;
    command.actor = std::move(actor);
    command.body = std::move(body);
    return command;
  }

  json::array one_rule(std::string_view rule) const { return {json::value(dice.one_of(programme.rules.texts(rule)))}; }
};

std::string proposer(Thought& t) {  // who keeps the account, or headquarters
  const auto company = find_company(t.session, t.about);
  const bool by_nam = company && !company->nam.empty() && t.dice.chance(500);
  return by_nam ? t.cast.present(company->nam, t.today) : t.somebody(Role::compliance);
}

json::object security(Thought& t) {
  if (t.dice.chance(500)) return {{"tier", "III"}, {"status", "good_standing"}};
  if (t.dice.chance(500)) return {{"tier", "I"}, {"status", "good_standing"}};
  return {{"tier", "III"}, {"status", "suspended"}};
}

std::optional<Command> for_cause(Thought& t) {
  const json::object body{{"cause", "An allegation was received."}};
  if (auto command = t.to_open("continuation", "open_for_cause", t.somebody(Role::compliance), body)) return command;
  return t.opening("continuation", "open_for_cause", t.somebody(Role::compliance), body);
}

std::optional<Command> by_company(Thought& t, const char* name, json::object body) {
  return t.to_open("membership", name, t.company().officer.id, std::move(body));
}

std::optional<Command> on_case(Thought& t, const char* name, json::object body, bool signs) {
  const auto found = find_case(t.session, t.about);
  if (!found || !found->open) return std::nullopt;
  const Someone& officer = t.cast.companies.at(found->company).officer;
  if (signs) body["signature"] = officer.name;
  return t.to_case(found->id, name, officer.id, std::move(body));
}

}  // namespace

std::optional<Command> command_of(Session& session, const Programme& programme, const Cast& cast, Dice& dice, Date today, Idea idea,
                                  const std::string& about) {
  Thought t{session, programme, cast, dice, today, about};
  const json::array reasons{"A pattern in the entries of the last year."};
  switch (idea) {
    case Idea::work:
      break;
    case Idea::survey:
      return t.opening("risk_survey", "propose", proposer(t),
                       {{"basis", "risk"}, {"reasons", reasons}, {"topics", json::array{"Forced labor"}}});
    case Idea::referral:
      return t.opening("audit", "open_referral", t.somebody(Role::compliance),
                       {{"kind", t.one_rule("audit.kinds").front()}, {"risk_areas", t.one_rule("audit.risk_areas")}, {"reasons", reasons}});
    case Idea::breach:
      return by_company(t, "report_breach", {{"what", "Two entries were declared with a wrong origin."}});
    case Idea::disclosure:
      return t.to_open("membership", "invite_disclosure", t.somebody(Role::compliance), {{"reasons", reasons}});
    case Idea::withdraw:
      return by_company(t, "withdraw", {});
    case Idea::security:
      return t.to_open("membership", "security_status_changed", t.somebody(Role::compliance), security(t));
    case Idea::for_cause:
      return for_cause(t);
    case Idea::propose_suspension:
      return t.to_open("membership", "propose_suspension", t.somebody(Role::compliance),
                       {{"reason_code", t.one_rule("membership.reason_codes").front()}, {"reason", "The controls did not work."}});
    case Idea::remove_at_once:
      return t.to_open("membership", "remove_at_once", t.somebody(Role::compliance),
                       {{"reason_code", t.one_rule("membership.aggravated_codes").front()}, {"reason", "False documents were handed in."}});
    case Idea::reassign:
      return t.to_open("membership", "assign_nam", t.somebody(Role::supervisor), {{"nam", t.dice.one_of(t.cast.with(Role::nam)).email}});
    case Idea::launch:
      return t.opening("application", "launch", t.company().officer.id, {});
    case Idea::respond:
      return on_case(t, "respond", {{"answer", "We have changed the procedure."}}, false);
    case Idea::appeal:
      return on_case(t, "appeal", {{"grounds", "The finding is wrong."}}, true);
  }
  return std::nullopt;
}

}  // namespace tradecase::simulation
