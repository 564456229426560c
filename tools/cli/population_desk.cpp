#include "tools/cli/population_desk.hpp"

#include <memory>

#include "engine/store/store.hpp"
#include "workflows/entries/entry_store.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {
namespace {

using Made = std::variant<Population, std::string>;

http::PopulationDesk::Why why_not(const Made& made) {
  const auto* sentence = std::get_if<std::string>(&made);
  return sentence != nullptr ? http::PopulationDesk::Why(*sentence) : std::nullopt;
}

json::array imports_json(const std::vector<EntryImported>& imports) {
  json::array all;
  for (const EntryImported& one : imports) {
    json::array errors;
    for (const LineError& error : one.errors)
      errors.push_back(json::object{{"line", error.line}, {"field", error.field}, {"value", error.value}, {"reason", error.reason}});
    all.push_back(json::object{{"file", one.file},
                               {"at", to_text(one.at)},
                               {"rows", one.rows},
                               {"imported", one.imported},
                               {"unchanged", one.unchanged},
                               {"changed", one.changed},
                               {"left_out", one.left_out},
                               {"errors", std::move(errors)}});
  }
  return all;
}

void add_acts(http::PopulationDesk& desk, Engine& engine, const std::shared_ptr<const HintRules>& rules) {
  Database& database = engine.database();
  desk.create = [&engine, &database,
                 rules](const http::PopulationDesk::Asked& asked) -> std::variant<std::string, http::PopulationDesk::Refused> {
    const Made made = create_population(database, *rules, {asked.case_id, scope_from(asked.scope), asked.strata, asked.by}, engine.now());
    if (const auto* sentence = std::get_if<std::string>(&made)) return http::PopulationDesk::Refused{*sentence};
    return std::get<Population>(made).id;
  };
  desk.preview = [&engine, &database, rules](const std::string& id) {
    return why_not(preview_population(database, *rules, id, engine.now()));
  };
  desk.tie_out = [&engine, &database](const std::string& id, const http::PopulationDesk::Control& control) {
    return why_not(tie_out(database, id, {control.value_cents, control.lines, control.source, control.by, engine.now()}));
  };
  desk.freeze = [&engine, &database](const std::string& id, const std::string& reason, const std::string& by) {
    return why_not(freeze_population(database, id, by, reason, engine.now()));
  };
}

}  // namespace

json::object population_json(const Population& one) {
  json::object all{{"population", one.id},
                   {"case", one.case_id},
                   {"company", one.company},
                   {"scope", to_json(one.scope)},
                   {"strata", one.strata},
                   {"created_by", one.created_by},
                   {"created_at", to_text(one.created_at)},
                   {"preview", one.preview},
                   {"frozen", one.frozen.has_value()}};
  if (one.control) {
    const Difference difference = difference_of(one).value();
    json::object control{{"value_cents", one.control->value_cents},
                         {"source", one.control->source},
                         {"by", one.control->by},
                         {"at", to_text(one.control->at)},
                         {"difference_cents", difference.value_cents},
                         {"agrees", difference.agrees()}};
    if (one.control->lines) control["lines"] = *one.control->lines;
    if (difference.lines) control["difference_lines"] = *difference.lines;
    all["control"] = std::move(control);
  }
  if (one.frozen) {
    all["rows"] = one.frozen->totals.rows;
    all["total_cents"] = one.frozen->totals.value_cents;
    all["sha256"] = one.frozen->totals.sha256;
    all["frozen_by"] = one.frozen->by;
    all["frozen_at"] = to_text(one.frozen->at);
    all["reason"] = one.frozen->reason;
  }
  return all;
}

http::PopulationDesk population_desk(Engine& engine, const std::filesystem::path& hints) {
  http::PopulationDesk desk;
  Database& database = engine.database();
  add_acts(desk, engine, std::make_shared<const HintRules>(load_hint_rules(hints)));
  desk.list = [&database](const std::string& case_id) {
    json::array all;
    for (const Population& one : database.read([&](Session& session) { return find_populations(session, case_id); }))
      all.push_back(population_json(one));
    return all;
  };
  desk.find = [&database](const std::string& id) -> std::optional<json::object> {
    const auto found = database.read([&](Session& session) { return find_population(session, id); });
    return found ? std::optional(population_json(*found)) : std::nullopt;
  };
  desk.hints = [&database](const std::string& id, const std::string& rule, std::int64_t limit, std::int64_t offset) {
    json::array all;
    database.read([&](Session& session) {
      const auto found = find_population(session, id);
      if (!found) return;
      for (const StoredHint& hint : hints_of(session, found->number, rule, limit, offset))
        all.push_back(json::object{{"rule", hint.rule}, {"entry_number", hint.entry_number}, {"line", hint.line}, {"why", hint.why}});
    });
    return all;
  };
  desk.csv = [&database](const std::string& id, const std::function<void(std::string_view)>& sink) {
    return database.read([&](Session& session) -> http::PopulationDesk::Why {
      if (auto changed = changed_since_freeze(session, id)) return *changed + " Its rows are not given out.";
      write_population_rows(session, id, sink);
      return std::nullopt;
    });
  };
  desk.imports = [&database](const std::string& company) {
    return imports_json(database.read([&](Session& session) { return entry_imports_of(session, company); }));
  };
  return desk;
}

}  // namespace tradecase
