// N10: one step for several cases. First who would take it and who not, and why; then, after a look, the step itself; then the result of
// each. Every case is asked and commanded by itself: one that says no does not stop the others.
#include <algorithm>

#include "adapters/http/portal/bulk_acts.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/portal/team_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::optional<Step> step_of(const Visit& visit, const Fields& fields) { return step_named(visit, std::string(fields.get("command"))); }

json::array ids_of(const std::vector<Chosen>& chosen) {
  json::array ids;
  for (const Chosen& one : chosen) ids.push_back(json::object{{"case", one.on.id}, {"case_title", one.title}, {"version", one.on.version}});
  return ids;
}

Response choose_step(Visit& visit, const std::vector<Chosen>& chosen) {
  std::map<std::string, std::pair<std::string, int>> steps;  // command → label, how many take it
  for (const Chosen& one : chosen)
    for (const Permission& permission : one.permitted) {
      const CommandWords* words = visit.words().find(one.on.workflow, permission.command);
      if (words == nullptr || !fits_several(*words) || permission.verdict == Permission::Verdict::no) continue;
      auto& step = steps[one.on.workflow + "." + permission.command];
      step.first = visit.say(words->button);
      ++step.second;
    }
  json::array offered;
  for (const auto& [command, step] : steps)
    offered.push_back(json::object{{"value", command},
                                   {"id", "step-" + std::to_string(offered.size())},
                                   {"label", step.first},
                                   {"fit", visit.say("{} of {} (case takes|cases take) it", step.second, chosen.size())},
                                   {"only", steps.size() == 1}});
  return visit.page("bulk_choose", visit.say("Act on {} (case|cases)", chosen.size()),
                    {{"cases", ids_of(chosen)}, {"any", !offered.empty()}, {"steps", offered}});
}

Response dry_run(Visit& visit, const std::vector<Chosen>& chosen, const Step& step, const Fields& fields, const std::string& sentence,
                 const std::vector<Problem>& problems) {
  json::array yes, no, summary;
  for (const Chosen& one : chosen) {
    if (takes(one, step))
      yes.push_back(json::object{{"case", one.on.id}, {"case_title", one.title}, {"version", one.on.version}});
    else
      no.push_back(json::object{{"case", one.on.id}, {"case_title", one.title}, {"reason", why_not(visit, one, step)}});
  }
  for (const Problem& problem : problems)
    summary.push_back(json::object{{"field", problem.field}, {"sentence", visit.say(problem.sentence)}});
  const std::string title = visit.say("{}: {} of {} (case|cases)", visit.say(step.words->button), yes.size(), chosen.size());
  const std::string_view token = fields.get("key");
  return visit.page("bulk_check", sentence.empty() ? title : visit.say("Error: {}", title),
                    {{"heading", title},
                     {"explain", step.words->explain.empty() ? "" : visit.say(step.words->explain)},
                     {"grave", step.words->grave},
                     {"command", step.workflow + "." + step.command},
                     {"any", !yes.empty()},
                     {"yes", yes},
                     {"any_no", !no.empty()},
                     {"no", no},
                     {"controls", control_views(visit, *step.words, fields, problems)},
                     {"confirm", visit.say("{}, {} (case|cases)",
                                           visit.say(step.words->confirm.empty() ? step.words->button : step.words->confirm), yes.size())},
                     {"sentence", sentence},
                     {"summary", summary},
                     {"key", token.empty() ? random_token() : std::string(token)}},
                    sentence.empty() ? 200 : 422);
}

Response show_bulk(Visit& visit) {
  const Fields& fields = visit.request.query;
  const auto chosen = chosen_cases(visit, fields.all("case"));
  if (chosen.empty()) return visit.go("/queue", visit.say("Choose a case first."));
  const auto step = step_of(visit, fields);
  return step ? dry_run(visit, chosen, *step, fields, "", {}) : choose_step(visit, chosen);
}

json::object run_one(const Visit& visit, const Chosen& one, const Step& step, const json::object& body, const Fields& fields) {
  std::optional<std::int64_t> version;
  if (const std::string said(fields.get("version." + one.on.id));
      !said.empty() && said.size() < 10 && said.find_first_not_of("0123456789") == std::string::npos)
    version = std::stoll(said);
  return take_step(visit, one, step, body, std::string(fields.get("key")), version);
}

Response run_bulk(Visit& visit) {
  const Fields& fields = visit.form.fields;
  const auto step = step_of(visit, fields);
  const std::string token(fields.get("key"));
  if (!step || token.size() < 20 || token.size() > 100) throw Fault(422, visit.say("This form is not complete. Choose the cases again."));
  const auto chosen = chosen_cases(visit, fields.all("case"));
  ReadBody read = read_body(*step->words, fields, visit.programme().rules);
  if (!read.problems.empty())
    return dry_run(visit, chosen, *step, fields, visit.say("There is something to mend before this can be sent."), read.problems);
  json::array results;
  for (const Chosen& one : chosen) results.push_back(run_one(visit, one, *step, read.body, fields));
  const BulkRun run{step->workflow + "." + step->command, json::serialize(results), visit.engine.now()};
  visit.engine.database().write([&](Transaction& tx) { save_bulk_run(tx, token, visit.visitor.person.id, run); });
  return visit.go("/bulk/" + token);
}

Response show_result(Visit& visit) {
  const auto run = visit.engine.database().read(
      [&](Session& session) { return find_bulk_run(session, visit.params.at("run"), visit.visitor.person.id); });
  if (!run) throw Fault(404, visit.say("There is no such result."));
  const auto dot = run->command.find('.');
  const CommandWords* words = visit.words().find(run->command.substr(0, dot), run->command.substr(dot + 1));
  json::array rows = json::parse(run->results).as_array();
  const auto done = std::ranges::count_if(rows, [](const json::value& row) { return row.as_object().at("ok").as_bool(); });
  return visit.page("bulk_result", visit.say("Result: {} of {} (case|cases) done", done, rows.size()),
                    {{"step", words == nullptr ? run->command : visit.say(words->button)}, {"rows", rows}});
}

}  // namespace

void add_bulk_routes(Routes& routes) {
  routes.push_back({"GET", "/bulk", "N10", Access::team, show_bulk, "One step for several cases: which of them would take it"});
  routes.push_back({"POST", "/bulk", "N10", Access::team, run_bulk, "Take one step for several cases"});
  routes.push_back({"GET", "/bulk/{run}", "N10", Access::team, show_result, "The result of a step for several cases, one by one"});
}

}  // namespace tradecase::http
