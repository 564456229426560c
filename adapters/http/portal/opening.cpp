// A survey is proposed, an audit is referred: staff opens the case from the file of the company.
#include <algorithm>

#include "adapters/http/portal/command_page.hpp"

namespace tradecase::http {
namespace {

struct Opening {
  std::string workflow, command;
};
const std::vector<Opening> openings{{"risk_survey", "propose"}, {"audit", "open_referral"}};

// By the roles held towards this company: an account manager's are those of their accounts.
bool may_open(const Visit& visit, const Opening& one) {
  const CommandInfo* command = visit.programme().workflows.get(one.workflow).command(one.command);
  const auto actor = visit.engine.database().read(
      [&](Session& session) { return find_actor(session, visit.visitor.person.id, *visit.company, visit.today()); });
  return command != nullptr && actor && command->roles.any_of(actor->roles);
}

std::string opening_path(const Visit& visit, const Opening& one) {
  return "/companies/" + percent_encoded(visit.company->id) + "/open/" + one.workflow;
}

const Opening& opening_or_stop(const Visit& visit) {
  const auto found = std::ranges::find(openings, visit.params.at("workflow"), &Opening::workflow);
  if (found == openings.end()) throw Fault(404, visit.say("There is no page at this address."));
  if (!may_open(visit, *found)) throw Fault(403, visit.say("You may not open such a case for this company."));
  return *found;
}

Response show_opening(const Visit& visit, const Opening& one, const std::string& sentence, const std::vector<Problem>& problems,
                      int status) {
  return command_page(visit, *visit.words().find(one.workflow, one.command),
                      {.action = opening_path(visit, one),
                       .back = "/companies/" + percent_encoded(visit.company->id),
                       .back_title = visit.company->legal_name,
                       .version = "",
                       .fields = visit.form.fields,
                       .sentence = sentence,
                       .problems = problems,
                       .status = status});
}

Response open_by_form(Visit& visit) {
  const Opening& one = opening_or_stop(visit);
  ReadBody read = read_body(*visit.words().find(one.workflow, one.command), visit.form.fields, visit.programme().rules);
  if (!read.problems.empty()) return show_opening(visit, one, nothing_sent(visit), read.problems, 422);
  Command open;
  open.workflow = one.workflow;
  open.company = visit.company->id;
  open.name = one.command;
  open.body = std::move(read.body);
  open.actor = visit.visitor.person.id;
  open.key = visit.form.fields.get("key");
  const Answer answer = visit.engine.execute(open);
  if (const auto* refusal = std::get_if<Refusal>(&answer))
    return show_opening(visit, one, visit.words().in_words(visit.programme().workflows.get(one.workflow), refusal->sentence),
                        refusal->problems, status_of(*refusal));
  return visit.go("/cases/" + std::get<Receipt>(answer).case_id,
                  visit.say("Done: {}.", visit.say(visit.words().done(one.workflow, one.command))));
}

}  // namespace

json::array openings_for(const Visit& visit) {
  json::array all;
  for (const Opening& one : openings)
    if (may_open(visit, one))
      all.push_back(
          json::object{{"href", opening_path(visit, one)}, {"label", visit.say(visit.words().find(one.workflow, one.command)->button)}});
  return all;
}

void add_opening_routes(Routes& routes) {
  const std::string path = "/companies/{company}/open/{workflow}";
  routes.push_back({"GET", path, "A1", Access::team, [](Visit& visit) { return show_opening(visit, opening_or_stop(visit), "", {}, 200); },
                    "Propose a survey or an audit"});
  routes.push_back({"POST", path, "A1", Access::team, open_by_form, "Open a survey or an audit"});
}

}  // namespace tradecase::http
