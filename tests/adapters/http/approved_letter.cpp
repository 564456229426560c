#include "tests/adapters/http/approved_letter.hpp"

#include "tools/cli/letter_desk.hpp"
#include "tools/cli/standard_letter.hpp"

namespace tradecase::testing {

void send_approved_letter(const PortalWorld& world, const std::string& case_id, const std::string& letter, const std::string& command,
                          const json::object& says) {
  Engine& engine = world.engine();
  const auto act = [&](const std::string& name, const std::string& who, json::object body) {
    Command said;
    said.case_id = case_id;
    said.name = name;
    said.actor = world.who(who).person;
    said.body = std::move(body);
    const Answer answer = engine.execute(said);
    INFO(name << ": " << (std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
    REQUIRE(std::holds_alternative<Receipt>(answer));
  };
  const auto [on, writer] = engine.database().read([&](Session& session) {
    return std::pair(find_case(session, case_id).value(), find_person(session, world.who("auditor").person).value());
  });
  const auto desk = letter_desk(engine, load_letters(world.site().config(), engine.programme().rules));
  const auto fixed = fix_standard_letter(engine, *desk, on, letter, says, writer);
  INFO((std::holds_alternative<std::string>(fixed) ? std::get<std::string>(fixed) : ""));
  REQUIRE(std::holds_alternative<json::object>(fixed));
  json::object body = std::get<json::object>(fixed);
  act("fix_letter", "auditor", body);
  act("approve_letter", "compliance", {{"hash", body.at("hash")}});
  json::object sent = body.at("says").as_object();
  sent["approved"] = body.at("hash");
  act(command, "auditor", std::move(sent));
}

}  // namespace tradecase::testing
