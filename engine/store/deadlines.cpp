#include "engine/store/store.hpp"

namespace tradecase {
namespace {

using Text = std::string;

std::vector<LedgerEntry> entries_where(Session& session, const std::string& where, Binds binds) {
  std::vector<LedgerEntry> all;
  session.each<std::int64_t, Text, Text, Text, std::int64_t, Text, Text, Text, std::int64_t, std::optional<std::int64_t>,
               std::optional<std::int64_t>>(
      "select id, case_id, name, due_on, due_at, rule, inputs, steps, set_by_version, superseded_by, ended_by_version from deadlines " +
          where,
      binds,
      [&](std::int64_t id, Text case_id, Text name, Text due_on, std::int64_t due_at, Text rule, Text inputs, Text steps,
          std::int64_t version, std::optional<std::int64_t> superseded_by, std::optional<std::int64_t> ended_by) {
        Derivation derivation{std::move(rule), json::parse(inputs).as_object(), json::value_to<std::vector<Text>>(json::parse(steps)),
                              stored_date(due_on)};
        all.push_back({id, std::move(case_id), std::move(name), std::move(derivation), from_ms(due_at), version, superseded_by, ended_by});
      });
  return all;
}

}  // namespace

void set_deadline(Transaction& tx, std::string_view case_id, std::string_view name, const Derivation& derivation, Instant due_at,
                  std::int64_t version) {
  const auto former = tx.session().value<std::int64_t>(
      "select id from deadlines where case_id = :case_id and name = :name and superseded_by is null", {case_id, name});
  tx.session().run(
      "insert into deadlines (case_id, name, due_on, due_at, rule, inputs, steps, set_by_version) "
      "values (:case_id, :name, :due_on, :due_at, :rule, :inputs, :steps, :version)",
      {case_id, name, to_text(derivation.due_on), to_ms(due_at), derivation.rule, json::serialize(derivation.inputs),
       json::serialize(json::value_from(derivation.steps)), version});
  if (former) {
    const std::int64_t id = tx.session().last_id();
    tx.session().run("update deadlines set superseded_by = :id where id = :former", {id, *former});
  }
}

void end_deadlines(Transaction& tx, std::string_view case_id, std::string_view name_or_prefix, std::int64_t version) {
  const bool prefix = name_or_prefix.empty() || name_or_prefix.ends_with(':');
  const std::string beyond = name_or_prefix.empty() ? "~" : std::string(name_or_prefix.substr(0, name_or_prefix.size() - 1)) + ';';
  if (prefix)
    tx.session().run(
        "update deadlines set ended_by_version = :version where case_id = :case_id and name >= :first and name < :beyond "
        "and superseded_by is null and ended_by_version is null",
        {version, case_id, name_or_prefix, beyond});
  else
    tx.session().run(
        "update deadlines set ended_by_version = :version where case_id = :case_id and name = :name "
        "and superseded_by is null and ended_by_version is null",
        {version, case_id, name_or_prefix});
}

std::vector<LedgerEntry> ledger_of(Session& session, std::string_view case_id) {
  return entries_where(session, "where case_id = :case_id order by id", {case_id});
}

std::optional<LedgerEntry> deadline_of(Session& session, std::string_view case_id, std::string_view name) {
  auto all = entries_where(session, "where case_id = :case_id and name = :name and superseded_by is null", {case_id, name});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::optional<Date> nearest_due(Session& session, std::string_view case_id) {
  // Reminders and ladder steps follow a due day, an opening day is nobody's to meet.
  return stored_date_or_none(
      session
          .value<std::optional<std::string>>(
              "select min(due_on) from deadlines where case_id = :case_id and superseded_by is null and ended_by_version is null "
              "and instr(name, ':') = 0 and name not like '%opens'",
              {case_id})
          .value_or(std::nullopt));
}

}  // namespace tradecase
