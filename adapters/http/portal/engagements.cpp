// A1: the surveys and audits that are open, whose turn it is and what is due, and for the programme how often nobody had to be asked.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/portal/survey_store.hpp"
#include "adapters/http/portal/surveys.hpp"

namespace tradecase::http {
namespace {

constexpr int a_page = 50;

std::string owner_words(const Visit& visit, const std::string& owner) {
  if (owner == "timer") return visit.say("the system's clock");
  const auto role = parse_role(owner);
  return role ? visit.say(std::string(spoken(*role))) : owner;
}

json::object view_of(const Visit& visit, const Engagement& one) {
  const std::int64_t all = one.counts.asked + one.counts.pre_answered;
  return {{"href", "/cases/" + one.case_id},
          {"company", one.company_name},
          {"what", visit.say(visit.words().title(one.workflow))},
          {"case", one.case_id},
          {"state", visit.say(visit.words().state(one.workflow, one.state).label)},
          {"owner", owner_words(visit, one.owner)},
          {"due", one.due_on ? visit.date(*one.due_on) : ""},
          {"left", one.due_on ? visit.left(*one.due_on) : ""},
          {"late", one.due_on && *one.due_on < visit.today()},
          {"counts",
           all == 0 ? "" : visit.say("{} (question|questions), {} on file, {} to answer", all, one.counts.pre_answered, one.counts.asked)}};
}

std::string asked_kind(const Visit& visit, std::string_view workflow) {
  if (workflow == "audit") return visit.say("Audit questionnaires");
  return workflow == "continuation" ? visit.say("Preparation packs") : visit.say("Risk surveys");
}

json::object counts_row(std::string label, const AskedCounts& of) {
  return {{"label", std::move(label)}, {"cases", of.cases},         {"asked", of.asked},       {"pre_answered", of.pre_answered},
          {"confirmed", of.confirmed}, {"corrected", of.corrected}, {"again", of.asked_again}, {"re_asked", of.re_asked}};
}

// One row a kind, those that asked nothing yet included, and their sum.
json::array asked_view(const Visit& visit, const std::vector<AskedCounts>& told) {
  json::array all;
  AskedCounts sum;
  for (const char* workflow : {"risk_survey", "audit", "continuation"}) {
    const auto found = std::ranges::find(told, workflow, &AskedCounts::workflow);
    const AskedCounts of = found == told.end() ? AskedCounts{} : *found;
    all.push_back(counts_row(asked_kind(visit, workflow), of));
    for (const auto part : {&AskedCounts::cases, &AskedCounts::asked, &AskedCounts::pre_answered, &AskedCounts::confirmed,
                            &AskedCounts::corrected, &AskedCounts::asked_again, &AskedCounts::re_asked})
      sum.*part += of.*part;
  }
  all.push_back(counts_row(visit.say("The program"), sum));
  return all;
}

Response show_engagements(Visit& visit) {
  const Paging paging = paging_of(visit, a_page);
  std::vector<Engagement> found;
  std::vector<AskedCounts> told;
  visit.engine.database().read([&](Session& session) {
    found = open_engagements(session, a_page + 1, paging.offset());
    told = counts_of_programme(session);
  });
  const bool more = static_cast<int>(found.size()) > a_page;
  if (more) found.resize(a_page);
  json::array rows;
  for (const Engagement& one : found) rows.push_back(view_of(visit, one));
  json::object fields = pager_view(visit, paging, more);
  fields["any"] = !rows.empty();
  fields["rows"] = std::move(rows);
  fields["kinds"] = asked_view(visit, told);
  return visit.page("engagements", visit.say("Surveys and audits"), std::move(fields));
}

}  // namespace

void add_engagement_routes(Routes& routes) {
  routes.push_back({"GET", "/engagements", "A1", Access::team, show_engagements, "Open surveys and audits, and how much was asked"});
}

}  // namespace tradecase::http
