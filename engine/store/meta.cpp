#include <stdexcept>

#include "engine/store/store.hpp"

namespace tradecase {

Date stored_date(std::string_view iso) {
  if (const auto date = parse_date(iso)) return *date;
  throw std::runtime_error("stored day: " + std::string(iso));
}

std::optional<Date> stored_date_or_none(const std::optional<std::string>& iso) {
  return iso ? std::optional(stored_date(*iso)) : std::nullopt;
}

std::optional<std::string> find_meta(Session& session, std::string_view name) {
  return session.value<std::string>("select value from meta where name = :name", {name});
}

void put_meta(Transaction& tx, std::string_view name, std::string_view value) {
  tx.session().run("insert into meta (name, value) values (:name, :value) on conflict (name) do update set value = excluded.value",
                   {name, value});
}

}  // namespace tradecase
