// What the clock and the company say to a case that has asked for something (workflows/requests.hpp), and the guards that surveys, audits
// and continuation reviews share. Brings MSM along: included by workflows/*/*.cpp and their commands.hpp only.
#pragma once

#include "engine/machine.hpp"
#include "workflows/requests.hpp"
#include "workflows/signature.hpp"

namespace tradecase::requests {

struct Remind : CommandBy<"remind", Role::timer> {
  int day = 0;  // -14: counted from the due day in force
  TRADECASE_FIELDS(Remind, day)
};
struct MissDueDate : CommandBy<"miss_due_date", Role::timer> {
  TRADECASE_FIELDS(MissDueDate)
};
struct Escalate : CommandBy<"escalate", Role::timer> {
  TRADECASE_FIELDS(Escalate)
};
struct RequestExtension : CommandBy<"request_extension", Role::officer> {
  int days = 0;
  std::string reason;
  TRADECASE_FIELDS(RequestExtension, days, reason)
};

// Of any command with such a field.
inline constexpr Guard reasons_given{"at least one reason is needed",
                                     [](const auto&, const auto& said, const Context&) { return !said.reasons.empty(); }};
inline constexpr Guard signed_by_the_officer{
    "the signature must be the officer's own",
    [](const auto&, const auto& said, const Context& context) { return signature_problem(said.signature, context.actor); }};
inline constexpr Guard day_to_come{"the day named must be still to come", [](const auto&, const auto& said, const Context& context) {
                                     return named_day_problem(said.due_on, context);
                                   }};
inline constexpr Guard delivery_fits{"the delivery must fit what was asked for", [](const auto& data, const auto& said, const Context&) {
                                       return delivery_problem(data.items, said.items);
                                     }};
inline constexpr Guard review_fits{
    "each item reviewed must be one delivered, and a return needs its reason",
    [](const auto& data, const auto& said, const Context&) { return review_problem(data.items, said.items); }};
inline constexpr Guard files_named{"a file is named by its hash", [](const auto&, const auto& said, const Context&) {
                                     return files_problem(said.files.value_or(std::vector<std::string>{}));
                                   }};
inline constexpr Guard something_asked{"nothing is being asked of the company now",
                                       [](const auto& data, const Context&) { return data.request.has_value(); }};
inline constexpr Guard no_extension_asked{"an extension is asked for already and waits for its decision",
                                          [](const auto& data, const Context&) { return !data.request || !data.request->extension; }};
inline constexpr Guard extension_asked{"no extension is asked for",
                                       [](const auto& data, const Context&) { return data.request && data.request->extension; }};

}  // namespace tradecase::requests
