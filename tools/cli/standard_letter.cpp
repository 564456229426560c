#include "tools/cli/standard_letter.hpp"

#include <algorithm>

#include "adapters/http/letter_store.hpp"
#include "adapters/http/portal/letter_kinds.hpp"
#include "engine/store/fixed_letters.hpp"

namespace tradecase {

std::variant<json::object, std::string> fix_standard_letter(Engine& engine, const http::LetterDesk& desk, const Case& on,
                                                            const std::string& letter, json::object says, const Person& person) {
  const auto& kinds = http::letter_kinds();
  const auto kind =
      std::ranges::find_if(kinds, [&](const http::LetterKind& one) { return one.letter == letter && one.workflow == on.workflow; });
  if (kind == kinds.end()) return "No letter \"" + letter + "\" is approved in a case of " + on.workflow + ".";

  const Date today = engine.today();
  if (!kind->days.empty() && !says.contains("due_on"))
    says["due_on"] = to_text(today + std::chrono::days{engine.programme().rules.number(kind->days)});
  http::LetterDesk::Asked asked{letter, on.id, person.id, http::letter_fields(*kind, on, says), {}, {}, {}};
  if (const auto* due = says.if_contains("due_on")) {
    asked.due_on = due->is_string() ? parse_date(due->get_string()) : std::nullopt;
    if (!asked.due_on) return "\"due_on\" is no day, like 2026-12-22.";
  }
  const auto library = engine.database().read([&](Session& session) { return http::paragraphs_in_force(session, letter, today); });
  for (const http::Paragraph& one : library)
    if (one.standard) asked.parts.push_back({one.title, one.text});
  const auto made = desk.compose(asked);
  if (const auto* wrongs = std::get_if<http::LetterDesk::Wrongs>(&made)) return wrongs->front().sentence;

  const std::string hash = engine.database().write(
      [&](Transaction& tx) { return keep_fixed_letter(tx, on.id, letter, std::get<RenderedLetter>(made), person.id, engine.now()); });
  json::object body{{"letter", letter}, {"hash", hash}, {"says", std::move(says)}};
  if (asked.due_on) body["due_on"] = to_text(desk.due_day(*asked.due_on));
  return body;
}

}  // namespace tradecase
