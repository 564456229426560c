// Files through the portal and the API: who may send, see and keep them, what a delivery makes of them, and what is never told.
#include <algorithm>

#include "adapters/http/uploads.hpp"
#include "engine/sha256.hpp"
#include "tests/adapters/http/audits.hpp"
#include "tests/adapters/http/hostile_files.hpp"
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr char boundary[] = "----a-boundary-of-the-test";
const PortalWorld::Headers as_form{{"Content-Type", std::string("multipart/form-data; boundary=") + boundary}};

struct Part {
  std::string field, filename, bytes;  // filename "": a field
};

std::string form_of(const std::vector<Part>& parts) {
  std::string body;
  for (const Part& part : parts) {
    body += std::string("--") + boundary + "\r\nContent-Disposition: form-data; name=\"" + part.field + "\"";
    if (!part.filename.empty()) body += "; filename=\"" + part.filename + "\"\r\nContent-Type: application/octet-stream";
    body += "\r\n\r\n" + part.bytes + "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

json::array items_in(const http::Response& answer) { return json::parse(answer.body).at("items").as_array(); }

// An audit of the world's own company whose auditors ask for documents of three entry lines.
std::string audit_asking(PortalWorld& world) {
  std::string id = audit_in_fieldwork(world);
  json::array items;
  for (const auto& [entry, line] : std::vector<std::pair<const char*, int>>{{"ABC12345678", 1}, {"ABC12345678", 2}, {"XYZ76543210", 1}})
    items.push_back(json::object{{"entry_number", entry}, {"line", line}, {"documents", "Invoice"}});
  send_approved_letter(world, id, "audit_request", "request_records",
                       {{"scope", "Origin"}, {"items", std::move(items)}, {"sampled", false}});
  return id;
}

std::int64_t version_of(const PortalWorld& world, const std::string& id) {
  return world.engine().database().read([&](Session& session) { return find_case(session, id).value().version; });
}

http::Response deliver_form(PortalWorld& world, const Caller& caller, const std::string& id, std::vector<Part> parts) {
  parts.push_back({"csrf", "", caller.csrf});
  parts.push_back({"key", "", http::random_token()});
  parts.push_back({"version", "", std::to_string(version_of(world, id))});
  return world.ask(caller, "POST", "/cases/" + id + "/deliver", form_of(parts), as_form);
}

}  // namespace

TEST_CASE("a file goes in and comes out byte for byte, as a file to keep and nothing else") {
  PortalWorld world;
  std::string bytes = pdf_of("start");
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i * 7 + i / 256);
  bytes += "\n%%EOF\n";
  const std::string files = "/api/v1/cases/" + world.membership + "/files";
  const auto sent = world.api(world.who("officer"), "POST", files, form_of({{"file", "n\xC3\xBAmero \x31.pdf", bytes}}), as_form);
  INFO(sent.body);
  REQUIRE(sent.status == 200);
  const json::object item = items_in(sent).front().as_object();
  CHECK(item.at("hash").as_string() == sha256_hex(bytes));
  CHECK(item.at("size").as_int64() == static_cast<std::int64_t>(bytes.size()));
  const std::string hash(item.at("hash").as_string());
  for (const char* who : {"officer", "preparer", "contact", "nam", "auditor"}) {
    const auto page = world.ask(world.who(who), "GET", "/cases/" + world.membership + "/files/" + hash);
    CHECK(page.status == 200);
    CHECK(page.body == bytes);
    CHECK(page.type == "application/pdf");
    CHECK(header_of(page, "Content-Disposition") == "attachment; filename=\"n__mero 1.pdf\"; filename*=UTF-8''n%C3%BAmero%201.pdf");
    CHECK(header_of(page, "Content-Security-Policy") == "sandbox; default-src 'none'");
    CHECK(header_of(page, "X-Content-Type-Options") == "nosniff");
    CHECK(header_of(page, "Cache-Control") == "no-store");
    CHECK(world.api(world.who(who), "GET", files + "/" + hash).body == bytes);
  }
  for (const char* who : {"stranger", "outsider"}) {
    CHECK(world.ask(world.who(who), "GET", "/cases/" + world.membership + "/files/" + hash).status == 404);
    CHECK(world.api(world.who(who), "GET", files + "/" + hash).status == 404);
    CHECK(world.api(world.who(who), "GET", files).status == 404);
    CHECK(world.api(world.who(who), "POST", files, form_of({{"file", "a.pdf", pdf_of("a")}}), as_form).status == 404);
  }
  CHECK(world.api(world.who("contact"), "POST", files, form_of({{"file", "a.pdf", pdf_of("a")}}), as_form).status == 403);
  CHECK(world.api(world.who("nobody"), "GET", files + "/" + hash).status == 401);
  for (const CaseRow& other : world.cases_of(world.own))  // a hash opens the case it was sent to, no other
    if (other.id != world.membership) CHECK(world.ask(world.who("officer"), "GET", "/cases/" + other.id + "/files/" + hash).status == 404);
}

TEST_CASE("what the agency attaches for itself is in no byte a company reads") {
  PortalWorld world;
  const std::string canary = "CANARY-9917", files = "/api/v1/cases/" + world.membership + "/files";
  const std::string bytes = canary + " is what we think.\n";
  const auto sent = world.api(world.who("nam"), "POST", files, form_of({{"file", canary + ".txt", bytes}}), as_form);
  REQUIRE(sent.status == 200);
  CHECK(items_in(sent).front().at("internal").as_bool());
  const std::string hash = sha256_hex(bytes);
  for (const char* who : {"officer", "preparer", "contact", "stranger"})
    for (const std::string& path :
         {files, files + "/" + hash, "/cases/" + world.membership, "/cases/" + world.membership + "/files/" + hash,
          "/api/v1/cases/" + world.membership, "/api/v1/cases/" + world.membership + "/history"}) {
      const auto answer = world.ask(world.who(who), "GET", path);
      INFO(who << " at " << path << ": " << answer.status);
      CHECK(answer.body.find(canary) == std::string::npos);
      const bool asked_for = path.find(hash) != std::string::npos;  // an answer may name the address it was asked for
      if (asked_for)
        CHECK(answer.status == 404);
      else
        CHECK(answer.body.find(hash) == std::string::npos);
    }
  CHECK(world.ask(world.who("nam"), "GET", "/cases/" + world.membership).body.find(canary) != std::string::npos);
  // The company sends the same bytes: its file is its own, and the agency's stays unseen.
  REQUIRE(world.api(world.who("officer"), "POST", files, form_of({{"file", "ours.txt", bytes}}), as_form).status == 200);
  const auto theirs = items_in(world.api(world.who("officer"), "GET", files));
  REQUIRE(theirs.size() == 1);
  CHECK(theirs.front().at("name") == "ours.txt");
  CHECK(items_in(world.api(world.who("nam"), "GET", files)).size() == 2);
}

TEST_CASE("an upload by the API is taken whole or not at all, and once") {
  PortalWorld world;
  const Caller& officer = world.who("officer");
  const std::string files = "/api/v1/cases/" + world.membership + "/files";
  const auto refused = world.api(officer, "POST", files, form_of({{"file", "a.pdf", pdf_of("a")}, {"file", "b.pdf", exe_of()}}), as_form);
  CHECK(refused.status == 422);
  CHECK(json::parse(refused.body).at("errors").at(0).at("code") == "content_differs");
  CHECK(items_in(world.api(officer, "GET", files)).empty());

  const auto with_key = [&](const std::string& bytes) {
    auto headers = as_form;
    headers.emplace_back("Idempotency-Key", "once");
    return world.api(officer, "POST", files, form_of({{"file", "a.pdf", pdf_of(bytes)}}), headers);
  };
  CHECK(with_key("a").status == 200);
  CHECK(with_key("a").status == 200);
  CHECK(with_key("b").status == 422);
  CHECK(items_in(world.api(officer, "GET", files)).size() == 1);

  const PortalWorld::Headers raw{{"Content-Type", "application/octet-stream"}};
  CHECK(world.api(officer, "POST", files + "?name=raw.pdf", pdf_of("raw"), raw).status == 200);
  CHECK(world.api(officer, "POST", files, pdf_of("raw"), raw).status == 400);
  CHECK(world.api(officer, "POST", files, "{}").status == 415);
  CHECK(world.api(officer, "POST", files, form_of({{"file", "a.pdf", pdf_of("a")}}).substr(0, 90), as_form).status == 400);
  const auto unpacked =
      world.api(officer, "POST", files, form_of({{"file", "all.zip", zip_of({{"c.pdf", pdf_of("c")}, {"d.txt", "d"}})}}), as_form);
  INFO(unpacked.body);
  REQUIRE(unpacked.status == 200);
  CHECK(items_in(unpacked).size() == 2);
}

TEST_CASE("files find their items by name, by a manifest or by hand, and are delivered, accepted and returned") {
  PortalWorld world;
  const std::string id = audit_asking(world), page = "/cases/" + id + "/deliver";
  const Caller& preparer = world.who("preparer");
  const auto taken = deliver_form(world, preparer, id,
                                  {{"act", "", "upload"},
                                   {"files", "XYZ-7654321-0.pdf", pdf_of("x")},
                                   {"files", "manifest.csv", "file,entry,line\nscan.png,ABC-1234567-8,1\n"},
                                   {"files", "scan.png", png_of()},
                                   {"files", "<b>packing.txt", "Packing list"}});
  INFO(taken.body.substr(0, 3000));
  REQUIRE(taken.status == 303);
  const auto shown = world.ask(preparer, "GET", page);
  CHECK(shown.body.find("&lt;b&gt;packing.txt") != std::string::npos);
  CHECK(shown.body.find("<b>packing") == std::string::npos);
  CHECK(shown.body.find("manifest.csv</a>") == std::string::npos);

  const std::string packing = sha256_hex("Packing list");
  REQUIRE(deliver_form(world, preparer, id, {{"act", "", "deliver"}, {"place." + packing, "", "1"}}).status == 303);
  const auto data = [&] { return world.engine().database().read([&](Session& session) { return find_case(session, id).value().data; }); };
  const auto files_of = [&](std::size_t item) { return data().at("items").at(item).at("files").as_array(); };
  CHECK(files_of(0) == json::array{json::value(sha256_hex(png_of()))});
  CHECK(files_of(1) == json::array{json::value(packing)});
  CHECK(files_of(2) == json::array{json::value(sha256_hex(pdf_of("x")))});

  const Caller& auditor = world.who("auditor");
  CHECK(world.ask(auditor, "GET", "/cases/" + id + "/received").body.find("&lt;b&gt;packing") != std::string::npos);
  const std::string review = "csrf=" + auditor.csrf + "&key=" + http::random_token() + "&version=" + std::to_string(version_of(world, id)) +
                             "&review.0=accept&review.1=return";
  const PortalWorld::Headers urlencoded{{"Content-Type", "application/x-www-form-urlencoded"}};
  CHECK(world.ask(auditor, "POST", "/cases/" + id + "/received", review, urlencoded).status == 422);  // without a question
  CHECK(world.ask(auditor, "POST", "/cases/" + id + "/received", review + "&reason.1=Where+is+page+2%3F", urlencoded).status == 303);
  CHECK(data().at("items").at(0).at("accepted").as_bool());
  CHECK(files_of(1).empty());
  CHECK(data().at("items").at(1).at("earlier_files") == json::array{json::value(packing)});
  const auto asked_again = world.ask(preparer, "GET", page);
  CHECK(asked_again.body.find("Where is page 2?") != std::string::npos);
  CHECK(asked_again.body.find("2 of 3 items answered") != std::string::npos);

  // Somebody who read the list before that decides too: both versions stand side by side, and what was chosen is kept to be sent again.
  const std::string late = review.substr(review.find("&version="), review.find("&review.0") - review.find("&version=")) +
                           "&csrf=" + auditor.csrf + "&key=" + http::random_token() + "&review.1=accept&review.2=accept";
  const auto conflict = world.ask(auditor, "POST", "/cases/" + id + "/received", late, urlencoded);
  CHECK(conflict.status == 412);
  for (const char* text : {"What happened meanwhile", "Both versions, side by side", "Returned: Where is page 2?", "Delivered"})
    CHECK(conflict.body.find(text) != std::string::npos);
  const std::string version = "name=\"version\" value=\"" + std::to_string(version_of(world, id)) + "\"";
  CHECK(conflict.body.find(version) != std::string::npos);
  const std::string again =
      "csrf=" + auditor.csrf + "&key=" + http::random_token() + "&version=" + std::to_string(version_of(world, id)) + "&review.2=accept";
  CHECK(world.ask(auditor, "POST", "/cases/" + id + "/received", again, urlencoded).status == 303);
}

TEST_CASE("a delivery may name only files that were sent to its case") {
  PortalWorld world;
  const std::string id = audit_asking(world);
  const Caller& officer = world.who("officer");
  const auto deliver = [&](const std::string& hash) {
    const json::object body{
        {"items", json::array{json::object{{"entry_number", "XYZ76543210"}, {"line", 1}, {"files", json::array{json::value(hash)}}}}}};
    return world.api(officer, "POST", "/api/v1/cases/" + id + "/commands/deliver", json::serialize(body),
                     {{"If-Match", "\"" + std::to_string(version_of(world, id)) + "\""}});
  };
  CHECK(deliver(sha256_hex("nobody sent this")).status == 400);
  CHECK(deliver("no hash").status == 400);
  const std::string elsewhere = "/api/v1/cases/" + world.membership + "/files", here = "/api/v1/cases/" + id + "/files";
  REQUIRE(world.api(officer, "POST", elsewhere, form_of({{"file", "a.pdf", pdf_of("a")}}), as_form).status == 200);
  CHECK(deliver(sha256_hex(pdf_of("a"))).status == 400);
  REQUIRE(world.api(world.who("auditor"), "POST", here, form_of({{"file", "a.pdf", pdf_of("a")}}), as_form).status == 200);
  CHECK(deliver(sha256_hex(pdf_of("a"))).status == 400);  // the agency's own
  REQUIRE(world.api(officer, "POST", here, form_of({{"file", "a.pdf", pdf_of("a")}}), as_form).status == 200);
  CHECK(deliver(sha256_hex(pdf_of("a"))).status == 200);
}

TEST_CASE("a file that nothing names goes after some days; one that a command names stays") {
  PortalWorld world;
  const std::string id = audit_asking(world), files = "/api/v1/cases/" + id + "/files";
  const Caller& officer = world.who("officer");
  REQUIRE(deliver_form(world, officer, id, {{"act", "", "upload"}, {"files", "XYZ-7654321-0.pdf", pdf_of("kept")}}).status == 303);
  REQUIRE(deliver_form(world, officer, id, {{"act", "", "deliver"}}).status == 303);
  REQUIRE(deliver_form(world, officer, id, {{"act", "", "upload"}, {"files", "other.pdf", pdf_of("forgotten")}}).status == 303);
  CHECK(items_in(world.api(officer, "GET", files)).size() == 2);
  const Instant later = world.engine().now() + http::unattached_time + std::chrono::hours(1);
  world.engine().database().write([&](Transaction& tx) { http::drop_unattached_files(tx, later - http::unattached_time); });
  const auto left = items_in(world.api(officer, "GET", files));
  REQUIRE(left.size() == 1);
  CHECK(left.front().at("name") == "XYZ-7654321-0.pdf");
  CHECK(world.api(officer, "GET", files + "/" + sha256_hex(pdf_of("kept"))).body == pdf_of("kept"));
  world.engine().database().read([&](Session& session) { CHECK(http::file_bytes(session, sha256_hex(pdf_of("forgotten"))).empty()); });
}

TEST_CASE("a form with files from another site, or whose sign-in expired, keeps and does nothing with them") {
  PortalWorld world;
  const std::string id = audit_asking(world), page = "/cases/" + id + "/deliver";
  const std::string body = form_of({{"csrf", "", "wrong"}, {"act", "", "upload"}, {"files", "XYZ-7654321-0.pdf", pdf_of("x")}});
  CHECK(world.ask(world.who("officer"), "POST", page, body, as_form).status == 403);
  world.wall += std::chrono::hours(2);
  const auto expired = world.ask(world.who("officer"), "POST", page, body, as_form);
  CHECK(expired.status == 303);
  CHECK(header_of(expired, "Location").starts_with("/sign-in?next="));
  const auto kept = world.engine().database().read(
      [](Session& session) { return session.value<std::string>("select body from kept_forms order by kept_at desc limit 1"); });
  REQUIRE(kept);
  CHECK(kept->find("act=upload") != std::string::npos);
  CHECK(kept->find("%PDF") == std::string::npos);
}
