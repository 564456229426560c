// M7 the documents of a survey or an audit: every item with its files and status; files matched by entry number in their names or by a
// manifest, the rest placed by hand; then delivered together.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/http/file_names.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/delivery_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

struct DeliveryPage {
  std::string sentence{};
  json::array summary{};
  int status = 200;
};

json::object summary_line(const std::string& field, const std::string& sentence) { return {{"field", field}, {"sentence", sentence}}; }

// Files that wait to be delivered: those of an item, or those of none.
std::vector<const CaseFile*> waiting_for(const std::vector<CaseFile>& files, const std::string& item) {
  std::vector<const CaseFile*> all;
  for (const CaseFile& file : files)
    if (!file.attached_version && file.belongs_to == item) all.push_back(&file);
  return all;
}

json::array waiting_views(const Visit& visit, const std::vector<const CaseFile*>& files) {
  json::array views;
  for (const CaseFile* file : files) views.push_back(file_view(visit, *file));
  return views;
}

json::array delivery_rows(const Visit& visit, const std::vector<DocumentItem>& items, const std::vector<CaseFile>& files) {
  json::array rows;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const DocumentItem& item = items[i];
    const std::string number = std::to_string(i);
    const auto waiting = waiting_for(files, item.key());
    json::object row = item_view(visit, item, files);
    row["anchor"] = "item-" + number;
    row["waiting"] = waiting_views(visit, waiting);
    row["any_waiting"] = !waiting.empty();
    row["open"] = item.open() || !waiting.empty();
    row["may_add"] = !item.accepted;
    row["given_field"] = "given." + number;
    row["none_field"] = "none." + number;
    row["given"] = visit.form.fields.get("given." + number);
    row["none"] = visit.form.fields.get("none." + number);
    row["typed"] = !visit.form.fields.get("given." + number).empty() || !visit.form.fields.get("none." + number).empty();
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array unplaced_views(const Visit& visit, const std::vector<DocumentItem>& items, const std::vector<CaseFile>& files) {
  json::array all;
  for (const CaseFile* file : waiting_for(files, "")) {
    const std::string field = "place." + file->hash;
    json::array choices;
    for (std::size_t i = 0; i < items.size(); ++i)
      if (!items[i].accepted)
        choices.push_back(json::object{{"value", std::to_string(i)},
                                       {"label", entry_words(visit, items[i].entry)},
                                       {"chosen", visit.form.fields.get(field) == std::to_string(i)}});
    json::object view = file_view(visit, *file);
    view["field"] = field;
    view["choices"] = std::move(choices);
    all.push_back(std::move(view));
  }
  return all;
}

Response show_delivery(Visit& visit, const DeliveryPage& with = {}) {
  stop_unless_answers_here(visit);
  const auto items = items_or_stop(visit);
  const auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, false); });
  const auto done = static_cast<std::size_t>(std::ranges::count_if(items, [](const DocumentItem& item) { return !item.open(); }));
  const auto own = visit.visitor.companies.find(visit.on->company);
  const json::object request = object_at(visit.on->data, "request");
  const auto due = parse_date(text_of(request, "due_on"));
  const json::array unplaced = unplaced_views(visit, items, files);
  const bool any_waiting = std::ranges::any_of(items, [&](const DocumentItem& item) { return !waiting_for(files, item.key()).empty(); });
  const std::string title = visit.say("Deliver documents");
  return visit.page("deliver", with.status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", title},
                     {"sentence", with.sentence},
                     {"summary", with.summary},
                     {"done", done},
                     {"total", items.size()},
                     {"progress", visit.say("{} of {} (item|items) answered", done, items.size())},
                     {"due", request.empty() || !due ? "" : visit.weekday(*due)},
                     {"left_words", request.empty() || !due ? "" : visit.left(*due)},
                     {"may_extend", own->second.has(Role::officer) && !request.empty()},
                     {"endings", endings_taken()},
                     {"any_unplaced", !unplaced.empty()},
                     {"unplaced", unplaced},
                     {"items", delivery_rows(visit, items, files)},
                     {"takes", std::ranges::any_of(items, [](const DocumentItem& item) { return !item.accepted; })},
                     {"left", done < items.size() || any_waiting || !unplaced.empty()},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    with.status);
}

Response back_to_delivery(Visit& visit, const std::string& notice) { return visit.go("/cases/" + visit.on->id + "/deliver", notice); }

// ---- files come --------------------------------------------------------------------------------------------------------------------

struct Manifest {
  std::vector<ManifestRow> rows;
  std::vector<std::string> problems;
};

Manifest manifest_of(const Visit& visit, std::vector<Upload>& uploads) {
  Manifest manifest;
  for (const Upload& one : uploads) {
    const std::string name = cleaned_name(one.filename);
    if (!is_manifest(name)) continue;
    auto read = read_manifest(one.bytes);
    if (const int* row = std::get_if<int>(&read))
      manifest.problems.push_back(visit.say("Row {} of {} cannot be read. Write: file name, entry number, line.", *row, name));
    else
      manifest.rows = std::get<std::vector<ManifestRow>>(std::move(read));
  }
  std::erase_if(uploads, [](const Upload& one) { return is_manifest(cleaned_name(one.filename)); });
  return manifest;
}

Response upload_documents(Visit& visit) {
  const auto items = items_or_stop(visit);
  auto uploads = uploads_of(visit, "files");
  if (uploads.empty())
    return show_delivery(visit,
                         {visit.say("No file came with the form."), {summary_line("files", visit.say("Choose at least one file."))}, 422});
  std::vector<EntryNamed> open;
  for (const DocumentItem& item : items) open.push_back(item.accepted ? EntryNamed{} : item.entry);
  const Manifest manifest = manifest_of(visit, uploads);
  std::size_t matched = 0;
  const TakenFiles taken = take_files(visit, std::move(uploads), [&](const std::string& name) -> std::string {
    const auto row = std::ranges::find(manifest.rows, name, &ManifestRow::file);
    const auto named = row == manifest.rows.end() ? entry_in(name) : std::optional(row->entry);
    const auto item = named ? item_meant(*named, open) : std::nullopt;
    if (!item) return "";
    ++matched;
    return items[*item].key();
  });
  json::array summary;
  for (const std::string& problem : manifest.problems) summary.push_back(summary_line("files", problem));
  for (const RefusedFile& one : taken.refused) summary.push_back(summary_line("files", one.sentence));
  const std::string done = visit.say("{} (file is|files are) here: {} matched to their entry, {} for you to place.", taken.files.size(),
                                     matched, taken.files.size() - matched);
  if (summary.empty()) return back_to_delivery(visit, done);
  const std::string sentence = visit.say("Some files were not taken.") + (taken.files.empty() ? "" : " " + done);
  return show_delivery(visit, {sentence, summary, 422});
}

// ---- files are placed, and go ------------------------------------------------------------------------------------------------------

// What the selects say; how many.
std::size_t place_documents(Visit& visit, const std::vector<DocumentItem>& items) {
  std::size_t placed = 0;
  visit.engine.database().write([&](Transaction& tx) {
    for (const auto& [name, value] : visit.form.fields.list()) {
      if (!name.starts_with("place.") || value.empty() || value.size() > 4 || value.find_first_not_of("0123456789") != std::string::npos)
        continue;
      const auto item = static_cast<std::size_t>(std::stoul(value));
      if (item >= items.size() || items[item].accepted) continue;
      place_file(tx, visit.on->id, name.substr(6), items[item].key());
      ++placed;
    }
  });
  return placed;
}

// The body of the command, or the problems of what was typed.
struct DeliveryTyped {
  json::array items;
  json::array problems;
};

DeliveryTyped delivery_typed(const Visit& visit, const std::vector<DocumentItem>& items) {
  DeliveryTyped typed;
  const auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, false); });
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string number = std::to_string(i), note = trimmed(visit.form.fields.get("given." + number)),
                      none = trimmed(visit.form.fields.get("none." + number));
    const auto waiting = waiting_for(files, items[i].key());
    if (note.empty() && none.empty() && waiting.empty()) continue;
    if (!none.empty() && (!note.empty() || !waiting.empty())) {
      typed.problems.push_back(summary_line(
          "none." + number,
          visit.say("{}: send documents, or say why there is nothing to send, not both.", entry_words(visit, items[i].entry))));
      continue;
    }
    json::object one{{"entry_number", items[i].entry.entry_number}, {"line", items[i].entry.line}};
    if (!none.empty()) one["not_applicable"] = none;
    if (!note.empty()) one["documents"] = note;
    if (!waiting.empty()) {
      json::array hashes;
      for (const CaseFile* file : waiting) hashes.push_back(json::value(file->hash));
      one["files"] = std::move(hashes);
    }
    typed.items.push_back(std::move(one));
  }
  return typed;
}

Response send_documents(Visit& visit) {
  const auto items = items_or_stop(visit);
  place_documents(visit, items);
  DeliveryTyped typed = delivery_typed(visit, items);
  if (!typed.problems.empty()) return show_delivery(visit, {visit.say("It is not sent yet."), typed.problems, 422});
  if (typed.items.empty())
    return show_delivery(visit,
                         {visit.say("It is not sent yet."),
                          {summary_line("files", visit.say("Answer at least one item: what you send, or why there is nothing to send."))},
                          422});
  const Answer answer = visit.send("deliver", {{"items", std::move(typed.items)}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_delivery(visit, {refusal->sentence, {}, 422});
    read_case_again(visit);
    if (array_at(visit.on->data, "items").empty()) return too_late(visit);
    tell_meanwhile(visit, {});
    return show_delivery(visit, {refusal->sentence, {}, 412});
  }
  read_case_again(visit);
  const auto now = document_items(*visit.on);
  const auto left = static_cast<std::size_t>(std::ranges::count_if(now, &DocumentItem::open));
  return visit.go(
      "/cases/" + visit.on->id + (left > 0 ? "/deliver" : ""),
      visit.say("Delivered {} Eastern time. {} of {} (item is|items are) answered now.", clock_time(visit), now.size() - left, now.size()));
}

Response deliver(Visit& visit) {
  stop_unless_answers_here(visit);
  const Fields& fields = visit.form.fields;
  const std::string drop(fields.get("drop")), unplace(fields.get("unplace"));
  if (fields.get("act") == "upload") return upload_documents(visit);
  if (!drop.empty()) {
    visit.engine.database().write([&](Transaction& tx) { drop_file(tx, visit.on->id, drop, false); });
    return back_to_delivery(visit, visit.say("The file is removed. It was not sent."));
  }
  if (!unplace.empty()) {
    visit.engine.database().write([&](Transaction& tx) { place_file(tx, visit.on->id, unplace, ""); });
    return back_to_delivery(visit, visit.say("The file waits to be placed."));
  }
  if (fields.get("act") == "place") {
    const auto placed = place_documents(visit, items_or_stop(visit));
    return back_to_delivery(visit, visit.say("Files placed: {}. They are not sent yet.", placed));
  }
  return send_documents(visit);
}

}  // namespace

void add_delivery_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/deliver", "M7", Access::company, [](Visit& v) { return show_delivery(v); },
                    "Documents asked for, item by item"});
  routes.push_back({"POST", "/cases/{case}/deliver", "M7", Access::company, deliver, "Upload, place and deliver documents"});
  add_received_routes(routes);
}

}  // namespace tradecase::http
