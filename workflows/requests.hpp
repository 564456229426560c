// What surveys, audits and continuation reviews ask of a company is asked in one way: a day by which to answer, reminders before it, work
// for the agency's people after it, more time on a reason; and a list of entries whose documents are delivered one by one.
//
// One request stands at a time in a case. Its timers: "reminder:-14" … → remind, the deadline's own name → miss_due_date, "escalation" →
// escalate; its tasks beside the state's own: "extension", "overdue", "escalated". The state in which it is asked has a row for each of
// the commands in workflows/request_commands.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/described.hpp"
#include "engine/workflow.hpp"

namespace tradecase::requests {

// ---- who acts --------------------------------------------------------------------------------------------------------

// The person, or whoever acts for them today: two signatures by one person are one.
inline bool acts_as(const Actor& actor, std::string_view person) {
  return !person.empty() && (actor.id == person || actor.on_behalf_of == person);
}

// ---- texts -----------------------------------------------------------------------------------------------------------

std::string in_words(std::string_view name);  // "focused_assessment": "focused assessment"
std::vector<std::string> in_words(const std::vector<std::string>& names);
json::array texts(const std::vector<std::string>& list);  // for a letter's field
// Which of the words the rule's list does not have, and what it has; "" where all are there.
std::string unknown_words(const std::vector<std::string>& words, std::string_view rule, const Context& context);

// ---- a day by which the company answers ------------------------------------------------------------------------------

struct ExtensionAsked {
  int days = 0;
  std::string reason;
  std::string by;  // person id
  TRADECASE_FIELDS(ExtensionAsked, days, reason, by)
};

struct Request {
  std::string deadline;  // its name in the ledger: "answer_due"
  std::string rule;      // the rule that gives its days where nobody named a day: "survey.answer_days"
  std::string what;      // completes "more time for …": "the survey answers"
  std::string anchor_name;
  Date anchor{};            // the day counted from
  std::optional<int> days;  // fixed (a day named, an extension); otherwise as many as the rule says
  Date due_on{};            // in force
  bool overdue = false;
  std::optional<ExtensionAsked> extension;  // waits for a decision
  TRADECASE_FIELDS(Request, deadline, rule, what, anchor_name, anchor, days, due_on, overdue, extension)
};

struct Asking {
  std::string_view deadline, rule, what;
  std::optional<Date> named_on{};  // by the person who asks; the rule's days from today otherwise
};

// Deadline (moved to a business day), reminders (rule request.reminder_days), the timer that notices a missed day.
Effects ask(std::optional<Request>& request, const Asking& asking, const Context& context);
// Answered, or asked no longer: its deadline, timers and tasks end.
Effects request_over(std::optional<Request>& request);
// Counted again with the rules and closures of today; an entry is added only where the day differs.
Effects recount_request(Request& request, const std::string& reason, const Context& context);

Effects remind_company(const Request& request);
// Names how many of the items are missing; a request for something else than documents as above.
Effects remind_of_documents(const Request& request, const std::vector<struct Item>& items);
// Tells company and National Account Manager, gives work to `responsible`, and after rule request.escalation_days to Trade Compliance.
Effects miss_request(Request& request, Role responsible, const Context& context);
Effects escalate_request(const Request& request);

// "" where the day is not named or lies after today.
std::string named_day_problem(const std::optional<Date>& named_on, const Context& context);

// ---- actions of a plan: each has its day ------------------------------------------------------------------------------

// Deadline "action:N" (moved to a business day) and the timer that sends miss_action {action: N}.
Effects watch_action(int number, Date due_on, const Context& context);
Effects action_done(int number);  // its deadline, timer and the task "action_overdue:N" end
OpenTask overdue_action(int number, Role responsible, Date due_on);

// ---- more time -------------------------------------------------------------------------------------------------------

struct ExtensionRule {
  std::string_view sizes, large_from;  // rules: the days that may be asked for, and from how many the larger power is needed
  Role small, large;                   // who decides
};
inline constexpr ExtensionRule survey_extensions{"survey.extension_sizes", "survey.extension_supervisor_from", Role::nam, Role::supervisor};
inline constexpr ExtensionRule audit_extensions{"audit.extension_sizes", "audit.extension_compliance_from", Role::auditor,
                                                Role::compliance};

std::string extension_size_problem(int days, const ExtensionRule& rule, const Context& context);
std::string extension_power_problem(int days, const ExtensionRule& rule, const Context& context);  // for whom decides
Effects ask_extension(Request& request, int days, const std::string& reason, const ExtensionRule& rule, const Context& context);
Effects extend_request(Request& request, int days, const Context& context);  // from the due day in force
Effects deny_extension_of(Request& request, const std::string& reason);

// ---- files -----------------------------------------------------------------------------------------------------------

// Uploaded to the case, each named by the SHA-256 of its bytes in lower case. Whether it is there, the portal says before the command.
std::string files_problem(const std::vector<std::string>& hashes);                   // "" where each is shaped like one
void add_files(std::vector<std::string>& to, const std::vector<std::string>& more);  // each once

// What a signature covers: the answers, and behind them the files.
json::array signed_answers(const std::vector<std::string>& answers, const std::vector<std::string>& files);

// ---- documents of entries --------------------------------------------------------------------------------------------

struct EntryLine {
  std::string entry_number;  // 11 characters: filer code, 7 digits, check digit
  int line = 0;
  TRADECASE_FIELDS(EntryLine, entry_number, line)
};

struct Item {
  std::string entry_number;
  int line = 0;
  std::string documents;                   // asked for
  std::string delivered;                   // what the company sent, in its own words
  std::string not_applicable;              // or why there is nothing to send
  std::vector<std::string> files;          // uploaded to the case, by SHA-256 of their bytes
  std::vector<std::string> earlier_files;  // of deliveries that were returned
  json::object answers;                    // of the form about one entry, where the case has one
  std::optional<Date> delivered_on;
  bool accepted = false;
  std::string returned_because;  // the last time it was returned
  TRADECASE_FIELDS(Item, entry_number, line, documents, delivered, not_applicable, files, earlier_files, answers, delivered_on, accepted,
                   returned_because)

  bool open() const { return delivered.empty() && not_applicable.empty() && files.empty(); }
};

struct Delivered {
  std::string entry_number;
  int line = 0;
  std::optional<std::string> documents;           // names the documents and what they show
  std::optional<std::vector<std::string>> files;  // by hash; added to those the item has
  std::optional<std::string> not_applicable;      // the reason
  std::optional<json::object> answers;
  TRADECASE_FIELDS(Delivered, entry_number, line, documents, files, not_applicable, answers)
};

struct ItemReview {
  std::string entry_number;
  int line = 0;
  bool accepted = false;
  std::optional<std::string> reason;  // why it is returned
  TRADECASE_FIELDS(ItemReview, entry_number, line, accepted, reason)
};

std::string entries_problem(const std::vector<EntryLine>& entries);  // none, one twice, a number of another shape
std::string delivery_problem(const std::vector<Item>& items, const std::vector<Delivered>& delivered);
bool all_delivered(const std::vector<Item>& items);
std::vector<Item> after_delivery(std::vector<Item> items, const std::vector<Delivered>& delivered, Date on);
// "" where each review is of an item that was delivered, named once, and a return has its reason.
std::string review_problem(const std::vector<Item>& items, const std::vector<ItemReview>& reviews);
bool returns_some(const std::vector<ItemReview>& reviews);
// Marks what is accepted and opens what is returned; gives the returned ones, with the reason beside what is asked for.
std::vector<Item> review_items(std::vector<Item>& items, const std::vector<ItemReview>& reviews);
bool all_read(const std::vector<Item>& items);                 // whatever was delivered is accepted
json::array items_for_letter(const std::vector<Item>& items);  // entry_number, line, documents
Item* find_item(std::vector<Item>& items, std::string_view entry_number, int line);

}  // namespace tradecase::requests
