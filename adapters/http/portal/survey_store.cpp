#include "adapters/http/portal/survey_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

// A survey keeps its counts beside its questions, an audit with its questionnaire, a review with its pack.
std::string count_column(std::string_view name) {
  const auto at = [&](const char* place) { return "json_extract(c.data, '$." + std::string(place) + "." + std::string(name) + "'), "; };
  return "coalesce(" + at("counts") + at("questionnaire.counts") + at("pack.counts") + "0)";
}

std::string counts_columns(const char* before, const char* after) {
  std::string all;
  for (const char* name : {"asked", "pre_answered", "confirmed", "corrected", "asked_again", "re_asked"})
    all += (all.empty() ? "" : ", ") + std::string(before) + count_column(name) + after;
  return all;
}

}  // namespace

std::vector<Engagement> open_engagements(Session& session, int limit, int offset) {
  std::vector<Engagement> all;
  session.each<Text, Text, Text, Text, Text, Text, std::optional<Text>, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
               std::int64_t, std::int64_t>(
      std::string("select c.id, c.workflow, c.state, c.company, k.legal_name, coalesce(p.name, c.owner), c.due_on, ") +
          counts_columns("", "") +
          " from cases c join companies k on k.id = c.company left join people p on p.id = c.owner "
          "where c.workflow in ('risk_survey', 'audit') and c.closed_at is null order by c.due_on is null, c.due_on, c.number "
          "limit :limit offset :offset",
      {limit, offset},
      [&](Text id, Text workflow, Text state, Text company, Text name, Text owner, std::optional<Text> due_on, std::int64_t asked,
          std::int64_t pre_answered, std::int64_t confirmed, std::int64_t corrected, std::int64_t again, std::int64_t re_asked) {
        all.push_back({std::move(id),
                       std::move(workflow),
                       std::move(state),
                       std::move(company),
                       std::move(name),
                       std::move(owner),
                       stored_date_or_none(due_on),
                       {"", 1, asked, pre_answered, confirmed, corrected, again, re_asked}});
      });
  return all;
}

std::vector<AskedCounts> counts_of_programme(Session& session) {
  std::vector<AskedCounts> all;
  using Count = std::int64_t;
  session.each<Text, Count, Count, Count, Count, Count, Count, Count>(
      "select c.workflow, count(*), " + counts_columns("coalesce(sum(", "), 0)") +
          " from cases c where c.workflow in ('risk_survey', 'audit', 'continuation') and " + count_column("asked") + " + " +
          count_column("pre_answered") + " > 0 group by c.workflow",
      {}, [&](Text workflow, Count cases, Count asked, Count pre_answered, Count confirmed, Count corrected, Count again, Count re_asked) {
        all.push_back({std::move(workflow), cases, asked, pre_answered, confirmed, corrected, again, re_asked});
      });
  return all;
}

}  // namespace tradecase::http
