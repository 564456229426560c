// Two people at one form: whoever is slower reads both versions side by side, and loses nothing typed. Names that stand twice in JSON.
#include "adapters/http/json_names.hpp"
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

http::Response post(const PortalWorld& world, const Caller& caller, const std::string& path, const Pairs& fields) {
  std::string body = "csrf=" + http::percent_encoded(caller.csrf);
  for (const auto& [name, value] : fields) body += "&" + name + "=" + http::percent_encoded(value);
  return world.ask(caller, "POST", path, body, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

bool has(const http::Response& answer, std::string_view text) { return answer.body.find(text) != std::string::npos; }

// A company that applies, with two officers.
struct Applicant {
  explicit Applicant(PortalWorld& of) : world(of) {
    world.engine().database().write([&](Transaction& tx) {
      Company company;
      company.id = "APPLICANT";
      company.legal_name = "Alder Imports, Inc.";
      company.security_tier = "II";
      company.security_status = "good_standing";
      put_company(tx, company);
      const auto officer = [&](const std::string& name, const std::string& email) {
        Person person;
        person.name = name;
        person.email = email;
        std::string made = add_person(tx, person).id;
        add_grant(tx, {made, "officer", company.id, true});
        return made;
      };
      first_id = officer("Ada Alder", "ada@alder.example");
      second_id = officer("Bo Birch", "bo@alder.example");
    });
    first = world.call("ada", first_id);
    second = world.call("bo", second_id);
    Command launch;
    launch.workflow = "application";
    launch.company = "APPLICANT";
    launch.name = "launch";
    launch.actor = first_id;
    const Answer answer = world.engine().execute(launch);
    INFO((std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
    REQUIRE(std::holds_alternative<Receipt>(answer));
    id = std::get<Receipt>(answer).case_id;
  }
  std::string version() const {
    return std::to_string(world.engine().database().read([&](Session& session) { return find_case(session, id); })->version);
  }
  Pairs eligibility(const std::string& of_version, const std::string& two_years) const {
    Pairs fields{{"version", of_version}};
    const auto& form = world.engine().programme().forms.latest("eligibility", world.engine().today());
    for (const Question& question : form.sections.front().questions)
      fields.emplace_back("q." + form.sections.front().id + "." + question.id, question.id == "two_years_of_imports" ? two_years : "yes");
    return fields;
  }
  std::string path(const std::string& more) const { return "/cases/" + id + more; }

  PortalWorld& world;
  std::string first_id, second_id, id;
  Caller first, second;
};

}  // namespace

TEST_CASE("eligibility answered by two people: the slower one reads both versions, then that it is too late") {
  PortalWorld world;
  const Applicant applicant(world);
  const std::string before = applicant.version();
  REQUIRE(post(world, applicant.first, applicant.path("/eligibility"), applicant.eligibility(before, "no")).status == 303);
  const auto slower = post(world, applicant.second, applicant.path("/eligibility"), applicant.eligibility(before, "yes"));
  CHECK(slower.status == 412);
  CHECK(has(slower, "Both versions, side by side"));
  CHECK(has(slower, "<td class=\"tc-wrap\">No</td><td class=\"tc-wrap\">Yes</td>"));
  CHECK(has(slower, "Ada Alder"));                                               // who, and when
  CHECK(has(slower, "name=\"version\" value=\"" + applicant.version() + "\""));  // sent again it is taken
  REQUIRE(post(world, applicant.second, applicant.path("/eligibility"), applicant.eligibility(applicant.version(), "yes")).status == 303);
  const auto late = post(world, applicant.first, applicant.path("/eligibility"), applicant.eligibility(before, "yes"));
  CHECK(late.status == 412);
  CHECK(has(late, "copy what you still need"));
}

TEST_CASE("a part of an application saved by two people keeps what both wrote") {
  PortalWorld world;
  const Applicant applicant(world);
  REQUIRE(post(world, applicant.first, applicant.path("/eligibility"), applicant.eligibility(applicant.version(), "yes")).status == 303);
  const std::string before = applicant.version(), manual = applicant.path("/application/control_manual");
  REQUIRE(post(world, applicant.first, manual, {{"version", before}, {"document", "Manual 7, in the safe"}}).status == 303);
  const auto slower = post(world, applicant.second, manual, {{"version", before}, {"document", "Manual <8>, on the shelf"}});
  CHECK(slower.status == 412);
  CHECK(has(slower, "<td class=\"tc-wrap\">Manual 7, in the safe</td><td class=\"tc-wrap\">Manual &lt;8&gt;, on the shelf</td>"));
  CHECK(has(slower, "Manual &lt;8&gt;, on the shelf</textarea>"));  // it stands in the form still
  const std::string numbers = applicant.path("/application/ior_numbers");
  const auto other_part = post(world, applicant.second, numbers, {{"version", before}, {"ior_numbers", "12-3456789AA"}});
  CHECK(other_part.status == 412);
  CHECK(has(other_part, "12-3456789AA</textarea>"));
  // The application is withdrawn meanwhile: the part is gone, the words are not.
  Command withdraw;
  withdraw.case_id = applicant.id;
  withdraw.name = "withdraw";
  withdraw.actor = applicant.first_id;
  REQUIRE(std::holds_alternative<Receipt>(world.engine().execute(withdraw)));
  const auto gone = post(world, applicant.second, manual, {{"version", before}, {"document", "Manual 9"}});
  CHECK(gone.status == 412);
  CHECK(has(gone, "<dd class=\"tc-wrap\">Manual 9</dd>"));
}

TEST_CASE("a command sent on an older version shows what happened, and keeps what was typed") {
  PortalWorld world;
  const auto path = "/cases/" + world.membership + "/do/report_breach";
  const auto stale = post(world, world.who("officer"), path, {{"version", "1"}, {"key", "k"}, {"what", "A forged origin."}});
  CHECK(stale.status == 412);
  CHECK(has(stale, "What happened meanwhile"));
  CHECK(has(stale, "<dd class=\"tc-wrap\">A forged origin.</dd>"));
  CHECK(has(stale, "name=\"what\" value=\"A forged origin.\""));
}

TEST_CASE("a contact without a name is missed at its own row") {
  PortalWorld world;
  const Applicant applicant(world);
  REQUIRE(post(world, applicant.first, applicant.path("/eligibility"), applicant.eligibility(applicant.version(), "yes")).status == 303);
  const std::string address = "/api/v1/cases/" + applicant.id + "/commands/save";
  const auto refused = world.api(applicant.first, "POST", address, R"({"part": "contacts", "answers": {"contacts": [{"name": 7}]}})",
                                 {{"If-Match", "\"" + applicant.version() + "\""}});
  CHECK(refused.status >= 400);
  CHECK(has(refused, "contacts/0/"));
  CHECK_FALSE(has(refused, "18446744073709551615"));
}

TEST_CASE("a name that stands twice in an object is found, wherever it is") {
  using http::repeated_name;
  CHECK(repeated_name(R"({"a":1,"a":2})") == "/a");
  CHECK(repeated_name(R"({"a":1,"b":{"c":[1,{"d":2,"d":3}]}})") == "/b/c/1/d");
  CHECK(repeated_name(R"({"\u0061":1,"a":2})") == "/a");
  CHECK(repeated_name(R"({"a/b":{"~":1,"~":2}})") == "/a~1b/~0");
  CHECK(repeated_name(R"([[1],{"k":1,"k":2}])") == "/1/k");
  for (const char* fine : {R"({"a":[{"x":1},{"x":2}],"b":1})", "{}", "{", "", "7", R"({"a":{"a":{"a":1}}})"}) {
    INFO(fine);
    CHECK_FALSE(repeated_name(fine));
  }
}
