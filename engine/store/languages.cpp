#include "engine/store/languages.hpp"

namespace tradecase {
namespace {

constexpr char language_tables[] = R"sql(
create table languages (
  person text primary key references people (id),
  language text not null                -- "es"; nobody stands here for English
) strict, without rowid;
)sql";

}  // namespace

std::vector<Migration> language_migrations(int first_number) { return {{first_number, "people's languages", language_tables}}; }

std::string language_of(Session& session, std::string_view person) {
  return session.value<std::string>("select language from languages where person = :person", {person}).value_or("");
}

void set_language_of(Transaction& tx, std::string_view person, std::string_view language) {
  if (language.empty() || language == "en")
    tx.session().run("delete from languages where person = :person", {person});
  else
    tx.session().run(
        "insert into languages (person, language) values (:person, :language) "
        "on conflict (person) do update set language = excluded.language",
        {person, language});
}

}  // namespace tradecase
