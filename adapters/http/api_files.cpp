// The files of a case: list, upload, download. What a company uploads is named afterwards by a command's `files`.
#include "adapters/http/api.hpp"
#include "adapters/http/file_names.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

json::object file_item(const CaseFile& file) {
  return {{"hash", file.hash},
          {"href", "/api/v1/cases/" + file.case_id + "/files/" + file.hash},
          {"name", file.name},
          {"type", file.type},
          {"size", file.size},
          {"by", file.person_name},
          {"kept_at", to_text(file.kept_at)},
          {"internal", file.internal},
          {"belongs_to", file.belongs_to},
          {"attached_version", file.attached_version ? json::value(*file.attached_version) : json::value(nullptr)}};
}

Response list_files(Visit& visit) {
  const auto files =
      visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, visit.may(Verb::see_internal)); });
  json::array items;
  for (const CaseFile& file : files) items.push_back(file_item(file));
  return list_answer(visit, std::move(items), "");
}

Response download_bytes(Visit& visit) {
  std::optional<CaseFile> file;
  Response response;
  visit.engine.database().read([&](Session& session) {
    file = find_case_file(session, visit.on->id, visit.params.at("hash"), visit.may(Verb::see_internal));
    if (file) response.body = file_bytes(session, file->hash);
  });
  if (!file) throw ApiProblem(404, "not_found", visit.say("This case has no such file."));
  response.type = "application/octet-stream";
  return response.set("Content-Disposition", attachment_header(file->name)).set("Content-Security-Policy", "sandbox; default-src 'none'");
}

// All are taken, or none.
Response upload_files(Visit& visit) {
  const std::string key = key_or_stop(visit);
  if (!visit.may(Verb::act)) throw ApiProblem(403, "forbidden", visit.say("Only officers and preparers of the company answer here."));
  auto uploads = sent_files(visit);
  if (uploads.empty())
    throw ApiProblem(400, "invalid", visit.say("No file came with it."),
                     {{"errors", json::array{error_at("/file", "missing", "is needed")}}});
  std::string said = "files " + visit.on->id;
  for (const Upload& one : uploads) said += " " + sha256_hex(one.filename) + " " + sha256_hex(one.bytes);
  const std::string hash = sha256_hex(said), &person = visit.visitor.person.id;
  const auto before = visit.engine.database().read([&](Session& session) { return find_receipt(session, person, key); });
  if (before && before->body_hash != hash)
    throw ApiProblem(422, "key_reused", visit.say("This idempotency key was used for another act before. Use a new key for a new act."));
  const TakenFiles taken = take_all_or_none(visit, std::move(uploads));
  if (!taken.refused.empty()) {
    json::array errors;
    for (const RefusedFile& one : taken.refused) errors.push_back(error_at("/file", one.code, one.sentence));
    throw ApiProblem(422, "invalid", taken.refused.front().sentence, {{"errors", std::move(errors)}});
  }
  if (!before)
    visit.engine.database().write([&](Transaction& tx) {
      if (find_receipt(tx, person, key)) return;
      save_receipt(tx, person, key, hash,
                   Receipt{visit.on->id, "files", visit.on->version, visit.on->state, visit.on->state, visit.engine.now()},
                   visit.engine.now());
    });
  json::array items;
  for (const CaseFile& file : taken.files) items.push_back(file_item(file));
  return list_answer(visit, std::move(items), "");
}

}  // namespace

std::vector<Upload> sent_files(const Visit& visit) {
  const std::string_view type = visit.request.header("content-type");
  if (type.starts_with("multipart/form-data")) return parse_form(visit.request).uploads;
  if (type.substr(0, type.find(';')) != "application/octet-stream")
    throw ApiProblem(415, "unsupported_media_type", visit.say("Send files as multipart/form-data or application/octet-stream."));
  const std::string name(visit.request.query.get("name"));
  if (name.empty())
    throw ApiProblem(400, "invalid", visit.say("Say the file's name: ?name=invoice.pdf."),
                     {{"errors", json::array{error_at("?name", "missing", "is needed where the body is the file itself")}}});
  return {{"file", name, "", visit.request.body}};
}

std::vector<Endpoint> file_endpoints() {
  return {{"GET", "/api/v1/cases/{case}/files", Access::signed_in, list_files, "listFiles", "Files uploaded to a case", "FileList"},
          {"POST",
           "/api/v1/cases/{case}/files",
           Access::signed_in,
           upload_files,
           "uploadFiles",
           "Upload files to a case: all are taken, or none; a ZIP becomes its files. Of staff they are internal",
           "FileList",
           {{"name", "The file's name, where the body is the file itself", {{"type", "string"}}}},
           "NewFiles",
           false,
           200,
           {"multipart/form-data", "application/octet-stream"}},
          {"GET", "/api/v1/cases/{case}/files/{hash}", Access::signed_in, download_bytes, "downloadFile", "A file's bytes",
           "application/octet-stream"}};
}

}  // namespace tradecase::http
