#include "adapters/http/portal/bulk_acts.hpp"

#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t cases_most = 100;

}  // namespace

const Permission* Chosen::find(std::string_view command) const {
  const auto found = std::ranges::find(permitted, command, &Permission::command);
  return found == permitted.end() ? nullptr : &*found;
}

std::vector<Chosen> chosen_cases(const Visit& visit, const std::vector<std::string>& ids) {
  std::vector<Chosen> all;
  for (const std::string& id : ids) {
    if (all.size() == cases_most) throw Fault(422, visit.say("Choose {} cases or fewer.", cases_most));
    if (std::ranges::any_of(all, [&](const Chosen& one) { return one.on.id == id; })) continue;
    Chosen one;
    const bool seen = visit.engine.database().read([&](Session& session) {
      auto found = find_case(session, id);
      if (!found || !visit.sees(*found)) return false;
      const auto company = find_company(session, found->company);
      one.title = case_name(visit, found->workflow, found->cycle) + ", " + (company ? company->legal_name : found->company);
      one.on = std::move(*found);
      return true;
    });
    if (!seen) throw Fault(404, visit.say("There is no such case or company, or it is not yours."));
    if (auto permitted = visit.engine.permitted(id, visit.visitor.person.id); std::holds_alternative<std::vector<Permission>>(permitted))
      one.permitted = std::get<std::vector<Permission>>(std::move(permitted));
    all.push_back(std::move(one));
  }
  return all;
}

// A page of its own asks for more than a form for several can.
bool fits_several(const CommandWords& words) { return words.elsewhere.empty() || words.controls.empty(); }

std::optional<Step> step_named(const Visit& visit, const std::string& name) {
  const auto dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  Step step{name.substr(0, dot), name.substr(dot + 1), nullptr};
  step.words = visit.words().find(step.workflow, step.command);
  if (step.words == nullptr || !fits_several(*step.words)) throw Fault(404, visit.say("There is no such step for several cases."));
  return step;
}

bool takes(const Chosen& one, const Step& step) {
  const Permission* found = one.on.workflow == step.workflow ? one.find(step.command) : nullptr;
  return found != nullptr && found->verdict != Permission::Verdict::no;
}

std::string why_not(const Visit& visit, const Chosen& one, const Step& step) {
  const Permission* found = one.on.workflow == step.workflow ? one.find(step.command) : nullptr;
  if (found == nullptr) return visit.say("There is no such step for this kind of case.");
  return join(found->reasons, "; ");
}

json::object take_step(const Visit& visit, const Chosen& one, const Step& step, const json::object& body, const std::string& key,
                       std::optional<std::int64_t> version) {
  Command command;
  command.case_id = one.on.id;
  command.name = step.command;
  command.body = body;
  command.actor = visit.visitor.person.id;
  command.key = key + ":" + one.on.id;
  command.expected_version = version;
  const Answer answer = visit.engine.execute(command);
  const auto* refusal = std::get_if<Refusal>(&answer);
  return {{"case", one.on.id},
          {"title", one.title},
          {"ok", refusal == nullptr},
          {"sentence", refusal == nullptr ? visit.words().done(step.workflow, step.command) : refusal->sentence}};
}

}  // namespace tradecase::http
