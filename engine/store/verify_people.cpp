// Facts, one current a key; and whose work lies with somebody who is not there.
#include "engine/store/verify_parts.hpp"

namespace tradecase::verifying {
namespace {

bool has_left(Session& session, std::string_view person, Date on) {
  const auto found = find_person(session, person);
  return !found || (found->departed_on && *found->departed_on <= on);
}

// Why nobody does this person's work on that day; "" when somebody does.
std::string why_idle(Session& session, std::string_view person, Date on) {
  if (has_left(session, person, on)) return "has left";
  const auto delegate = delegate_of(session, person, on);
  if (!delegate) return "";
  const bool there = !has_left(session, *delegate, on) && !delegate_of(session, *delegate, on);
  return there ? "" : "is away, and so is " + *delegate + ", who stands in";
}

}  // namespace

void check_facts(const Reading& reading) {
  using Text = std::string;
  reading.session.each<Text, Text, std::int64_t>(
      "select company, key, count(*) from facts where superseded_by is null group by company, key having count(*) > 1", {},
      [&](Text company, Text key, std::int64_t count) {
        reading.found.broken("fact_current", "", "company " + company + " has " + std::to_string(count) + " current facts " + key);
      });
  reading.session.each<std::int64_t, Text, Text>(
      "select f.id, f.company, f.key from facts f left join facts g on g.id = f.superseded_by "
      "where f.superseded_by is not null and (g.id is null or g.id <= f.id or g.company <> f.company or g.key <> f.key)",
      {}, [&](std::int64_t id, Text company, Text key) {
        reading.found.broken("fact_current", "",
                             "fact " + std::to_string(id) + " (" + key + " of company " + company + ") is superseded by no later one");
      });
}

void check_people(const Reading& reading) {
  const Date today = reading.programme.calendar.day_of(reading.now);
  for (const auto& [person] :
       reading.session.rows<std::string>("select distinct person from tasks where closed_at is null and person is not null")) {
    const std::string why = why_idle(reading.session, person, today);
    if (why.empty()) continue;
    reading.session.each<std::string, std::string>(
        "select case_id, kind from tasks where person = :person and closed_at is null order by id", {person},
        [&](std::string case_id, std::string kind) {
          reading.found.broken("task_of_absent", case_id, "the task " + kind + " lies with " + person + ", who " + why);
        });
  }
}

}  // namespace tradecase::verifying
