// A1: the surveys and audits that are open, whose turn it is and what is due, and for the programme how often nobody had to be asked.
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

Response show_engagements(Visit& visit) {
  const Paging paging = paging_of(visit, a_page);
  std::vector<Engagement> found;
  AskedCounts told;
  visit.engine.database().read([&](Session& session) {
    found = open_engagements(session, a_page + 1, paging.offset());
    told = counts_of_programme(session);
  });
  const bool more = static_cast<int>(found.size()) > a_page;
  if (more) found.resize(a_page);
  json::array rows;
  for (const Engagement& one : found) rows.push_back(view_of(visit, one));
  const auto counted = [&](std::string label, std::int64_t number) {
    return json::object{{"label", std::move(label)}, {"number", number}};
  };
  json::object fields = pager_view(visit, paging, more);
  fields["any"] = !rows.empty();
  fields["rows"] = std::move(rows);
  fields["surveys"] = told.surveys;
  fields["numbers"] = json::array{counted(visit.say("Asked"), told.asked),
                                  counted(visit.say("Answered from file"), told.pre_answered),
                                  counted(visit.say("Confirmed"), told.confirmed),
                                  counted(visit.say("Corrected"), told.corrected),
                                  counted(visit.say("Asked again, with a reason"), told.asked_again),
                                  counted(visit.say("Asked twice without a reason"), told.re_asked)};
  return visit.page("engagements", visit.say("Surveys and audits"), std::move(fields));
}

}  // namespace

void add_engagement_routes(Routes& routes) {
  routes.push_back({"GET", "/engagements", "A1", Access::team, show_engagements, "Open surveys and audits, and how much was asked"});
}

}  // namespace tradecase::http
