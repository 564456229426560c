#include "tests/adapters/http/sample_world.hpp"

#include <fmt/format.h>

#include "workflows/entries/entry_store.hpp"

namespace tradecase::testing {

json::object object_of(const http::Response& answer) {
  INFO(answer.status << " " << answer.body.substr(0, 1500));
  REQUIRE(answer.status == 200);
  return json::parse(answer.body).as_object();
}

bool says(const http::Response& answer, std::string_view text) { return answer.body.find(text) != std::string::npos; }

std::string refusal_of(const http::Response& answer, int status) {
  INFO(answer.status << " " << answer.body.substr(0, 1500));
  CHECK(answer.status == status);
  return answer.body;
}

SampleWorld::SampleWorld(int lines) {
  EntryStage stage(engine().database().file());
  const std::vector<std::string> origins{"CN", "VN", "MX", "KR"};
  for (int i = 0; i < lines; ++i) {
    EntryLine row;
    row.entry_number = fmt::format("ZZA{:08}", i / 4);
    row.line = i % 4 + 1;
    row.importer_number = importer();
    row.entry_date = parse_date("2025-03-10");
    row.hts = "8471300100";
    row.country_of_origin = origins[static_cast<std::size_t>(i) % origins.size()];
    row.manufacturer_id = i % 2 == 0 ? "=1+1" : "MAKER";
    row.value_cents = 10'000 + 100 * (i % 90);
    stage.add(own, row);
  }
  stage.keep([](Transaction&, const EntryDifference&) {});
  Command refer;
  refer.workflow = "audit";
  refer.company = own;
  refer.name = "open_referral";
  refer.actor = who("nam").person;
  refer.body = {{"kind", "single_issue"}, {"risk_areas", json::array{"classification"}}, {"reasons", json::array{"Duty rates fell."}}};
  const Answer answer = engine().execute(refer);
  INFO((std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(answer));
  audit = std::get<Receipt>(answer).case_id;
}

std::string SampleWorld::importer() const {
  return engine().database().read([&](Session& session) { return find_company(session, own)->ior_numbers.front(); });
}

http::Response SampleWorld::post(const std::string& name, const std::string& path, const std::string& form) const {
  return ask(who(name), "POST", path, "csrf=" + who(name).csrf + "&" + form, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

http::Response SampleWorld::send(const std::string& name, const std::string& path, const json::object& body) const {
  return api(who(name), "POST", "/api/v1/cases/" + audit + "/" + path, json::serialize(body));
}

std::string SampleWorld::population(const std::string& strata) const {
  const auto made = post("auditor", at("populations"), "risk_area=classification&strata=" + strata);
  INFO(made.status << " " << made.body.substr(0, 1500));
  REQUIRE(made.status == 303);
  const std::string path = header_of(made, "Location");
  REQUIRE(post("auditor", path + "/freeze", "reason=No+control+total+was+to+be+had.").status == 303);
  return path.substr(path.rfind('/') + 1);
}

std::string SampleWorld::drawn(const std::string& population, const std::string& more) const {
  const auto answer =
      post("auditor", at("populations/" + population + "/draw"), "seed=" + std::string(dice_seed) + "&how=ten-sided+dice&" + more);
  INFO(answer.status << " " << answer.body.substr(0, 3000));
  REQUIRE(answer.status == 303);
  const std::string path = header_of(answer, "Location");
  return path.substr(path.rfind('/') + 1);
}

}  // namespace tradecase::testing
