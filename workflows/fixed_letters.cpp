#include "workflows/fixed_letters.hpp"

#include <algorithm>

namespace tradecase::requests {
namespace {

constexpr char waits_for_approval[] = "approve_letter:";  // the task, with the letter's name

const FixedLetter* find_letter(const FixedLetters& letters, std::string_view hash) {
  const auto found = std::ranges::find(letters, hash, &FixedLetter::hash);
  return found == letters.end() ? nullptr : &*found;
}

json::object without_nulls(json::object body) {
  for (auto at = body.begin(); at != body.end();)
    if (at->value().is_null())
      at = body.erase(at);
    else
      ++at;
  return body;
}

// Which of the command's fields are not as they were approved.
std::vector<std::string> differences(const json::object& approved, const json::object& said) {
  std::vector<std::string> all;
  for (const auto& [name, value] : approved) {
    const auto* other = said.if_contains(name);
    if (other == nullptr || *other != value) all.push_back("\"" + std::string(name) + "\"");
  }
  for (const auto& [name, value] : said)
    if (!approved.contains(name)) all.push_back("\"" + std::string(name) + "\"");
  return all;
}

}  // namespace

Derivation named_day(std::string_view deadline, Date named_on, const Calendar& calendar) {
  return derive({.name = deadline, .anchor_name = "day named in the request", .anchor = named_on, .rolls = Rolls::to_business_day},
                calendar);
}

std::string fixing_problem(std::string_view letter, const std::string& hash, const std::optional<Date>& due_on,
                           const std::vector<std::string_view>& known, const Context& context) {
  if (std::ranges::find(known, letter) == known.end()) return "no letter of that name goes out from here";
  if (const std::string problem = files_problem({hash}); !problem.empty()) return "the letter is named by the SHA-256 of its HTML";
  return named_day_problem(due_on, context);
}

std::string approval_problem(const FixedLetters& letters, const std::string& hash) {
  const FixedLetter* letter = find_letter(letters, hash);
  if (letter == nullptr) return "no letter of that hash waits here: it was changed, taken back or sent meanwhile";
  return letter->approved_by.empty() ? "" : "the letter is approved already";
}

bool is_author(const FixedLetters& letters, const std::string& hash, const Context& context) {
  const FixedLetter* letter = find_letter(letters, hash);
  return letter != nullptr &&
         std::ranges::any_of(letter->authors, [&](const std::string& author) { return acts_as(context.actor, author); });
}

Effects fix(FixedLetters& letters, FixedLetter letter, const Context& context) {
  Effects effects = drop_letter(letters, letter.letter);
  for (const std::string& person : {context.actor.id, context.actor.on_behalf_of})
    if (!person.empty() && std::ranges::count(letter.authors, person) == 0) letter.authors.push_back(person);
  effects.push_back(
      OpenTask{waits_for_approval + letter.letter, Role::compliance, "Approve the letter that is to go out, or take it back"});
  letters.push_back(std::move(letter));
  return effects;
}

Effects approve(FixedLetters& letters, const std::string& hash, const Context& context) {
  const auto letter = std::ranges::find(letters, hash, &FixedLetter::hash);
  letter->approved_by = context.actor.id;
  letter->approved_on = context.today;
  return {CloseTask{waits_for_approval + letter->letter}};
}

Effects take_back(FixedLetters& letters, const std::string& hash) {
  const FixedLetter* letter = find_letter(letters, hash);
  return letter == nullptr ? Effects{} : drop_letter(letters, std::string(letter->letter));
}

Effects drop_letter(FixedLetters& letters, std::string_view letter) {
  if (std::erase_if(letters, [&](const FixedLetter& one) { return one.letter == letter; }) == 0) return {};
  return {CloseTask{waits_for_approval + std::string(letter)}};
}

Effects drop_letters(FixedLetters& letters) {
  Effects effects;
  for (const FixedLetter& one : letters) effects.push_back(CloseTask{waits_for_approval + one.letter});
  letters.clear();
  return effects;
}

std::string sending_problem(const FixedLetters& letters, std::string_view letter, json::object body, const std::optional<Date>& due_on,
                            const Context& context) {
  const auto* hash = body.if_contains("approved");
  if (hash == nullptr) {
    const auto& first = context.rules.texts("letters.approved_first");
    return std::ranges::find(first, letter) == first.end() ? "" : "a second person must approve the letter first";
  }
  const FixedLetter* fixed = find_letter(letters, std::string_view(hash->as_string()));
  if (fixed == nullptr || fixed->letter != letter)
    return "no letter of that hash is fixed for this: it was changed or taken back meanwhile";
  if (fixed->approved_by.empty()) return "a second person must approve the letter first";
  body.erase("approved");
  if (const auto other = differences(without_nulls(fixed->says), without_nulls(std::move(body))); !other.empty())
    return "the letter was approved with another " + listed(other);
  if (fixed->due_on != due_on) return "the letter names another day than the one that would hold now: fix it anew";
  return "";
}

json::object fields_or_approved(const std::optional<std::string>& approved, json::object fields) {
  if (!approved) return fields;
  return {{"approved", *approved}};
}

}  // namespace tradecase::requests
