// A1: the surveys and audits that are open, whose turn it is and what is due, and for the programme how often nobody had to be asked.
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/portal/survey_store.hpp"
#include "adapters/http/portal/surveys.hpp"

namespace tradecase::http {
namespace {

constexpr int a_page = 50;

int page_asked(const Visit& visit) {
  const std::string_view said = visit.request.query.get("page");
  const bool number = !said.empty() && said.size() < 5 && said.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? std::max(1, std::stoi(std::string(said))) : 1;
}

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
          {"counts", all == 0 ? "" : visit.say("{} questions, {} on file, {} to answer", all, one.counts.pre_answered, one.counts.asked)}};
}

Response show_engagements(Visit& visit) {
  const int page = page_asked(visit);
  std::vector<Engagement> found;
  AskedCounts told;
  visit.engine.database().read([&](Session& session) {
    found = open_engagements(session, a_page + 1, (page - 1) * a_page);
    told = counts_of_programme(session);
  });
  const bool more = static_cast<int>(found.size()) > a_page;
  if (more) found.resize(a_page);
  json::array rows;
  for (const Engagement& one : found) rows.push_back(view_of(visit, one));
  const auto at = [](int number) { return "/engagements?page=" + std::to_string(number); };
  const auto counted = [&](std::string label, std::int64_t number) {
    return json::object{{"label", std::move(label)}, {"number", number}};
  };
  return visit.page(
      "engagements", visit.say("Surveys and audits"),
      {{"any", !rows.empty()},
       {"rows", std::move(rows)},
       {"before", page > 1 ? at(page - 1) : ""},
       {"after", more ? at(page + 1) : ""},
       {"surveys", told.surveys},
       {"numbers", json::array{counted(visit.say("Asked"), told.asked), counted(visit.say("Answered from file"), told.pre_answered),
                               counted(visit.say("Confirmed"), told.confirmed), counted(visit.say("Corrected"), told.corrected),
                               counted(visit.say("Asked again, with a reason"), told.asked_again),
                               counted(visit.say("Asked twice without a reason"), told.re_asked)}}});
}

}  // namespace

void add_engagement_routes(Routes& routes) {
  routes.push_back({"GET", "/engagements", "A1", Access::team, show_engagements, "Open surveys and audits, and how much was asked"});
}

}  // namespace tradecase::http
