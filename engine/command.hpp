// What somebody asks a case to do, and the two answers: a receipt, or a refusal that says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"

namespace tradecase {

struct Command {
  std::string case_id;   // empty: this command opens a case of `workflow` for `company`
  std::string workflow;  // read where case_id is empty
  std::string company;   // likewise
  int cycle = 0;         // likewise
  std::string name;      // imperative: "submit"
  json::object body;
  std::string actor;  // person id, or "timer"
  std::string key;    // idempotency key of this actor; empty: the act is not repeatable
  std::optional<std::int64_t> expected_version;
};

struct Receipt {
  std::string case_id;
  std::string command;
  std::int64_t version = 0;
  std::string from;
  std::string to;
  Instant at{};
  bool operator==(const Receipt&) const = default;
};

// Closed set; HTTP status and exit code come from the one map below.
enum class RefusalCode { invalid, forbidden, not_found, wrong_state, guard, conflict, key_reused };

struct Problem {
  std::string field;     // the field of the body, "" for the whole
  std::string sentence;  // for the person who reads it
  bool operator==(const Problem&) const = default;
};

struct Refusal {
  RefusalCode code = RefusalCode::invalid;
  std::string sentence;
  std::vector<Problem> problems{};
  bool operator==(const Refusal&) const = default;
};

using Answer = std::variant<Receipt, Refusal>;

struct RefusalInfo {
  RefusalCode code;
  std::string_view name;
  int http_status;
  int exit_code;
};
inline constexpr RefusalInfo refusal_map[] = {
    {RefusalCode::invalid, "invalid", 400, 2},       {RefusalCode::forbidden, "forbidden", 403, 3},
    {RefusalCode::not_found, "not_found", 404, 4},   {RefusalCode::wrong_state, "wrong_state", 409, 5},
    {RefusalCode::guard, "guard", 422, 6},           {RefusalCode::conflict, "conflict", 412, 7},
    {RefusalCode::key_reused, "key_reused", 422, 8},
};
constexpr const RefusalInfo& info(RefusalCode code) { return refusal_map[static_cast<std::size_t>(code)]; }

json::object to_json(const Answer& answer);  // as stored in a receipt and answered by the API
Answer answer_from_json(const json::object& stored);

}  // namespace tradecase
