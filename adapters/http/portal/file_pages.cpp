// A file of a case, as bytes to keep and never as a page; and what the agency's own people attach to a case, for themselves.
#include "adapters/http/portal/file_pages.hpp"
#include "adapters/http/file_names.hpp"
#include "adapters/http/portal/delivery_views.hpp"
#include "adapters/http/uploads.hpp"

namespace tradecase::http {
namespace {

Response download_file(Visit& visit) {
  std::optional<CaseFile> file;
  Response response;
  visit.engine.database().read([&](Session& session) {
    file = find_case_file(session, visit.on->id, visit.params.at("hash"), visit.may(Verb::see_internal));
    if (file && visit.request.method != "HEAD") response.body = file_bytes(session, file->hash);
  });
  if (!file) throw Fault(404, visit.say("This case has no such file."));
  response.type = file->type;
  return response.set("Content-Disposition", attachment_header(file->name)).set("Content-Security-Policy", "sandbox; default-src 'none'");
}

Response attach_internally(Visit& visit) {
  const std::string page = "/cases/" + visit.on->id;
  if (visit.form.fields.has("drop")) {
    visit.engine.database().write([&](Transaction& tx) { drop_file(tx, visit.on->id, visit.form.fields.get("drop"), true); });
    return visit.go(page + "#files", visit.say("The file is removed."));
  }
  auto uploads = uploads_of(visit, "files");
  if (uploads.empty()) return visit.error(422, visit.say("No file came with the form. Go back and choose at least one."));
  const TakenFiles taken = take_files(visit, std::move(uploads), {});
  std::string said = visit.say("{} (file is|files are) attached. The company does not see them.", taken.files.size());
  for (const RefusedFile& one : taken.refused) said += " " + one.sentence;
  if (!taken.refused.empty() && taken.files.empty()) return visit.error(422, taken.refused.front().sentence);
  return visit.go(page + "#files", said);
}

}  // namespace

json::array case_file_views(const Visit& visit) {
  const bool staff = visit.may(Verb::see_internal);
  json::array views;
  visit.engine.database().read([&](Session& session) {
    for (const CaseFile& file : files_of_case(session, visit.on->id, staff)) {
      json::object view = file_view(visit, file);
      view["internal"] = file.internal;
      view["waiting"] = !file.internal && !file.attached_version;
      view["may_drop"] = staff && file.internal;
      views.push_back(std::move(view));
    }
  });
  return views;
}

void add_file_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/files/{hash}", "", Access::signed_in, download_file, "A file of the case, to keep"});
  routes.push_back({"POST", "/cases/{case}/files", "N2", Access::staff, attach_internally, "Attach files for the agency alone"});
}

}  // namespace tradecase::http
