#include "workflows/roster/roster_store.hpp"

namespace tradecase {

const char* const roster_tables = R"sql(
create table roster_rows (
  company text primary key references companies (id),
  row text not null check (json_valid(row))
) strict, without rowid;
)sql";

std::optional<json::object> find_roster_row(Session& session, std::string_view company) {
  const auto row = session.value<std::string>("select row from roster_rows where company = :company", {company});
  if (!row) return std::nullopt;
  return json::parse(*row).as_object();
}

void put_roster_row(Transaction& tx, std::string_view company, const json::object& row) {
  tx.session().run("insert into roster_rows (company, row) values (:company, :row) on conflict (company) do update set row = excluded.row",
                   {company, json::serialize(row)});
}

}  // namespace tradecase
