#include "engine/command.hpp"

#include <stdexcept>

namespace tradecase {
namespace {

RefusalCode parse_code(std::string_view name) {
  for (const RefusalInfo& row : refusal_map)
    if (row.name == name) return row.code;
  throw std::runtime_error("stored receipt: unknown refusal code " + std::string(name));
}

std::string text(const json::object& object, std::string_view key) { return std::string(object.at(key).as_string()); }

}  // namespace

json::object to_json(const Answer& answer) {
  if (const auto* receipt = std::get_if<Receipt>(&answer)) {
    return {{"case", receipt->case_id}, {"command", receipt->command}, {"version", receipt->version},
            {"from", receipt->from},    {"state", receipt->to},        {"at", to_text(receipt->at)}};
  }
  const auto& refusal = std::get<Refusal>(answer);
  json::object object{{"code", info(refusal.code).name}, {"message", refusal.sentence}};
  json::array problems;
  for (const Problem& problem : refusal.problems) problems.push_back(json::object{{"field", problem.field}, {"message", problem.sentence}});
  if (!problems.empty()) object["errors"] = std::move(problems);
  return object;
}

Answer answer_from_json(const json::object& stored) {
  if (!stored.contains("code")) {
    return Receipt{text(stored, "case"), text(stored, "command"), stored.at("version").as_int64(),
                   text(stored, "from"), text(stored, "state"),   parse_instant(text(stored, "at")).value()};
  }
  Refusal refusal{parse_code(stored.at("code").as_string()), text(stored, "message")};
  if (const auto* problems = stored.if_contains("errors")) {
    for (const json::value& problem : problems->as_array())
      refusal.problems.push_back({text(problem.as_object(), "field"), text(problem.as_object(), "message")});
  }
  return refusal;
}

}  // namespace tradecase
