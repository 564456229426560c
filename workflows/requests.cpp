#include "workflows/requests.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace tradecase::requests {
namespace {

using std::chrono::days;

Derivation due_day(const Request& request, const json::object& also, const Context& context) {
  const int counted = request.days.value_or(context.rules.number(request.rule));
  return derive({.name = request.deadline,
                 .anchor_name = request.anchor_name,
                 .anchor = request.anchor,
                 .days = counted,
                 .rolls = Rolls::to_business_day,
                 .also = also},
                context.calendar);
}

Effects reminders(const Request& request, const Context& context) {
  Effects effects{StopTimers{"reminder:"}};
  for (const int day : context.rules.numbers("request.reminder_days"))
    if (request.due_on + days{day} > context.today)
      effects.push_back(
          StartTimer{"reminder:" + std::to_string(day), context.calendar.start_of(request.due_on + days{day}), "remind", {{"day", day}}});
  return effects;
}

// The day in force changes: the ledger, the reminders and the timer follow; what a missed day had set going ends.
Effects stand_on(Request& request, Derivation derivation, const Context& context) {
  request.due_on = derivation.due_on;
  request.overdue = false;
  Effects effects{SetDeadline{request.deadline, std::move(derivation)}};
  effects += reminders(request, context);
  effects.push_back(StartTimer{request.deadline, context.calendar.end_of(request.due_on), "miss_due_date"});
  effects += Effects{StopTimers{"escalation"}, CloseTask{"overdue"}, CloseTask{"escalated"}};
  return effects;
}

std::string named(std::string_view entry_number, int line) {
  return "entry " + std::string(entry_number) + ", line " + std::to_string(line);
}

bool entry_shaped(std::string_view number) {
  return number.size() == 11 && std::ranges::all_of(number, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

bool hash_shaped(const std::string& hash) {
  return hash.size() == 64 && std::ranges::all_of(hash, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string one_delivery_problem(const std::vector<Item>& items, const Delivered& one) {
  const bool asked =
      std::ranges::any_of(items, [&](const Item& item) { return item.entry_number == one.entry_number && item.line == one.line; });
  if (!asked) return named(one.entry_number, one.line) + " is not among the items asked for";
  const auto& files = one.files.value_or(std::vector<std::string>{});
  const bool sent = one.documents.has_value() || !files.empty();
  if (sent == one.not_applicable.has_value())
    return named(one.entry_number, one.line) + " needs either documents (files, or a note on them) or the reason why there are none";
  const std::string problem = files_problem(files);
  return problem.empty() ? "" : named(one.entry_number, one.line) + ": " + problem;
}

}  // namespace

// ---- texts -----------------------------------------------------------------------------------------------------------

std::string in_words(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::vector<std::string> in_words(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names) all.push_back(in_words(std::string_view(name)));
  return all;
}

json::array texts(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

std::string unknown_words(const std::vector<std::string>& words, std::string_view rule, const Context& context) {
  const auto& known = context.rules.texts(rule);
  std::vector<std::string> unknown;
  for (const std::string& word : words)
    if (std::ranges::find(known, word) == known.end()) unknown.push_back("\"" + word + "\"");
  if (unknown.empty()) return "";
  return listed(unknown) + (unknown.size() == 1 ? " is" : " are") + " not among " + join(known, ", ");
}

// ---- a day by which the company answers ------------------------------------------------------------------------------

Effects ask(std::optional<Request>& request, const Asking& asking, const Context& context) {
  const bool extension_drops = request && request->extension;
  Request& asked = request.emplace();
  asked.deadline = asking.deadline;
  asked.rule = asking.rule;
  asked.what = asking.what;
  asked.anchor_name = asking.named_on ? "day named in the request" : "day of the request";
  asked.anchor = asking.named_on.value_or(context.today);
  if (asking.named_on) asked.days = 0;
  Effects effects = stand_on(asked, due_day(asked, {}, context), context);
  if (extension_drops) effects.push_back(CloseTask{"extension"});
  return effects;
}

Effects request_over(std::optional<Request>& request) {
  if (!request) return {};
  Effects effects{EndDeadlines{request->deadline}, StopTimers{"reminder:"}, StopTimers{request->deadline}, StopTimers{"escalation"},
                  CloseTask{"extension"},          CloseTask{"overdue"},    CloseTask{"escalated"}};
  request.reset();
  return effects;
}

Effects recount_request(Request& request, const std::string& reason, const Context& context) {
  Derivation again = due_day(request, {{"reason", reason}}, context);
  if (again.due_on == request.due_on || request.overdue) return {};
  return stand_on(request, std::move(again), context);
}

Effects remind_company(const Request& request) {
  return {SendLetter{"request_reminder", {{"what", request.what}}, request.deadline, {Audience::company}}};
}

Effects miss_request(Request& request, Role responsible, const Context& context) {
  request.overdue = true;
  const Date escalates_on = request.due_on + days{context.rules.number("request.escalation_days")};
  return {SendLetter{"request_overdue", {{"what", request.what}}, request.deadline, {Audience::company, Audience::nam}},
          OpenTask{"overdue", responsible, "Overdue: " + request.what + ". Call the company.", request.due_on},
          StartTimer{"escalation", context.calendar.start_of(escalates_on), "escalate"}};
}

Effects escalate_request(const Request& request) {
  return {OpenTask{"escalated", Role::compliance, "Still overdue: " + request.what + ". Decide how the case goes on.", request.due_on}};
}

std::string named_day_problem(const std::optional<Date>& named_on, const Context& context) {
  if (!named_on || *named_on > context.today) return "";
  return to_text(*named_on) + " is not after today, " + to_text(context.today);
}

// ---- actions of a plan -------------------------------------------------------------------------------------------------

Effects watch_action(int number, Date due_on, const Context& context) {
  const std::string name = "action:" + std::to_string(number);
  Derivation derivation =
      derive({.name = name, .anchor_name = "day named in the plan", .anchor = due_on, .rolls = Rolls::to_business_day}, context.calendar);
  const Instant over = context.calendar.end_of(derivation.due_on);
  return {SetDeadline{name, std::move(derivation)}, StartTimer{name, over, "miss_action", {{"action", number}}}};
}

Effects action_done(int number) {
  const std::string name = "action:" + std::to_string(number);
  return {EndDeadlines{name}, StopTimers{name}, CloseTask{"action_overdue:" + std::to_string(number)}};
}

OpenTask overdue_action(int number, Role responsible, Date due_on) {
  const std::string name = std::to_string(number);
  return {"action_overdue:" + name, responsible, "Action " + name + " of the plan is past its day and not shown to be done", due_on};
}

// ---- more time -------------------------------------------------------------------------------------------------------

std::string extension_size_problem(int asked_days, const ExtensionRule& rule, const Context& context) {
  const auto& sizes = context.rules.numbers(rule.sizes);
  if (std::ranges::find(sizes, asked_days) != sizes.end()) return "";
  std::vector<std::string> all;
  for (const int size : sizes) all.push_back(std::to_string(size));
  return "an extension may be of " + join(all, ", ") + " days, not of " + std::to_string(asked_days);
}

std::string extension_power_problem(int asked_days, const ExtensionRule& rule, const Context& context) {
  const int large_from = context.rules.number(rule.large_from);
  if (asked_days < large_from || context.actor.roles.has(rule.large)) return "";
  return "from " + std::to_string(large_from) + " days on, " + std::string(spoken(rule.large)) + " decides";
}

Effects ask_extension(Request& request, int asked_days, const std::string& reason, const ExtensionRule& rule, const Context& context) {
  request.extension = ExtensionAsked{asked_days, reason, context.actor.id};
  const Role decides = asked_days < context.rules.number(rule.large_from) ? rule.small : rule.large;
  return {OpenTask{"extension", decides, "Decide on " + std::to_string(asked_days) + " more days for " + request.what, request.due_on}};
}

Effects extend_request(Request& request, int granted_days, const Context& context) {
  const ExtensionAsked asked = *request.extension;
  const Date former = request.due_on;
  request.extension.reset();
  request.anchor_name = "due day in force";
  request.anchor = former;
  request.days = granted_days;
  const std::string reason = "extension of " + std::to_string(granted_days) + " days granted: " + asked.reason;
  Effects effects = stand_on(request, due_day(request, {{"reason", reason}}, context), context);
  effects.push_back(CloseTask{"extension"});
  effects.push_back(
      SendLetter{"extension_granted",
                 {{"what", request.what}, {"days", granted_days}, {"reason", asked.reason}, {"former_due_on", spoken(former)}},
                 request.deadline,
                 {Audience::company}});
  return effects;
}

Effects deny_extension_of(Request& request, const std::string& reason) {
  const int asked_days = request.extension->days;
  request.extension.reset();
  return {
      CloseTask{"extension"},
      SendLetter{
          "extension_denied", {{"what", request.what}, {"days", asked_days}, {"reason", reason}}, request.deadline, {Audience::company}}};
}

Effects remind_of_documents(const Request& request, const std::vector<Item>& items) {
  const auto open = std::ranges::count_if(items, [](const Item& item) { return item.open(); });
  if (request.deadline != "documents_due" || open == 0) return remind_company(request);
  Request missing = request;
  missing.what = "the documents of " + std::to_string(open) + " of " + std::to_string(items.size()) + " items";
  return remind_company(missing);
}

// ---- files -----------------------------------------------------------------------------------------------------------

std::string files_problem(const std::vector<std::string>& hashes) {
  const auto wrong = std::ranges::find_if_not(hashes, hash_shaped);
  return wrong == hashes.end() ? "" : "\"" + *wrong + "\" is no hash of a file";
}

void add_files(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& one : more)
    if (std::ranges::find(to, one) == to.end()) to.push_back(one);
}

json::array signed_answers(const std::vector<std::string>& answers, const std::vector<std::string>& files) {
  json::array all = texts(answers);
  for (const std::string& file : files) all.push_back(json::value(file));
  return all;
}

// ---- documents of entries --------------------------------------------------------------------------------------------

std::string entries_problem(const std::vector<EntryLine>& entries) {
  if (entries.empty()) return "none is named";
  for (auto one = entries.begin(); one != entries.end(); ++one) {
    if (!entry_shaped(one->entry_number)) return "\"" + one->entry_number + "\" is not an entry number of 11 capital letters and digits";
    if (one->line < 1) return "the lines of entry " + one->entry_number + " count from 1";
    if (std::any_of(entries.begin(), one,
                    [&](const EntryLine& other) { return other.entry_number == one->entry_number && other.line == one->line; }))
      return named(one->entry_number, one->line) + " is named twice";
  }
  return "";
}

std::string delivery_problem(const std::vector<Item>& items, const std::vector<Delivered>& delivered) {
  if (delivered.empty()) return "none is named";
  for (const Delivered& one : delivered)
    if (std::string problem = one_delivery_problem(items, one); !problem.empty()) return problem;
  return "";
}

bool all_delivered(const std::vector<Item>& items) {
  return std::ranges::none_of(items, [](const Item& item) { return item.open(); });
}

std::vector<Item> after_delivery(std::vector<Item> items, const std::vector<Delivered>& delivered, Date on) {
  for (const Delivered& one : delivered) {
    Item* item = find_item(items, one.entry_number, one.line);
    if (!item) continue;  // the guard names it
    item->delivered = one.documents.value_or("");
    item->not_applicable = one.not_applicable.value_or("");
    if (one.files) add_files(item->files, *one.files);
    if (one.not_applicable) add_files(item->earlier_files, std::exchange(item->files, {}));
    if (one.answers) item->answers = *one.answers;
    item->delivered_on = on;
    item->accepted = false;
  }
  return items;
}

std::string review_problem(const std::vector<Item>& items, const std::vector<ItemReview>& reviews) {
  if (reviews.empty()) return "none is named";
  for (auto one = reviews.begin(); one != reviews.end(); ++one) {
    const auto same = [&](const auto& other) { return other.entry_number == one->entry_number && other.line == one->line; };
    const auto item = std::ranges::find_if(items, same);
    if (item == items.end() || item->open()) return named(one->entry_number, one->line) + " is not one that was delivered";
    if (std::any_of(reviews.begin(), one, same)) return named(one->entry_number, one->line) + " is named twice";
    if (!one->accepted && !one->reason) return named(one->entry_number, one->line) + " is returned without a reason";
  }
  return "";
}

bool returns_some(const std::vector<ItemReview>& reviews) {
  return std::ranges::any_of(reviews, [](const ItemReview& one) { return !one.accepted; });
}

std::vector<Item> review_items(std::vector<Item>& items, const std::vector<ItemReview>& reviews) {
  std::vector<Item> returned;
  for (const ItemReview& one : reviews) {
    Item& item = *find_item(items, one.entry_number, one.line);
    item.accepted = one.accepted;
    if (one.accepted) continue;
    item.returned_because = *one.reason;
    item.delivered.clear();
    item.not_applicable.clear();
    add_files(item.earlier_files, std::exchange(item.files, {}));
    returned.push_back(item);
    returned.back().documents += " (returned: " + *one.reason + ")";
  }
  return returned;
}

bool all_read(const std::vector<Item>& items) {
  return std::ranges::all_of(items, [](const Item& item) { return item.open() || item.accepted; });
}

json::array items_for_letter(const std::vector<Item>& items) {
  json::array rows;
  for (const Item& item : items)
    rows.push_back({{"entry_number", item.entry_number}, {"line", std::to_string(item.line)}, {"documents", item.documents}});
  return rows;
}

Item* find_item(std::vector<Item>& items, std::string_view entry_number, int line) {
  const auto found = std::ranges::find_if(items, [&](const Item& item) { return item.entry_number == entry_number && item.line == line; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace tradecase::requests
