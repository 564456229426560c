// Letters put together by people: written step by step (A5), into Word and back, approved by a second person as exactly the bytes that go
// out (A6), and the template desk (A10).
#include <algorithm>

#include "adapters/documents/docx.hpp"
#include "adapters/http/letter_desk.hpp"
#include "adapters/http/letter_store.hpp"
#include "engine/sha256.hpp"
#include "engine/store/fixed_letters.hpp"
#include "tests/adapters/http/audits.hpp"
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr char boundary[] = "----a-boundary-of-the-test";
const PortalWorld::Headers as_form{{"Content-Type", "application/x-www-form-urlencoded"}};
const PortalWorld::Headers as_files{{"Content-Type", std::string("multipart/form-data; boundary=") + boundary}};
constexpr char entry[] = "ABC12345678";

using FormFields = std::vector<std::pair<std::string, std::string>>;

std::string encoded(const FormFields& fields) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += (body.empty() ? "" : "&") + http::percent_encoded(name) + "=" + http::percent_encoded(value);
  return body;
}

std::string with_file(const FormFields& fields, const std::string& field, const std::string& bytes) {
  std::string body;
  for (const auto& [name, value] : fields)
    body += std::string("--") + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  body += std::string("--") + boundary + "\r\nContent-Disposition: form-data; name=\"" + field +
          "\"; filename=\"letter.docx\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n";
  return body + "--" + boundary + "--\r\n";
}

bool holds(const http::Response& answer, const std::string& part) { return answer.body.find(part) != std::string::npos; }

class Office {
 public:
  Office() {
    id = audit_in_fieldwork(world);
    compose = "/cases/" + id + "/compose/audit_request";
    approve = "/cases/" + id + "/approve/audit_request";
  }

  void act(const std::string& name, const std::string& who, json::object body) { act_on(world, id, name, who, std::move(body)); }
  http::Response get(const std::string& who, const std::string& path) const { return world.ask(world.who(who), "GET", path); }
  http::Response post(const std::string& who, const std::string& path, FormFields fields) const {
    fields.emplace_back("csrf", world.who(who).csrf);
    return world.ask(world.who(who), "POST", path, encoded(fields), as_form);
  }
  http::Response upload(const std::string& who, const std::string& path, FormFields fields, const std::string& bytes) const {
    fields.emplace_back("csrf", world.who(who).csrf);
    return world.ask(world.who(who), "POST", path, with_file(fields, "word", bytes), as_files);
  }

  std::optional<http::SavedLetter> draft() const {
    return world.engine().database().read([&](Session& session) { return http::find_letter_draft(session, id, "audit_request"); });
  }
  std::vector<std::string> titles() const {
    std::vector<std::string> all;
    const auto saved = draft();
    for (const json::value& part : saved->body.at("parts").as_array()) all.emplace_back(part.at("title").as_string());
    return all;
  }
  Case on() const {
    return world.engine().database().read([&](Session& session) { return find_case(session, id).value(); });
  }

  // The form of the page: every paragraph and value as it stands, the named ones otherwise.
  FormFields typed(const std::string& act, FormFields otherwise = {}) const {
    const auto saved = draft();
    json::array parts;
    if (saved) {
      parts = saved->body.at("parts").as_array();
    } else {
      world.engine().database().read([&](Session& session) {
        for (const http::Paragraph& one : http::paragraphs_in_force(session, "audit_request", world.engine().today()))
          if (one.standard)
            parts.push_back(json::object{{"name", one.name}, {"version", one.version}, {"title", one.title}, {"text", one.text}});
      });
    }
    FormFields fields{{"draft", std::to_string(saved ? saved->version : 0)}, {"version", std::to_string(on().version)}, {"act", act}};
    fields.emplace_back("key", "k" + std::to_string(++keys_));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::string n = std::to_string(i);
      fields.emplace_back("name." + n, std::string(parts[i].at("name").as_string()));
      fields.emplace_back("of." + n, std::to_string(parts[i].at("version").as_int64()));
      fields.emplace_back("title." + n, std::string(parts[i].at("title").as_string()));
      fields.emplace_back("text." + n, std::string(parts[i].at("text").as_string()));
    }
    const std::string due = to_text(world.engine().today() + std::chrono::days(30));
    const FormFields values{{"value.scope", "Origin of the shirts"},
                            {"value.documents", "Invoice and proof of payment"},
                            {"value.lines", std::string(entry) + ", 1\n" + entry + ", 2, certificate of origin"},
                            {"value.sampled", "no"},
                            {"value.due_on", due}};
    fields.insert(fields.end(), values.begin(), values.end());
    for (const auto& [name, value] : otherwise) {
      const auto found = std::ranges::find_if(fields, [&](const auto& one) { return one.first == name; });
      if (found == fields.end())
        fields.emplace_back(name, value);
      else
        found->second = value;
    }
    return fields;
  }
  http::Response write(const std::string& act, FormFields otherwise = {}, const std::string& who = "auditor") const {
    return post(who, compose, typed(act, std::move(otherwise)));
  }
  std::string fixed_hash() const { return std::string(on().data.at("letters").as_array().at(0).at("hash").as_string()); }
  FormFields deciding(const std::string& act, const std::string& hash) const {
    return {{"act", act}, {"hash", hash}, {"version", std::to_string(on().version)}, {"key", "d" + std::to_string(++keys_)}};
  }

  PortalWorld world;
  std::string id, compose, approve;

 private:
  mutable int keys_ = 0;
};

}  // namespace

TEST_CASE("the library that a new database has: every paragraph is right, and a standard letter says what must be said") {
  PortalWorld world;
  const auto& desk = *world.portal().wiring().letters;
  const auto all = world.engine().database().read([](Session& session) { return http::latest_paragraphs(session); });
  CHECK(all.size() >= 30);
  std::map<std::string, std::string> standard;
  for (const http::Paragraph& one : all) {
    INFO(one.name);
    const auto wrong = desk.check(one.letter, {{one.title, one.text}});
    CHECK(wrong.empty());
    if (wrong.empty()) CHECK(desk.fields_used(one.letter, {one.title, one.text}) == one.fields);
    if (one.standard) standard[one.letter] += one.text;
    for (const char* word : {"lease ", "nvalid"}) CHECK(one.text.find(word) == std::string::npos);
  }
  CHECK(standard.size() == 4);
  for (const char* field : {"{{scope}}", "{{due_on}}", "{{#items}}", "{{#due_why}}"})
    CHECK(standard["audit_request"].find(field) != std::string::npos);
  for (const char* field : {"{{#items}}", "{{due_on}}"}) CHECK(standard["survey_documents_request"].find(field) != std::string::npos);
  for (const char* field : {"{{method}}", "{{sample_size}}", "{{population}}", "{{seed_note}}", "{{waiver}}"})
    CHECK(standard["audit_sampling_plan"].find(field) != std::string::npos);
  for (const char* field : {"{{outcome}}", "{{#findings}}", "{{#next_steps}}"})
    CHECK(standard["survey_outcome"].find(field) != std::string::npos);
}

TEST_CASE("a letter is written step by step: order, text, annex; what is wrong is named with its place") {
  Office office;
  REQUIRE(office.get("auditor", office.compose).status == 200);
  CHECK_FALSE(office.draft());  // looking saves nothing
  REQUIRE(office.write("save").status == 303);
  const auto before = office.titles();
  REQUIRE(before.size() > 5);
  REQUIRE(office.write("down:0").status == 303);
  CHECK(office.titles().at(1) == before.at(0));
  REQUIRE(office.write("up:1").status == 303);
  CHECK(office.titles() == before);
  REQUIRE(office.write("drop:0").status == 303);
  CHECK(office.titles().size() == before.size() - 1);
  REQUIRE(office.write("add", {{"paragraph", "request_purpose"}}).status == 303);
  CHECK(office.titles() == before);  // where it stands in the library
  CHECK(office.draft()->version == 5);

  const auto page = office.get("auditor", office.compose);
  CHECK(holds(page, "ABC12345678"));
  CHECK(holds(page, "certificate of origin"));
  CHECK(office.get("auditor", office.compose + "/preview").body.find("Origin of the shirts") != std::string::npos);
  CHECK(office.get("auditor", office.compose + "/pdf").body.starts_with("%PDF"));

  const auto unknown = office.write("save", {{"text.1", "First line.\nBy {{due_onn}} at the latest."}});
  CHECK(unknown.status == 422);
  CHECK(holds(unknown, "Line 2: there is no field &quot;due_onn&quot;"));
  CHECK(holds(unknown, before.at(1)));
  CHECK(holds(unknown, "<title>Error:"));
  CHECK(holds(office.get("auditor", office.compose), "{{due_onn}}"));  // saved all the same: a draft never dies
  CHECK(office.write("fix").status == 422);
  CHECK(office.on().data.at("letters").as_array().empty());
  CHECK(office.write("restore:1").status == 303);

  const auto no_line = office.write("save", {{"value.lines", "ABC12345678"}, {"value.due_on", "2020-01-01"}});
  CHECK(no_line.status == 422);
  CHECK(holds(no_line, "Line 1: write the entry number, a comma and the number of the line."));
  CHECK(holds(no_line, "Enter a day that is still to come"));
}

TEST_CASE("two people who write one letter: the second is shown both, and loses nothing") {
  Office office;
  REQUIRE(office.write("save").status == 303);
  const FormFields old = office.typed("save", {{"value.scope", "Value only"}});
  REQUIRE(office.write("save", {{"value.scope", "Origin and value"}}, "compliance").status == 303);
  const auto conflict = office.post("auditor", office.compose, old);
  CHECK(conflict.status == 412);
  CHECK(holds(conflict, "Value only"));
  CHECK(holds(conflict, "Origin and value"));
  CHECK(holds(conflict, "What happened meanwhile"));
  CHECK(office.draft()->body.at("values").at("scope") == "Origin and value");
}

TEST_CASE("a second person approves exactly the bytes that go out, and a change voids it") {
  Office office;
  REQUIRE(office.write("save").status == 303);
  const auto fixed = office.write("fix");
  INFO(fixed.body.substr(0, 3000));
  REQUIRE(fixed.status == 303);
  CHECK(header_of(fixed, "Location") == office.approve);
  const std::string hash = office.fixed_hash(), bytes = office.get("compliance", "/cases/" + office.id + "/fixed/" + hash).body;
  CHECK(sha256_hex(bytes) == hash);
  CHECK(holds(office.get("compliance", office.approve), hash));

  const auto own = office.post("auditor", office.approve, office.deciding("approve", hash));
  CHECK(own.status == 422);
  CHECK(holds(own, "a letter is approved by somebody other than who wrote it"));
  CHECK(office.post("compliance", office.approve, office.deciding("send", hash)).status == 422);  // nobody has approved it

  REQUIRE(office.post("compliance", office.approve, office.deciding("approve", hash)).status == 303);
  CHECK(office.on().data.at("letters").at(0).at("approved_by").as_string() == office.world.who("compliance").person);

  SECTION("an edit voids the approval") {
    REQUIRE(office.write("save", {{"value.scope", "Value of the shirts"}}).status == 303);
    CHECK(office.on().data.at("letters").as_array().empty());
    CHECK(office.post("auditor", office.approve, office.deciding("send", hash)).status >= 400);
  }
  SECTION("saving what has not changed does not") {
    REQUIRE(office.write("save").status == 303);
    CHECK(office.on().data.at("letters").as_array().size() == 1);
  }
  SECTION("it can be taken back, with a reason") {
    CHECK(office.post("compliance", office.approve, office.deciding("take_back", hash)).status == 422);
    auto back = office.deciding("take_back", hash);
    back.emplace_back("reason", "The scope is too wide.");
    REQUIRE(office.post("compliance", office.approve, back).status == 303);
    CHECK(office.on().data.at("letters").as_array().empty());
  }
  SECTION("sent, the company gets these bytes, and the outbox tells how far they are") {
    REQUIRE(office.post("auditor", office.approve, office.deciding("send", hash)).status == 303);
    const auto letters = office.world.engine().database().read([&](Session& session) { return letters_of(session, office.id); });
    CHECK(letters.back().letter == "audit_request");
    CHECK(letters.back().hash == hash);
    const auto document = office.world.engine().database().read([&](Session& session) { return find_document(session, hash); });
    REQUIRE(document);
    CHECK(document->html == bytes);
    CHECK(office.on().data.at("items").as_array().size() == 2);
    CHECK(holds(office.get("auditor", office.approve), "Queued"));
    office.world.sql("update outbox set status = 'transmitting' where letter_id = (select max(id) from letters)");
    CHECK(holds(office.get("auditor", office.approve), "Transmission begun"));
    office.world.sql("update outbox set status = 'unknown' where letter_id = (select max(id) from letters)");
    CHECK(holds(office.get("auditor", office.approve), "Outcome unknown"));
    CHECK(holds(office.get("officer", "/cases/" + office.id + "/letters/" + hash), "Origin of the shirts"));
    CHECK_FALSE(office.draft());  // the next letter begins anew
    CHECK(office.get("auditor", office.compose).status == 200);
  }
}

TEST_CASE("a letter goes into Word and comes back; what is unknown or lost is refused with its place") {
  Office office;
  REQUIRE(office.write("save").status == 303);
  const auto taken = office.get("auditor", office.compose + "/word");
  REQUIRE(taken.status == 200);
  Blocks blocks = blocks_of_docx(taken.body);
  const auto back = [&](const Blocks& changed) {
    return office.upload("auditor", office.compose + "/word", {{"draft", std::to_string(office.draft()->version)}, {"act", "upload"}},
                         docx_of(changed, {"t", "a", "s", office.world.engine().now()}));
  };
  Blocks unknown = blocks;
  unknown.push_back({Block::Kind::paragraph, 0, {{"Call {{who}} first."}}});
  const auto refused = back(unknown);
  CHECK(refused.status == 422);
  CHECK(holds(refused, "there is no field &quot;who&quot;"));
  CHECK(holds(refused, "In paragraph "));

  Blocks lost = blocks;
  for (Block& block : lost)
    if (block.kind == Block::Kind::table) block.rows.pop_back();
  const auto without_row = back(lost);
  CHECK(without_row.status == 422);
  CHECK(holds(without_row, "The table has lost its row 2: entry ABC12345678, line 2. It stood in “Annex: the entry lines”."));

  CHECK(office.upload("auditor", office.compose + "/word", {{"draft", "1"}, {"act", "upload"}}, "no Word document").status == 422);
  CHECK(office.draft()->body.at("word").is_null());

  Blocks good = blocks;
  good.insert(good.begin(), {Block::Kind::paragraph, 0, {{"A word from {{signature_name}} before we begin."}}});
  const auto brought = back(good);
  INFO(brought.body.substr(0, 2500));
  REQUIRE(brought.status == 303);
  const auto preview = office.get("auditor", office.compose + "/preview");
  CHECK(holds(preview, "A word from "));
  CHECK(holds(preview, "Annex: the entry lines"));
  CHECK_FALSE(holds(preview, "{{"));
  REQUIRE(office.write("fix").status == 303);
  CHECK(office.write("plain").status == 303);
  CHECK_FALSE(holds(office.get("auditor", office.compose + "/preview"), "A word from "));
}

TEST_CASE("drafts are the agency's own, and only compliance staff and auditors write them") {
  Office office;
  REQUIRE(office.write("save").status == 303);
  REQUIRE(office.write("fix").status == 303);
  const std::string hash = office.fixed_hash();
  for (const std::string& path :
       {office.compose, office.approve, "/cases/" + office.id + "/compose", "/cases/" + office.id + "/fixed/" + hash,
        office.compose + "/preview", office.compose + "/word", std::string("/templates")})
    for (const char* who : {"officer", "preparer", "contact", "stranger"}) CHECK(office.get(who, path).status == 403);
  CHECK(office.get("officer", "/cases/" + office.id + "/letters/" + hash).status == 404);
  CHECK_FALSE(holds(office.world.api(office.world.who("officer"), "GET", "/api/v1/cases/" + office.id), hash));
  CHECK_FALSE(holds(office.world.api(office.world.who("officer"), "GET", "/api/v1/cases/" + office.id + "/history"), "fix_letter"));
  CHECK(office.get("nam", office.compose).status == 200);
  CHECK(office.write("save", {}, "nam").status == 403);
  CHECK(office.post("nam", office.approve, office.deciding("approve", hash)).status == 403);
}

TEST_CASE("the API writes, fixes, approves and sends a letter as the pages do") {
  Office office;
  const std::string path = "/api/v1/cases/" + office.id + "/letter-drafts/audit_request";
  const auto api = [&](const std::string& who, const std::string& method, const std::string& target, const json::object& body = {},
                       PortalWorld::Headers headers = {}) {
    return office.world.api(office.world.who(who), method, target, method == "POST" ? json::serialize(body) : "", std::move(headers));
  };
  const json::object fresh = json::parse(api("auditor", "GET", path).body).as_object();
  CHECK(fresh.at("version") == 0);
  CHECK(fresh.at("text").is_null());
  json::object body{{"version", 0},
                    {"values", json::object{{"scope", "Origin"},
                                            {"documents", "Invoice"},
                                            {"lines", std::string(entry) + ", 1"},
                                            {"sampled", "no"},
                                            {"due_on", to_text(office.world.engine().today() + std::chrono::days(30))}}}};
  CHECK(api("nam", "POST", path, body).status == 403);
  const auto saved = api("auditor", "POST", path, body);
  INFO(saved.body.substr(0, 800));
  REQUIRE(saved.status == 200);
  CHECK(json::parse(saved.body).at("problems").as_array().empty());
  CHECK(api("auditor", "POST", path, body).status == 412);
  CHECK(api("auditor", "POST", path, {{"version", 1}, {"values", json::object{{"colour", "blue"}}}}).status == 400);

  const auto fixed = api("auditor", "POST", path + "/fix");
  REQUIRE(fixed.status == 200);
  const json::object says = json::parse(fixed.body).as_object();
  const auto send = [&](const std::string& who, const std::string& command, const json::object& with) {
    return api(who, "POST", "/api/v1/cases/" + office.id + "/commands/" + command, with,
               {{"If-Match", "\"" + std::to_string(office.on().version) + "\""}});
  };
  REQUIRE(send("auditor", "fix_letter", says).status == 200);
  CHECK(send("auditor", "approve_letter", {{"hash", says.at("hash")}}).status == 422);
  REQUIRE(send("compliance", "approve_letter", {{"hash", says.at("hash")}}).status == 200);
  json::object request = says.at("says").as_object();
  request["approved"] = says.at("hash");
  const auto sent = send("auditor", "request_records", request);
  INFO(sent.body);
  REQUIRE(sent.status == 200);
  const auto letters = office.world.engine().database().read([&](Session& session) { return letters_of(session, office.id); });
  CHECK(letters.back().hash == says.at("hash").as_string());
}

TEST_CASE("the template desk: a paragraph gets a new version with its day; unknown fields are refused with their place") {
  Office office;
  const std::string path = "/templates/paragraphs/request_scope";
  const std::string today = to_text(office.world.engine().today()), ahead = to_text(office.world.engine().today() + std::chrono::days(10));
  const FormFields said{{"title", "Scope"},      {"text", "## Scope of the audit\n\n{{scope}}"},
                        {"place", "20"},         {"standard", "yes"},
                        {"effective_on", ahead}, {"why", "Clearer heading"},
                        {"act", "keep"}};
  const auto with = [&](const std::string& name, const std::string& value) {
    FormFields fields = said;
    for (auto& [field, was] : fields)
      if (field == name) was = value;
    return fields;
  };
  CHECK(office.get("compliance", "/templates").status == 200);
  CHECK(holds(office.get("compliance", path), "Value of the year"));  // the test merge
  CHECK(office.post("auditor", path, said).status == 403);
  const auto unknown = office.post("compliance", path, with("text", "Scope:\n\n{{scopes}}"));
  CHECK(unknown.status == 422);
  CHECK(holds(unknown, "Line 3: there is no field &quot;scopes&quot;"));
  CHECK(office.post("compliance", path, with("effective_on", "2020-01-01")).status == 422);
  CHECK(office.post("compliance", path, with("why", " ")).status == 422);
  CHECK(office.post("compliance", path, with("act", "trial")).status == 200);
  REQUIRE(office.post("compliance", path, said).status == 303);

  const auto versions =
      office.world.engine().database().read([&](Session& session) { return http::paragraph_versions(session, "request_scope"); });
  REQUIRE(versions.size() == 2);
  CHECK(versions.front().fields == "scope");
  CHECK(versions.front().changed_by == office.world.who("compliance").person);
  const auto holding = [&](const std::string& day) {
    const auto all = office.world.engine().database().read(
        [&](Session& session) { return http::paragraphs_in_force(session, "audit_request", parse_date(day).value()); });
    return std::ranges::find(all, "request_scope", &http::Paragraph::name)->version;
  };
  CHECK(holding(today) == 1);
  CHECK(holding(ahead) == 2);

  FormFields fresh = with("act", "keep");
  fresh.emplace_back("name", "request_closing");
  fresh.emplace_back("letter", "audit_request");
  REQUIRE(office.post("compliance", "/templates/paragraphs", fresh).status == 303);
  CHECK(office.post("compliance", "/templates/paragraphs", fresh).status == 422);  // the name is taken
}

TEST_CASE("the template desk: a letter in Word with merge fields, and a letter made of it") {
  Office office;
  const std::string path = "/templates/audit_request/word", today = to_text(office.world.engine().today());
  const auto document = [&](std::vector<std::string> lines) {
    Blocks blocks;
    for (std::string& line : lines) blocks.push_back({Block::Kind::paragraph, 0, {{std::move(line)}}});
    return docx_of(blocks, {"t", "a", "s", office.world.engine().now()});
  };
  const auto keep = [&](const std::string& docx, const char* who = "compliance") {
    return office.upload(who, path, {{"effective_on", today}, {"why", "Our own look"}}, docx);
  };
  CHECK(keep(document({"x"}), "auditor").status == 403);
  const auto refused = keep(document({"Good day.", "For {{compny}}: {{scope}}"}));
  CHECK(refused.status == 422);
  CHECK(holds(refused, "In paragraph 2"));
  CHECK(holds(refused, "the nearest is &quot;company&quot;"));
  REQUIRE(keep(document({"A letter of our own for {{company}}.", "{{scope}}", "Send it by {{due_on}}."})).status == 303);
  CHECK(holds(office.get("compliance", "/templates"), "company, scope, due_on"));

  REQUIRE(office.write("save").status == 303);
  const auto made = office.upload("auditor", office.compose + "/word", {{"draft", "1"}, {"act", "template"}}, "");
  INFO(made.body.substr(0, 2500));
  REQUIRE(made.status == 303);
  const auto preview = office.get("auditor", office.compose + "/preview");
  CHECK(holds(preview, "A letter of our own for"));
  CHECK(holds(preview, "certificate of origin"));  // the annex follows
}
