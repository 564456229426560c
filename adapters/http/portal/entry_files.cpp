// A3, files of entry lines: chosen in the browser, read and checked beside everything else, and taken over when somebody says so.
#include "adapters/http/portal/entry_files.hpp"
#include "adapters/http/file_check.hpp"
#include "adapters/http/file_names.hpp"
#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t bad_rows_shown = 200;

std::int64_t number_of_import(const json::object& one, std::string_view name) { return one.at(name).to_number<std::int64_t>(); }
std::string import_page(const Visit& visit, std::string_view id) { return "/cases/" + visit.on->id + "/entry-files/" + std::string(id); }

std::string stage_words(const Visit& visit, std::string_view stage) {
  if (stage == "reading") return visit.say("being read");
  if (stage == "checked") return visit.say("checked: waits for you");
  if (stage == "keeping") return visit.say("being taken over");
  if (stage == "kept") return visit.say("taken over");
  return stage == "refused" ? visit.say("not taken") : visit.say("cancelled");
}

void require_import_role(const Visit& visit) {
  require_population_case(visit);
  require_population_role(visit, visit.say("Entry lines are brought in by compliance staff and auditors."));
}

void require_import_act(const Visit& visit) {
  require_import_role(visit);
  require_open_case(visit);
}

Response show_import(Visit& visit, const std::string& sentence) {
  const json::object one = entry_file_of(visit);
  const std::string_view stage = one.at("stage").as_string();
  const auto size = number_of_import(one, "size"), bytes = number_of_import(one, "bytes"), left_out = number_of_import(one, "left_out");
  const auto count = [&](std::string_view name) { return count_words(number_of_import(one, name)); };
  json::array errors;
  for (const json::value& error : one.at("errors").as_array())
    if (errors.size() < bad_rows_shown) errors.push_back(error);
  const auto more = std::ssize(one.at("errors").as_array()) + number_of_import(one, "errors_more") - std::ssize(errors);
  std::vector<std::string> unread;
  for (const json::value& name : one.at("not_read").as_array()) unread.emplace_back(name.as_string());
  json::array changes;
  for (const json::value& value : one.at("changes").as_array()) {
    std::vector<std::string> what;
    for (const json::value& part : value.at("what").as_array()) what.emplace_back(part.as_string());
    changes.push_back(json::object{{"line", value.at("line")},
                                   {"entry", value.at("entry_number")},
                                   {"entry_line", value.at("entry_line")},
                                   {"what", join(what, "; ")}});
  }
  const bool works = stage == "reading" || stage == "keeping", checked = stage == "checked";
  json::object fields{
      {"sentence", sentence},
      {"summary", json::array()},
      {"case", visit.on->id},
      {"base", import_page(visit, one.at("import").as_string())},
      {"file", one.at("file")},
      {"stage", stage_words(visit, stage)},
      {"works", works},
      {"checked", checked},
      {"kept", stage == "kept"},
      {"gone", stage == "cancelled"},
      {"refused", stage == "refused" ? one.at("sentence") : json::value("")},
      {"size", std::max<std::int64_t>(size, 1)},
      {"bytes", bytes},
      {"progress", visit.say("{} of {} read", size_words(visit, bytes), size_words(visit, size))},
      {"told", checked || stage == "kept"},
      {"row_count", count("rows")},
      {"new_count", count("imported")},
      {"changed_count", count("changed")},
      {"same_count", count("unchanged")},
      {"bad_count", left_out > 0 ? count("left_out") : ""},
      {"total", dollar_words(number_of_import(one, "value_cents"))},
      {"unread", join(unread, ", ")},
      {"any_errors", !errors.empty()},
      {"errors", std::move(errors)},
      {"errors_more", more > 0 ? count_words(more) : ""},
      {"any_changes", !changes.empty()},
      {"changes", std::move(changes)},
      {"nothing_new", number_of_import(one, "good") > 0 && number_of_import(one, "imported") + number_of_import(one, "changed") == 0},
      {"takeable", number_of_import(one, "good") > 0},
      {"keep_label", visit.say("Import {} (row|rows), leave {} out", count("good"), count("left_out"))},
      {"may_act", may_act_on_populations(visit)},
      {"may_cancel", visit.visitor.staff.any_of({Role::compliance, Role::auditor})},
      {"closed_case", closed_words(visit)}};
  const std::string title = visit.say("Entry lines of {}", std::string(one.at("file").as_string()));
  return visit.page("entry_file", sentence.empty() ? title : visit.say("Error: {}", title), std::move(fields),
                    sentence.empty() ? 200 : 422);
}

Response begin_import(Visit& visit) {
  require_import_act(visit);
  auto uploads = uploads_of(visit, "file");
  const auto back = [&](const std::string& sentence) {
    visit.form.fields.add("file_problem", sentence);
    return show_populations(visit);
  };
  if (uploads.empty()) return back(visit.say("Choose a file."));
  const auto begun = begin_entry_file(visit, std::move(uploads.front()));
  if (const auto* refused = std::get_if<ImportDesk::Refused>(&begun)) return back(refused->sentence);
  return visit.go(import_page(visit, std::get<std::string>(begun)));
}

Response keep_import(Visit& visit) {
  require_import_act(visit);
  const json::object one = entry_file_of(visit);
  const std::string id(one.at("import").as_string());
  const auto why = visit.portal.wiring().imports.keep(id, visit.form.fields.get("leave_out") == "yes", visit.visitor.person.id);
  return why ? show_import(visit, *why) : visit.go(import_page(visit, id));
}

Response cancel_import(Visit& visit) {
  require_import_role(visit);
  const json::object one = entry_file_of(visit);
  if (const auto why = visit.portal.wiring().imports.cancel(std::string(one.at("import").as_string()))) return show_import(visit, *why);
  return visit.go("/cases/" + visit.on->id + "/populations", visit.say("Cancelled: nothing of the file was kept."));
}

}  // namespace

json::object entry_file_of(const Visit& visit) {
  require_population_case(visit);
  const ImportDesk& desk = visit.portal.wiring().imports;
  auto found = desk.find ? desk.find(visit.params.at("import")) : std::nullopt;
  if (!found || found->at("company").as_string() != visit.on->company)
    throw Fault(404, visit.say("There is no such import: what was not taken over is gone."));
  return std::move(*found);
}

std::variant<std::string, ImportDesk::Refused> begin_entry_file(const Visit& visit, Upload upload) {
  const ImportDesk& desk = visit.portal.wiring().imports;
  if (!desk.begin) throw Fault(404, visit.say("There is no page at this address."));
  const std::string name = cleaned_name(upload.filename), ending = lower(name.substr(std::min(name.rfind('.'), name.size())));
  if (ending != ".csv" && ending != ".xlsx") return ImportDesk::Refused{visit.say("Send the entry lines as CSV or XLSX.")};
  if (const FileCheck check = check_file(name, upload.bytes); check.problem)
    return ImportDesk::Refused{file_problem_words(visit, *check.problem, name)};
  return desk.begin({visit.on->company, visit.on->id, name, std::move(upload.bytes), visit.visitor.person.id});
}

json::array entry_file_views(const Visit& visit) {
  json::array all;
  const ImportDesk& desk = visit.portal.wiring().imports;
  if (!desk.list) return all;
  for (const json::value& value : desk.list(visit.on->company)) {
    const json::object& one = value.as_object();
    all.push_back(json::object{{"href", import_page(visit, one.at("import").as_string())},
                               {"file", one.at("file")},
                               {"stage", stage_words(visit, one.at("stage").as_string())},
                               {"begun", time_in(visit, one, "at")},
                               {"who", person_named(visit, std::string(one.at("by").as_string()))}});
  }
  return all;
}

void add_entry_file_routes(Routes& routes) {
  const std::string all = "/cases/{case}/entry-files", one = all + "/{import}";
  routes.push_back({"POST", all, "A3", Access::team, begin_import, "Send a file of entry lines to be checked"});
  routes.push_back({"GET", one, "A3", Access::team, [](Visit& v) { return show_import(v, ""); }, "A file of entry lines on its way in"});
  routes.push_back({"POST", one + "/keep", "A3", Access::team, keep_import, "Take checked entry lines over"});
  routes.push_back({"POST", one + "/cancel", "A3", Access::team, cancel_import, "Let a file of entry lines go"});
}

}  // namespace tradecase::http
