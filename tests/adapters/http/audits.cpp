#include "tests/adapters/http/audits.hpp"

#include "tools/cli/letter_desk.hpp"
#include "tools/cli/standard_letter.hpp"

namespace tradecase::testing {

namespace {

std::string said_by(const PortalWorld& world, Command said, const std::string& who) {
  said.actor = world.who(who).person;
  const Answer answer = world.engine().execute(said);
  INFO(said.name << ": " << (std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(answer));
  return std::get<Receipt>(answer).case_id;
}

}  // namespace

std::string act_on(const PortalWorld& world, const std::string& case_id, const std::string& name, const std::string& who,
                   json::object body) {
  Command said;
  said.case_id = case_id;
  said.name = name;
  said.body = std::move(body);
  return said_by(world, std::move(said), who);
}

std::string audit_in_draft(const PortalWorld& world) {
  Command opens;
  opens.workflow = "audit";
  opens.company = world.own;
  opens.name = "open_referral";
  opens.body = {{"kind", "single_issue"},
                {"risk_areas", json::array{json::value(world.engine().programme().rules.texts("audit.risk_areas").front())}},
                {"reasons", json::array{"The origin is open."}}};
  return said_by(world, std::move(opens), "compliance");
}

std::string audit_with_notice(const PortalWorld& world) {
  const std::string today = to_text(world.engine().today()), id = audit_in_draft(world);
  act_on(world, id, "refer", "compliance", {});
  act_on(world, id, "accept", "auditor", {});
  return act_on(world, id, "give_notice", "auditor",
                {{"phoned_on", today}, {"objectives", json::array{"Origin"}}, {"estimate", "Two months."}});
}

std::string audit_in_fieldwork(const PortalWorld& world) {
  const std::string today = to_text(world.engine().today()), end = to_text(world.engine().today() + std::chrono::days(90));
  const std::string id = audit_with_notice(world);
  act_on(world, id, "schedule_entrance", "auditor",
         {{"entrance_on", today},
          {"place", "By video"},
          {"records", json::array{"Invoices"}},
          {"sampling_plan", "None."},
          {"offsetting", "None."},
          {"ends_on", end}});
  act_on(world, id, "hold_entrance", "auditor", {{"held_on", today}, {"attendance", json::array{"The officer"}}, {"ends_on", end}});
  return act_on(world, id, "start_fieldwork", "auditor", {});
}

void send_approved_letter(const PortalWorld& world, const std::string& case_id, const std::string& letter, const std::string& command,
                          const json::object& says) {
  Engine& engine = world.engine();
  const auto [on, writer] = engine.database().read([&](Session& session) {
    return std::pair(find_case(session, case_id).value(), find_person(session, world.who("auditor").person).value());
  });
  const auto desk = letter_desk(engine, load_letters(world.site().config(), engine.programme().rules));
  const auto fixed = fix_standard_letter(engine, *desk, on, letter, says, writer);
  INFO((std::holds_alternative<std::string>(fixed) ? std::get<std::string>(fixed) : ""));
  REQUIRE(std::holds_alternative<json::object>(fixed));
  json::object body = std::get<json::object>(fixed);
  act_on(world, case_id, "fix_letter", "auditor", body);
  act_on(world, case_id, "approve_letter", "compliance", {{"hash", body.at("hash")}});
  json::object sent = body.at("says").as_object();
  sent["approved"] = body.at("hash");
  act_on(world, case_id, command, "auditor", std::move(sent));
}

}  // namespace tradecase::testing
