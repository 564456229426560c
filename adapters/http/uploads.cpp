#include "adapters/http/uploads.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/http/file_names.hpp"

namespace tradecase::http {
namespace {

struct Looked {  // one file, checked
  std::string name, type, bytes;
};

std::string_view problem_code(FileProblem problem) {
  switch (problem) {
    case FileProblem::empty:
      return "empty";
    case FileProblem::too_large:
      return "too_large";
    case FileProblem::ending_unknown:
      return "type_not_taken";
    case FileProblem::macros:
      return "macros";
    case FileProblem::content_differs:
      return "content_differs";
    case FileProblem::damaged:
      return "damaged";
    case FileProblem::bomb:
      return "unpacks_too_large";
    case FileProblem::locked:
      return "locked";
    case FileProblem::nested:
      return "nested";
  }
  return "";
}

void refuse_file(const Visit& visit, TakenFiles& taken, FileProblem problem, const std::string& name) {
  taken.refused.push_back({name, std::string(problem_code(problem)), file_problem_words(visit, problem, name)});
}

// A ZIP becomes its files.
void look_at(const Visit& visit, const std::string& given_name, std::string bytes, std::vector<Looked>& looked, TakenFiles& taken) {
  const std::string name = cleaned_name(given_name);
  FileCheck check = check_file(name, bytes);
  if (check.problem) return refuse_file(visit, taken, *check.problem, name);
  if (!is_packed(name)) {
    looked.push_back({name, std::move(check.type), std::move(bytes)});
    return;
  }
  auto inside = unpacked(bytes);
  if (const auto* problem = std::get_if<FileProblem>(&inside)) return refuse_file(visit, taken, *problem, name);
  for (PackedFile& one : std::get<std::vector<PackedFile>>(inside)) look_at(visit, one.name, std::move(one.bytes), looked, taken);
}

std::vector<Looked> look_at_all(const Visit& visit, std::vector<Upload> uploads, TakenFiles& taken) {
  std::vector<Looked> looked;
  for (Upload& upload : uploads) look_at(visit, upload.filename, std::move(upload.bytes), looked, taken);
  const auto sums = visit.engine.database().read([&](Session& session) { return file_sums(session, visit.on->id); });
  std::int64_t bytes = sums.bytes;
  for (const Looked& one : looked) bytes += static_cast<std::int64_t>(one.bytes.size());
  if (sums.files + static_cast<std::int64_t>(looked.size()) <= case_files_max && bytes <= case_bytes_max) return looked;
  taken.refused.push_back({"", "case_full", visit.say("This case holds all the files it can. Write to your account manager.")});
  return {};
}

void keep_looked(const Visit& visit, std::vector<Looked> looked, const std::function<std::string(const std::string& name)>& place,
                 TakenFiles& taken) {
  Database& database = visit.engine.database();
  const Instant now = visit.engine.now();
  for (Looked& one : looked) {
    const bool internal = visit.visitor.is_staff();
    CaseFile file{visit.on->id,
                  keep_bytes(database, one.bytes, now),
                  one.name,
                  one.type,
                  static_cast<std::int64_t>(one.bytes.size()),
                  visit.visitor.person.id,
                  visit.visitor.person.name,
                  internal,
                  place ? place(one.name) : "",
                  now};
    taken.files.push_back(database.write([&](Transaction& tx) {
      keep_file(tx, file);
      return find_case_file(tx, file.case_id, file.hash, internal).value();
    }));
    one.bytes = {};
  }
  database.write([&](Transaction& tx) { drop_unattached_files(tx, now - unattached_time); });
}

void collect_hashes(const json::value& value, bool named_files, std::vector<std::string>& hashes) {
  if (const auto* object = value.if_object())
    for (const auto& [name, inner] : *object) collect_hashes(inner, name == "files", hashes);
  if (const auto* list = value.if_array())
    for (const json::value& inner : *list) {
      if (named_files && inner.is_string()) hashes.emplace_back(inner.get_string());
      collect_hashes(inner, false, hashes);
    }
}

}  // namespace

std::string file_problem_words(const Visit& visit, FileProblem problem, const std::string& name) {
  switch (problem) {
    case FileProblem::empty:
      return visit.say("{} is empty. Check the file and choose it again.", name);
    case FileProblem::too_large:
      return visit.say("{} is larger than 50 MB. Send it in parts.", name);
    case FileProblem::ending_unknown:
      return visit.say("{} is of a kind that we do not take. Send it as PDF, PNG, JPG, TIF, CSV, TXT, DOCX, XLSX or ZIP.", name);
    case FileProblem::macros:
      return visit.say("{} holds macros. Save it without them, as DOCX, XLSX or PDF.", name);
    case FileProblem::content_differs:
      return visit.say("{} is not what its ending says. Save it again in the right kind and choose it again.", name);
    case FileProblem::damaged:
      return visit.say("{} is damaged or cut off: it cannot be read to its end. Choose it again, or save it anew.", name);
    case FileProblem::bomb:
      return visit.say("{} unpacks to more than we take. Send its files one by one.", name);
    case FileProblem::locked:
      return visit.say("{} is locked with a password. Send it without one.", name);
    case FileProblem::nested:
      return visit.say("{} holds another ZIP. Send the files of both in one ZIP, or one by one.", name);
  }
  return "";
}

std::vector<std::string> TakenFiles::hashes() const {
  std::vector<std::string> all;
  for (const CaseFile& file : files) all.push_back(file.hash);
  return all;
}

TakenFiles take_files(const Visit& visit, std::vector<Upload> uploads, const std::function<std::string(const std::string& name)>& place) {
  TakenFiles taken;
  keep_looked(visit, look_at_all(visit, std::move(uploads), taken), place, taken);
  return taken;
}

TakenFiles take_all_or_none(const Visit& visit, std::vector<Upload> uploads) {
  TakenFiles taken;
  auto looked = look_at_all(visit, std::move(uploads), taken);
  if (taken.refused.empty()) keep_looked(visit, std::move(looked), {}, taken);
  return taken;
}

std::vector<Upload> uploads_of(Visit& visit, std::string_view field) {
  std::vector<Upload> all;
  for (Upload& upload : visit.form.uploads)
    if (upload.field == field) all.push_back(std::move(upload));
  std::erase_if(visit.form.uploads, [&](const Upload& upload) { return upload.field == field; });
  return all;
}

bool names_files(const json::object& body) {
  std::vector<std::string> hashes;
  collect_hashes(body, false, hashes);
  return !hashes.empty();
}

Answer execute_with_files(const Visit& visit, const Command& command) {
  std::vector<std::string> hashes;
  collect_hashes(command.body, false, hashes);
  if (hashes.empty()) return visit.engine.execute(command);
  const auto& wake = visit.portal.wiring().wake;
  Answer answer = visit.engine.database().write([&](Transaction& tx) -> Answer {
    for (const std::string& hash : hashes)
      if (!find_case_file(tx, command.case_id, hash, visit.visitor.is_staff()))
        return Refusal{RefusalCode::invalid, visit.say("A file that is named here is not kept any more. Choose it again.")};
    Answer said = visit.engine.execute_in(tx, command);
    if (const auto* receipt = std::get_if<Receipt>(&said))
      for (const std::string& hash : hashes) attach_file(tx, command.case_id, hash, receipt->version);
    return said;
  });
  if (wake) wake();
  return answer;
}

std::string size_words(const Visit& visit, std::int64_t bytes) {
  if (bytes < 1024) return visit.say("{} bytes", bytes);
  if (bytes < 1024 * 1024) return visit.say("{} KB", bytes / 1024);
  return visit.say("{:.1f} MB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

std::string file_path(const CaseFile& file) { return "/cases/" + file.case_id + "/files/" + file.hash; }

json::object file_view(const Visit& visit, const CaseFile& file) {
  return {{"href", file_path(file)}, {"name", file.name},      {"size", size_words(visit, file.size)},
          {"hash", file.hash},       {"by", file.person_name}, {"on", visit.date(visit.programme().calendar.day_of(file.kept_at))}};
}

json::array file_views(const Visit& visit, const std::vector<CaseFile>& all, const json::array& hashes) {
  json::array views;
  for (const json::value& hash : hashes) {
    const auto found = std::ranges::find_if(all, [&](const CaseFile& file) { return hash.is_string() && hash.get_string() == file.hash; });
    if (found != all.end()) views.push_back(file_view(visit, *found));
  }
  return views;
}

}  // namespace tradecase::http
