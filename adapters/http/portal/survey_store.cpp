#include "adapters/http/portal/survey_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr char counts_columns[] =
    "coalesce(json_extract(c.data, '$.counts.asked'), 0), coalesce(json_extract(c.data, '$.counts.pre_answered'), 0), "
    "coalesce(json_extract(c.data, '$.counts.confirmed'), 0), coalesce(json_extract(c.data, '$.counts.corrected'), 0), "
    "coalesce(json_extract(c.data, '$.counts.asked_again'), 0), coalesce(json_extract(c.data, '$.counts.re_asked'), 0)";

}  // namespace

std::vector<Engagement> open_engagements(Session& session, int limit, int offset) {
  std::vector<Engagement> all;
  session.each<Text, Text, Text, Text, Text, Text, std::optional<Text>, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
               std::int64_t, std::int64_t>(
      std::string("select c.id, c.workflow, c.state, c.company, k.legal_name, coalesce(p.name, c.owner), c.due_on, ") + counts_columns +
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
                       {1, asked, pre_answered, confirmed, corrected, again, re_asked}});
      });
  return all;
}

AskedCounts counts_of_programme(Session& session) {
  const auto sum = [](const char* name) { return std::string("coalesce(sum(json_extract(data, '$.counts.") + name + "')), 0)"; };
  const auto row = session.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "select count(*), " + sum("asked") + ", " + sum("pre_answered") + ", " + sum("confirmed") + ", " + sum("corrected") + ", " +
      sum("asked_again") + ", " + sum("re_asked") +
      " from cases where workflow = 'risk_survey' and "
      "coalesce(json_extract(data, '$.counts.asked'), 0) + coalesce(json_extract(data, '$.counts.pre_answered'), 0) > 0");
  if (!row) return {};
  const auto& [surveys, asked, pre_answered, confirmed, corrected, again, re_asked] = *row;
  return {surveys, asked, pre_answered, confirmed, corrected, again, re_asked};
}

}  // namespace tradecase::http
