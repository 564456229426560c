// Drafts of a company: its annual letter moved to a newer form, and its improvement plan, whoever works on them meanwhile.
#include "tests/adapters/http/audits.hpp"
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

http::Response post(const PortalWorld& world, const Caller& caller, const std::string& path, const Pairs& fields) {
  std::string body = "csrf=" + http::percent_encoded(caller.csrf) + "&key=" + http::random_token();
  for (const auto& [name, value] : fields) body += "&" + name + "=" + http::percent_encoded(value);
  return world.ask(caller, "POST", path, body, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

bool has(const http::Response& answer, std::string_view text) { return answer.body.find(text) != std::string::npos; }

Case case_of(const PortalWorld& world, const std::string& id) {
  return world.engine().database().read([&](Session& session) { return find_case(session, id).value(); });
}
std::string version_of(const PortalWorld& world, const std::string& id) { return std::to_string(case_of(world, id).version); }

// From today on there is a second version of the annual letter's form.
void publish_newer_form(PortalWorld& world) {
  auto next = std::make_shared<Programme>(world.engine().programme());
  std::vector<tradecase::Form> forms = next->forms.all();
  tradecase::Form newer = next->forms.latest("anl", world.engine().today());
  newer.version += 1;
  newer.effective_from = world.engine().today();
  forms.push_back(std::move(newer));
  next->forms = Forms(std::move(forms));
  world.engine().database().write([&](Transaction&) { world.site().use(next); });
}

// A letter that may be filled in, and an officer of its company.
std::pair<std::string, Caller> open_letter(PortalWorld& world) {
  std::string id, company;
  world.engine().database().read([&](Session& session) {
    session.each<std::string, std::string>(
        "select id, company from cases where workflow = 'annual_notification' and state in ('open', 'drafting') limit 1", {},
        [&](std::string found, std::string of) { id = std::move(found), company = std::move(of); });
  });
  REQUIRE_FALSE(id.empty());
  const auto officers =
      world.engine().database().read([&](Session& session) { return people_with(session, "officer", company, world.engine().today()); });
  REQUIRE_FALSE(officers.empty());
  return {id, world.call("filer", officers.front().id)};
}

}  // namespace

TEST_CASE("a draft is moved to the newer form from its page, unless somebody was faster") {
  PortalWorld world;
  const auto [id, filer] = open_letter(world);
  const std::string page = "/cases/" + id + "/letter", move = "/cases/" + id + "/do/carry_over_form";
  CHECK_FALSE(has(world.ask(filer, "GET", page), "carry_over_form"));
  publish_newer_form(world);
  const int newest = world.engine().programme().forms.latest("anl", world.engine().today()).version;
  CHECK(has(world.ask(filer, "GET", page), "Move the letter to version " + std::to_string(newest)));
  const Pairs fields{{"form_version", std::to_string(newest)}, {"back", page}};
  const auto with = [&](const std::string& version) {
    Pairs all = fields;
    all.emplace_back("version", version);
    return all;
  };
  const std::string before = version_of(world, id);
  REQUIRE(std::stoll(before) > 1);
  const auto stale = post(world, filer, move, with(std::to_string(std::stoll(before) - 1)));
  CHECK(stale.status == 412);
  CHECK(has(stale, "What happened meanwhile"));
  CHECK(has(stale, "name=\"form_version\" value=\"" + std::to_string(newest) + "\""));
  CHECK(version_of(world, id) == before);

  const auto moved = post(world, filer, move, with(before));
  CHECK(moved.status == 303);
  CHECK(header_of(moved, "Location") == page);
  CHECK(case_of(world, id).data.at("form_version").as_int64() == newest);
  CHECK_FALSE(has(world.ask(filer, "GET", page), "carry_over_form"));
  CHECK(post(world, filer, move, with(version_of(world, id))).status >= 400);  // there is no newer one
}

TEST_CASE("an improvement plan has an action for each finding, and two who write it read both versions") {
  PortalWorld world;
  const std::string id = audit_in_draft(world), page = "/cases/" + id + "/answers";
  const Caller &preparer = world.who("preparer"), &officer = world.who("officer");
  CHECK(world.ask(preparer, "GET", page).status == 404);  // of a referral the company knows nothing
  world.sql(
      "update cases set state = 'plan_required', data = json_set(data, '$.plan.form_version', 1, '$.findings', json('[{\"number\": 1, "
      "\"area\": \"other\", "
      "\"text\": \"Assists <b>are</b> left out\"}]')) where id = '" +
      id + "'");
  const auto shown = world.ask(preparer, "GET", page);
  CHECK(shown.status == 200);
  CHECK(has(shown, "Finding 1: Assists &lt;b&gt;are&lt;/b&gt; left out"));
  CHECK(has(shown, "q.action.1.root_cause"));
  CHECK_FALSE(has(shown, "q.action.2.root_cause"));

  const std::string before = version_of(world, id);
  const auto plan = [&](const std::string& version, const std::string& cause) {
    return Pairs{{"version", version}, {"act", "save"}, {"q.action.1.finding", "1: Assists"}, {"q.action.1.root_cause", cause}};
  };
  const auto saved = post(world, preparer, page, plan(before, "Purchasing told nobody."));
  CHECK(saved.status == 303);
  CHECK(has(world.ask(officer, "GET", page), "Purchasing told nobody."));
  const auto slower = post(world, officer, page, plan(before, "Nobody asked <i>purchasing</i>."));
  CHECK(slower.status == 412);
  for (const char* text : {"Both versions, side by side", "<td class=\"tc-wrap\">Purchasing told nobody.</td>",
                           "<td class=\"tc-wrap\">Nobody asked &lt;i&gt;purchasing&lt;/i&gt;.</td>"})
    CHECK(has(slower, text));
  CHECK(has(slower, "name=\"version\" value=\"" + version_of(world, id) + "\""));
  CHECK(post(world, officer, page, plan(version_of(world, id), "Nobody asked purchasing.")).status == 303);
  const auto unsigned_plan =
      post(world, officer, page, {{"version", version_of(world, id)}, {"act", "send"}, {"q.action.1.finding", "1: Assists"}});
  CHECK(unsigned_plan.status == 422);  // the rest of the plan is missing
  CHECK(has(unsigned_plan, "<title>Error: "));
}
