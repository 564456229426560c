// States, commands, guards, effects and the transition table of the annual notification letter (domain.md §4.3).
#include "workflows/annual_notification/annual_notification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/machine.hpp"
#include "workflows/annual_notification/draft.hpp"
#include "workflows/annual_notification/timetable.hpp"

namespace tradecase {
namespace anl {
namespace {

using std::chrono::days;

// ---- states -----------------------------------------------------------------------------------------------------------

struct Scheduled : State<"scheduled", Waits<"the window opens">> {};
struct Open : State<"open", Work<"file", Role::officer, "File the annual notification letter">> {};
struct Drafting : State<"drafting", Work<"file", Role::officer, "File the annual notification letter">> {};
struct Submitted : State<"submitted", Work<"take", Role::nam, "Take the annual notification letter for review">> {};
struct UnderReview : State<"under_review", Work<"review", Role::nam, "Review the annual notification letter">> {};
struct Returned : State<"returned", Work<"answer_return", Role::officer, "Answer the questions on the annual notification letter">> {};
struct Overdue : State<"overdue", Work<"file_overdue", Role::officer, "File the overdue annual notification letter">> {};
struct CountersignPending
    : State<"countersign_pending", Work<"countersign", Role::supervisor, "Countersign the review of the annual notification letter">> {};
struct Accepted : Final<"accepted"> {};
struct Rejected : Final<"rejected"> {};
struct Closed : Final<"closed"> {};

// ---- commands ---------------------------------------------------------------------------------------------------------

struct Schedule : CommandBy<"schedule", Role::timer> {
  static constexpr Needs needs{.facts = true};  // the draft of a window that is open already starts pre-filled
  Date acceptance_date{};
  int cycle = 0;
  bool carried_over = false;
  TRADECASE_FIELDS(Schedule, acceptance_date, cycle, carried_over)
};
struct OpenWindow : CommandBy<"open_window", Role::timer> {
  static constexpr Needs needs{.facts = true};
  TRADECASE_FIELDS(OpenWindow)
};
struct Remind : CommandBy<"remind", Role::timer> {
  std::string kind;  // "reminder:-14"
  TRADECASE_FIELDS(Remind, kind)
};
struct Save : CommandBy<"save", Role::officer, Role::preparer> {
  std::string section;
  Change change = Change::changed;
  std::optional<json::object> values;
  std::optional<std::string> reply;               // to the reviewer's question
  std::optional<std::vector<std::string>> files;  // all that the section has, uploaded to the case, by hash
  int form_version = 0;
  TRADECASE_FIELDS(Save, section, change, values, reply, files, form_version)
};
struct CarryOverForm : CommandBy<"carry_over_form", Role::officer, Role::preparer> {
  int form_version = 0;  // the newest
  TRADECASE_FIELDS(CarryOverForm, form_version)
};
struct Submit : CommandBy<"submit", Role::officer> {
  std::string signature;
  TRADECASE_FIELDS(Submit, signature)
};
struct Resubmit : CommandBy<"resubmit", Role::officer> {
  std::string signature;
  TRADECASE_FIELDS(Resubmit, signature)
};
struct Take : CommandBy<"take", Role::nam> {
  TRADECASE_FIELDS(Take)
};
struct SectionQuestion {
  std::string section, question;
  TRADECASE_FIELDS(SectionQuestion, section, question)
};
struct ReturnForChanges : CommandBy<"return_for_changes", Role::nam> {
  std::vector<SectionQuestion> questions;
  std::optional<Date> due_on;
  TRADECASE_FIELDS(ReturnForChanges, questions, due_on)
};
struct Accept : CommandBy<"accept", Role::nam> {
  Checklist checklist;
  RiskMatrix risks;
  std::optional<std::string> note;
  TRADECASE_FIELDS(Accept, checklist, risks, note)
};
struct Reject : CommandBy<"reject", Role::nam> {
  std::vector<std::string> findings;
  TRADECASE_FIELDS(Reject, findings)
};
struct Countersign : CommandBy<"countersign", Role::supervisor> {
  TRADECASE_FIELDS(Countersign)
};
struct SendBack : CommandBy<"send_back", Role::supervisor> {
  std::string reason;
  TRADECASE_FIELDS(SendBack, reason)
};
struct RequestExtension : CommandBy<"request_extension", Role::officer> {
  int days = 0;
  std::string reason;
  TRADECASE_FIELDS(RequestExtension, days, reason)
};
struct GrantExtension : CommandBy<"grant_extension", Role::nam, Role::supervisor> {
  std::optional<int> days;  // other than asked for
  std::string reason;
  TRADECASE_FIELDS(GrantExtension, days, reason)
};
struct DenyExtension : CommandBy<"deny_extension", Role::nam, Role::supervisor> {
  std::string reason;
  TRADECASE_FIELDS(DenyExtension, reason)
};
struct MissDueDate : CommandBy<"miss_due_date", Role::timer> {
  TRADECASE_FIELDS(MissDueDate)
};
struct Escalate : CommandBy<"escalate", Role::timer> {
  int step = 0;        // calendar days after the due day: 15
  std::string notice;  // "second_notice"
  TRADECASE_FIELDS(Escalate, step, notice)
};
struct Recount : CommandBy<"recount", Role::timer> {
  std::optional<Date> acceptance_date;  // the corrected one
  std::string reason;
  TRADECASE_FIELDS(Recount, acceptance_date, reason)
};
struct SettledElsewhere : CommandBy<"settled_elsewhere", Role::timer> {
  int settled_cycle = 0;
  Date on{};
  TRADECASE_FIELDS(SettledElsewhere, settled_cycle, on)
};
struct EndMembership : CommandBy<"end_membership", Role::timer> {
  std::string reason;
  TRADECASE_FIELDS(EndMembership, reason)
};

// ---- guards: where the calendar puts a case ---------------------------------------------------------------------------

Place place(const Schedule& s, const Context& c) { return place_of(s.acceptance_date, s.cycle, c.today, c.calendar, c.rules); }

constexpr Guard window_ahead{"the window opens later",
                             [](const Notification&, const Schedule& s, const Context& c) { return place(s, c) == Place::ahead; }};
constexpr Guard window_is_open{"today is not between the window's opening and the due day",
                               [](const Notification&, const Schedule& s, const Context& c) { return place(s, c) == Place::open; }};
constexpr Guard due_day_is_over{"the due day is not over",
                                [](const Notification&, const Schedule& s, const Context& c) { return place(s, c) == Place::overdue; }};

constexpr Guard window_reached{"the window has not opened yet",
                               [](const Notification& n, const Context& c) { return c.today >= n.window_opens_on; }};
constexpr Guard due_day_missed{"the due day is not over", [](const Notification& n, const Context& c) { return c.today > n.due_on; }};

constexpr Guard after_a_return{"nothing was returned: the letter is sent with \"submit\"",
                               [](const Notification& n, const Context&) { return n.return_terms.has_value(); }};
constexpr Guard before_any_return{"the letter was returned: the answer is sent with \"resubmit\"",
                                  [](const Notification& n, const Context&) { return !n.return_terms.has_value(); }};

bool overdue_when_recounted(const Notification& n, const Recount& r, const Context& c) {
  return recounted_due(n, r.acceptance_date, c) < c.today;
}
constexpr Guard still_overdue{"counted again, the due day is not over",
                              [](const Notification& n, const Recount& r, const Context& c) { return overdue_when_recounted(n, r, c); }};
constexpr Guard due_again{"counted again, the due day is over",
                          [](const Notification& n, const Recount& r, const Context& c) { return !overdue_when_recounted(n, r, c); }};

constexpr Guard settled{"the roster does not settle this cycle",
                        [](const Notification& n, const SettledElsewhere& s, const Context&) { return n.cycle <= s.settled_cycle; }};
constexpr Guard not_settled{"the roster settles this cycle",
                            [](const Notification& n, const SettledElsewhere& s, const Context&) { return n.cycle > s.settled_cycle; }};

// ---- guards: the draft ------------------------------------------------------------------------------------------------

SectionSaved saved(const Save& s) { return {s.section, s.change, s.values, s.reply, s.files}; }

constexpr Guard form_version_matches{
    "the draft is on another version of the form", [](const Notification& n, const Save& s, const Context&) {
      return s.form_version == n.form_version ? std::string() : fmt::format("it is on version {}, not {}", n.form_version, s.form_version);
    }};
constexpr Guard section_is_open{"this section cannot be changed",
                                [](const Notification& n, const Save& s, const Context& c) { return section_problem(n, saved(s), c); }};
constexpr Guard may_stay_unchanged{"\"no change\" is not possible here", [](const Notification& n, const Save& s, const Context& c) {
                                     return no_change_problem(n, saved(s), c);
                                   }};
constexpr Guard answers_fit{"the answers do not fit",
                            [](const Notification& n, const Save& s, const Context& c) { return values_problem(n, saved(s), c); }};

constexpr Guard newer_form{"there is no such newer version of the form",
                           [](const Notification& n, const CarryOverForm& f, const Context& c) {
                             const int newest = c.forms.latest(form_name, c.today).version;
                             if (newest > n.form_version && f.form_version == newest) return std::string();
                             return fmt::format("the draft is on version {}, the newest is {}", n.form_version, newest);
                           }};

constexpr Guard every_section_answered{"every section needs an answer, \"no change\" or what changed",
                                       [](const Notification& n, const Context& c) { return unanswered_problem(n, c); }};
constexpr Guard answers_complete{"required answers are missing",
                                 [](const Notification& n, const Context& c) { return incomplete_problem(n, c); }};
constexpr Guard signature_is_the_officers{
    "the signature must be your own name",
    [](const Notification&, const auto& command, const Context& c) { return signature_problem(command.signature, c.actor); }};

// ---- guards: the review -----------------------------------------------------------------------------------------------

std::string question_problem(const Notification& n, const ReturnForChanges& r, const Context& c) {
  if (r.questions.empty()) return "name at least one section and what you ask about it";
  std::vector<std::string> named;
  for (const SectionQuestion& asked : r.questions) {
    if (!form_of(n, c).section(asked.section)) return "the form has no section \"" + asked.section + "\"";
    if (std::ranges::find(named, asked.section) != named.end()) return "section " + asked.section + " is named twice";
    named.push_back(asked.section);
  }
  return "";
}

std::string return_day_problem(const ReturnForChanges& r, const Context& c) {
  if (!r.due_on) return "";
  const int most = std::ranges::max(c.rules.numbers("anl.extension_sizes"));
  if (*r.due_on <= c.today) return spoken(*r.due_on) + " is not in the future";
  if (*r.due_on > c.today + days{most}) return fmt::format("{} is more than {} days away", spoken(*r.due_on), most);
  const auto closed = c.calendar.closed_because(*r.due_on);
  return closed ? spoken(*r.due_on) + " is no business day: " + *closed : "";
}

std::string checklist_problem(const Checklist& checklist, const Context& c) {
  const std::vector<std::string>& items = c.rules.texts("anl.review_checklist");
  std::vector<std::string> open;
  for (const std::string& item : items) {
    const auto found = checklist.find(item);
    if (found == checklist.end() || (!found->second.confirmed && !found->second.reason)) open.push_back(item);
  }
  for (const auto& [item, unused] : checklist)
    if (std::ranges::find(items, item) == items.end()) open.push_back("\"" + item + "\" is not on it");
  return join(open, ", ");
}

int level_of(std::string_view level, const Context& c) {  // -1 where there is no such level
  const std::vector<std::string>& levels = c.rules.texts("risk.levels");
  const auto found = std::ranges::find(levels, level);
  return found == levels.end() ? -1 : static_cast<int>(found - levels.begin());
}

std::string risks_problem(const RiskMatrix& risks, const Context& c) {
  const std::vector<std::string>& factors = c.rules.texts("risk.factors");
  std::vector<std::string> open;
  for (const std::string& factor : factors)
    if (!risks.contains(factor)) open.push_back(factor);
  for (const auto& [factor, level] : risks) {
    if (std::ranges::find(factors, factor) == factors.end()) open.push_back("\"" + factor + "\" is no factor");
    if (level_of(level, c) < 0) open.push_back("\"" + level + "\" is no level (" + join(c.rules.texts("risk.levels"), ", ") + ")");
  }
  return join(open, ", ");
}

bool needs_countersignature(const RiskMatrix& risks, const Context& c) {
  const int threshold = level_of(c.rules.text("anl.countersign_risk"), c);
  const auto high = std::ranges::count_if(risks, [&](const auto& rated) { return level_of(rated.second, c) >= threshold; });
  return high >= c.rules.number("anl.countersign_factors_at_least");
}

constexpr Guard asks_something{"a return needs questions", [](const Notification& n, const ReturnForChanges& r, const Context& c) {
                                 return question_problem(n, r, c);
                               }};
constexpr Guard return_day_fits{"the day for the answer does not fit",
                                [](const Notification&, const ReturnForChanges& r, const Context& c) { return return_day_problem(r, c); }};
constexpr Guard checklist_complete{
    "each point of the review checklist is confirmed, or skipped with a reason",
    [](const Notification&, const Accept& a, const Context& c) { return checklist_problem(a.checklist, c); }};
constexpr Guard risks_rated{"each factor of the risk matrix needs a level",
                            [](const Notification&, const Accept& a, const Context& c) { return risks_problem(a.risks, c); }};
constexpr Guard risk_is_high{"the risks call for no countersignature",
                             [](const Notification&, const Accept& a, const Context& c) { return needs_countersignature(a.risks, c); }};
constexpr Guard risk_is_not_high{"the risks call for a countersignature", [](const Notification&, const Accept& a, const Context& c) {
                                   return !needs_countersignature(a.risks, c);
                                 }};
constexpr Guard has_findings{"a rejection needs findings",
                             [](const Notification&, const Reject& r, const Context&) { return !r.findings.empty(); }};

bool decided(const Notification& n, Decision decision) { return n.review && n.review->decision == decision; }
constexpr Guard acceptance_waits{"the review ended in a rejection",
                                 [](const Notification& n, const Context&) { return decided(n, Decision::accepted); }};
constexpr Guard rejection_waits{"the review ended in an acceptance",
                                [](const Notification& n, const Context&) { return decided(n, Decision::rejected); }};
constexpr Guard by_another_person{"whoever decided the review cannot countersign it", [](const Notification& n, const Context& c) {
                                    return n.review && n.review->by != c.actor.id && n.review->by != c.actor.on_behalf_of;
                                  }};

// ---- guards: extensions -----------------------------------------------------------------------------------------------

std::string size_problem(int size, const Context& c) {
  const std::vector<int>& sizes = c.rules.numbers("anl.extension_sizes");
  if (std::ranges::find(sizes, size) != sizes.end()) return "";
  return fmt::format("{} days cannot be had; possible are {}", size, fmt::join(sizes, ", "));
}

int granted_days(const Notification& n, const GrantExtension& g) {
  return g.days.value_or(n.extension_requested ? n.extension_requested->days : 0);
}

bool supervisors(int size, const Context& c) { return size >= c.rules.number("anl.extension_supervisor_from"); }

// What was asked for and what is granted: the larger of both says who decides.
std::string decider_problem(int size, const Context& c) {
  if (!supervisors(size, c) || c.actor.roles.has(Role::supervisor)) return "";
  return fmt::format("{} days are for a supervisor to decide", size);
}

std::string end_problem(const Notification& n, const GrantExtension& g, const Context& c) {
  if (!n.extension_requested) return "";  // said by extension_asked
  const Date until = extension_of(n, granted_days(n, g), c).due_on;
  return until < c.today ? "it would end on " + spoken(until) : "";
}

constexpr Guard size_exists{"choose one of the extensions there are",
                            [](const Notification&, const RequestExtension& r, const Context& c) { return size_problem(r.days, c); }};
constexpr Guard none_asked{"an extension is asked for already and waits for its decision",
                           [](const Notification& n, const Context&) { return !n.extension_requested.has_value(); }};
constexpr Guard extension_asked{"no extension is asked for",
                                [](const Notification& n, const Context&) { return n.extension_requested.has_value(); }};
constexpr Guard granted_size_exists{
    "choose one of the extensions there are",
    [](const Notification&, const GrantExtension& g, const Context& c) { return g.days ? size_problem(*g.days, c) : ""; }};
constexpr Guard may_grant{"this extension is not yours to decide", [](const Notification& n, const GrantExtension& g, const Context& c) {
                            return decider_problem(std::max(granted_days(n, g), n.extension_requested ? n.extension_requested->days : 0),
                                                   c);
                          }};
constexpr Guard may_deny{"this extension is not yours to decide", [](const Notification& n, const Context& c) {
                           return decider_problem(n.extension_requested ? n.extension_requested->days : 0, c);
                         }};
constexpr Guard ends_ahead{"the extension would be over already",
                           [](const Notification& n, const GrantExtension& g, const Context& c) { return end_problem(n, g, c); }};

// ---- effects: the calendar --------------------------------------------------------------------------------------------

Effects schedule(Notification& n, const Schedule& s, const Context& c) {
  n.acceptance_date = s.acceptance_date;
  n.cycle = s.cycle;
  n.carried_over = s.carried_over;
  if (place(s, c) == Place::overdue) n.no_notice_before = c.today;
  return set_timetable(n, c);
}
Effects await_window(Notification& n, const Context& c) { return start_window_timer(n, c); }
Effects open_draft(Notification& n, const Context& c) {
  start_draft(n, c);
  return {};
}
Effects tell_window_open(Notification& n, const Context& c) { return notify_window_open(n, c); }
Effects carry_over_overdue(Notification& n, const Context& c) { return start_ladder(n, c, true); }

Effects remind_before_window(Notification& n, const Remind& r, const Context& c) { return notify_coming_up(n, r.kind, c); }
Effects remind(Notification& n, const Remind& r, const Context& c) { return notify_reminder(n, r.kind, c); }
Effects miss(Notification& n, const Context& c) { return start_ladder(n, c, false); }
Effects take_step(Notification& n, const Escalate& e, const Context& c) { return climb(n, e.notice, c); }

Effects count_again_ahead(Notification& n, const Recount& r, const Context& c) { return recount_ahead(n, r.acceptance_date, c); }
Effects count_again(Notification& n, const Recount& r, const Context& c) { return recount_running(n, r.acceptance_date, c); }
Effects count_again_overdue(Notification& n, const Recount& r, const Context& c) { return recount_overdue(n, r.acceptance_date, c); }
Effects leave_overdue(Notification& n, const Recount& r, const Context& c) { return recount_from_overdue(n, r.acceptance_date, c); }
Effects count_again_filed(Notification& n, const Recount& r, const Context& c) { return recount_filed(n, r.acceptance_date, c); }

// Who never heard of the case need not hear of its end.
Effects close_because(Notification& n, std::string reason) {
  n.closed_because = std::move(reason);
  if (n.sent.empty() && !n.filed) return {};
  return {SendLetter{"anl_closed", {{"cycle", n.cycle}, {"reason", n.closed_because}}}};
}
Effects end_with_membership(Notification& n, const EndMembership& e, const Context&) { return close_because(n, e.reason); }
Effects end_settled(Notification& n, const SettledElsewhere& s, const Context&) {
  return close_because(n, "The annual notification letter of this cycle was accepted elsewhere on " + spoken(s.on) + ".");
}

// ---- effects: the draft -----------------------------------------------------------------------------------------------

Effects save_answers(Notification& n, const Save& s, const Context& c) {
  save_section(n, saved(s), c);
  return {};
}
Effects move_form(Notification& n, const Context& c) {
  move_to_newest_form(n, c);
  return {};
}

Effects drop_extension_request(Notification& n) {
  if (!n.extension_requested) return {};
  n.extension_requested.reset();
  return {CloseTask{"extension"}};
}

Effects file(Notification& n, const Context& c) {
  n.signature = signed_by(c, answers_of(n), n.form_version);
  if (!n.filed_on) {
    n.filed_on = c.today;
    n.filed_in_time = c.today <= n.due_on;
  }
  for (auto& [id, answer] : n.sections) answer.returned = false;
  const std::vector<std::string> changed = changed_titles(n, c);
  Effects all = meet_due_day(n);
  all += drop_extension_request(n);
  all.push_back(SendLetter{"anl_receipt",
                           {{"cycle", n.cycle},
                            {"submitted_on", spoken(c.today)},
                            {"signed_by", n.signature->name},
                            {"sections_changed", json::value_from(changed)},
                            {"sections_unchanged", n.sections.size() - changed.size()}}});
  return all;
}

// ---- effects: the review ----------------------------------------------------------------------------------------------

Effects note_reviewer(Notification& n, const Context& c) {
  n.taken_by = c.actor.id;
  return {};
}

json::array open_sections(Notification& n, const ReturnForChanges& r, const Context& c) {
  json::array asked;
  for (const auto& [section, question] : r.questions) {
    SectionAnswer& answer = n.sections.find(section)->second;
    answer.returned = true;
    answer.status = AnswerStatus::unanswered;
    answer.question = question;
    answer.reply.clear();
    asked.push_back({{"section", section}, {"title", form_of(n, c).section(section)->title}, {"question", question}});
  }
  return asked;
}

Effects ask_for_changes(Notification& n, const ReturnForChanges& r, const Context& c) {
  ++n.returns;
  json::array questions = open_sections(n, r, c);
  const int answer_days = r.due_on ? static_cast<int>((*r.due_on - c.today).count()) : c.rules.number("anl.return_days");
  Effects all = set_return_due(n, answer_days, c);
  all.push_back(SendLetter{"anl_return", {{"cycle", n.cycle}, {"questions", std::move(questions)}}, "due"});
  return all;
}

Effects keep_acceptance(Notification& n, const Accept& a, const Context& c) {
  n.review = Review{Decision::accepted, c.actor.id, c.today, a.checklist, a.risks, a.note.value_or(""), {}};
  return {};
}
Effects keep_rejection(Notification& n, const Reject& r, const Context& c) {
  n.review = Review{Decision::rejected, c.actor.id, c.today, {}, {}, "", r.findings};
  return {};
}
Effects keep_countersignature(Notification& n, const Context& c) {
  n.countersigned_by = c.actor.id;
  return {};
}
Effects keep_reason(Notification& n, const SendBack& s, const Context&) {
  n.sent_back_because = s.reason;
  n.review.reset();
  return {};
}

SendToOpen tell_membership(const Notification& n, std::string_view outcome, const Context& c) {
  return {"membership", "notification_settled", {{"cycle", n.cycle}, {"outcome", outcome}, {"on", to_text(c.today)}}};
}

Effects accept(Notification& n, const Context& c) {
  const int next = n.cycle + 1;
  const Derivation due_next = due(n.acceptance_date, next, c.calendar, c.rules);
  json::object fields{{"cycle", n.cycle},
                      {"next_cycle", next},
                      {"next_window_on", spoken(window_opens(n.acceptance_date, next, c.calendar, c.rules).due_on)},
                      {"next_due_on", spoken(due_next.due_on)},
                      {"next_due_why", json::value_from(due_next.steps)}};
  return {facts_of(n, c), SendLetter{"anl_acceptance", std::move(fields)}, tell_membership(n, "accepted", c)};
}

Effects reject(Notification& n, const Context& c) {
  return {SendLetter{"anl_rejection", {{"cycle", n.cycle}, {"findings", json::value_from(n.review->findings)}}},
          tell_membership(n, "rejected", c)};
}

// ---- effects: extensions ----------------------------------------------------------------------------------------------

Effects ask_for_extension(Notification& n, const RequestExtension& r, const Context& c) {
  n.extension_requested = ExtensionRequest{r.days, r.reason, c.actor.id, c.today};
  const Role decider = supervisors(r.days, c) ? Role::supervisor : Role::nam;
  return {OpenTask{"extension", decider, fmt::format("Decide on {} more days for the annual notification letter", r.days)}};
}

Effects grant(Notification& n, const GrantExtension& g, const Context& c) {
  const int more = granted_days(n, g);
  const Date former = n.due_on;
  Effects all = drop_extension_request(n);
  all += extend(n, more, c);
  json::object fields{{"cycle", n.cycle}, {"days", more}, {"reason", g.reason}, {"former_due_on", spoken(former)}};
  all.push_back(SendLetter{"anl_extension_granted", std::move(fields), "due"});
  return all;
}

Effects deny(Notification& n, const DenyExtension& d, const Context&) {
  const int asked = n.extension_requested->days;
  Effects all = drop_extension_request(n);
  all.push_back(SendLetter{"anl_extension_denied", {{"cycle", n.cycle}, {"days", asked}, {"reason", d.reason}}, "due"});
  return all;
}

// ---- the table --------------------------------------------------------------------------------------------------------

template <class Command, class Effects_, class Guards, class... States>
using Stay = Table<Row<States, Command, States, Effects_, Guards>...>;
template <class Command, class To, class Effects_, class Guards, class... States>
using Each = Table<Row<States, Command, To, Effects_, Guards>...>;

using SaveIf = If<form_version_matches, section_is_open, may_stay_unchanged, answers_fit>;
using FileIf = If<every_section_answered, answers_complete, signature_is_the_officers>;
using GrantIf = If<extension_asked, granted_size_exists, may_grant, ends_ahead>;

// clang-format off
using Calendar_ = Table<
  //   From       Command      To         Effects                                               Guards
  Row< New,       Schedule,    Scheduled, Do<schedule, await_window>,                           If<window_ahead> >,
  Row< New,       Schedule,    Open,      Do<schedule, open_draft, tell_window_open>,           If<window_is_open> >,
  Row< New,       Schedule,    Overdue,   Do<schedule, open_draft, carry_over_overdue>,         If<due_day_is_over> >,
  Row< Scheduled, OpenWindow,  Open,      Do<open_draft, tell_window_open>,                     If<window_reached> >,
  Row< Scheduled, Remind,      Scheduled, Do<remind_before_window> >,
  Row< Open,      Remind,      Open,      Do<remind> >,
  Row< Drafting,  Remind,      Drafting,  Do<remind> >,
  Row< Returned,  Remind,      Returned,  Do<remind> >,
  Row< Open,      MissDueDate, Overdue,   Do<miss>,                                             If<due_day_missed> >,
  Row< Drafting,  MissDueDate, Overdue,   Do<miss>,                                             If<due_day_missed> >,
  Row< Returned,  MissDueDate, Overdue,   Do<miss>,                                             If<due_day_missed> >,
  Row< Overdue,   Escalate,    Overdue,   Do<take_step> >
>;
using Filing = Table<
  Row< Open,      Save,          Drafting,  Do<save_answers>, SaveIf >,
  Row< Drafting,  Save,          Drafting,  Do<save_answers>, SaveIf >,
  Row< Returned,  Save,          Returned,  Do<save_answers>, SaveIf >,
  Row< Overdue,   Save,          Overdue,   Do<save_answers>, SaveIf >,
  Row< Open,      CarryOverForm, Drafting,  Do<move_form>,    If<newer_form> >,
  Row< Drafting,  CarryOverForm, Drafting,  Do<move_form>,    If<newer_form> >,
  Row< Overdue,   CarryOverForm, Overdue,   Do<move_form>,    If<newer_form, before_any_return> >,
  Row< Open,      Submit,        Submitted, Do<file>,         FileIf >,
  Row< Drafting,  Submit,        Submitted, Do<file>,         FileIf >,
  Row< Overdue,   Submit,        Submitted, Do<file>,         If<every_section_answered, answers_complete, signature_is_the_officers, before_any_return> >,
  Row< Returned,  Resubmit,      Submitted, Do<file>,         FileIf >,
  Row< Overdue,   Resubmit,      Submitted, Do<file>,         If<every_section_answered, answers_complete, signature_is_the_officers, after_a_return> >
>;
using Reviewing = Table<
  Row< Submitted,          Take,             UnderReview,        Do<note_reviewer> >,
  Row< UnderReview,        ReturnForChanges, Returned,           Do<ask_for_changes>,               If<asks_something, return_day_fits> >,
  Row< UnderReview,        Accept,           Accepted,           Do<keep_acceptance, accept>,       If<checklist_complete, risks_rated, risk_is_not_high> >,
  Row< UnderReview,        Accept,           CountersignPending, Do<keep_acceptance>,               If<checklist_complete, risks_rated, risk_is_high> >,
  Row< UnderReview,        Reject,           CountersignPending, Do<keep_rejection>,                If<has_findings> >,
  Row< CountersignPending, Countersign,      Accepted,           Do<keep_countersignature, accept>, If<by_another_person, acceptance_waits> >,
  Row< CountersignPending, Countersign,      Rejected,           Do<keep_countersignature, reject>, If<by_another_person, rejection_waits> >,
  Row< CountersignPending, SendBack,         UnderReview,        Do<keep_reason> >
>;
using Extending = Tables<
  Stay< RequestExtension, Do<ask_for_extension>, If<size_exists, none_asked>,     Open, Drafting, Returned, Overdue >,
  Stay< DenyExtension,    Do<deny>,              If<extension_asked, may_deny>,   Open, Drafting, Returned, Overdue >,
  Stay< GrantExtension,   Do<grant>,             GrantIf,                         Open, Drafting, Returned >,
  Table<
    Row< Overdue, GrantExtension, Drafting, Do<grant>, If<extension_asked, granted_size_exists, may_grant, ends_ahead, before_any_return> >,
    Row< Overdue, GrantExtension, Returned, Do<grant>, If<extension_asked, granted_size_exists, may_grant, ends_ahead, after_a_return> >
  >
>;
using FromMembership = Tables<  // may arrive in any open state
  Each< EndMembership,    Closed, Do<end_with_membership>, If<>,            Scheduled, Open, Drafting, Submitted, UnderReview, Returned, Overdue, CountersignPending >,
  Each< SettledElsewhere, Closed, Do<end_settled>,         If<settled>,     Scheduled, Open, Drafting, Submitted, UnderReview, Returned, Overdue, CountersignPending >,
  Stay< SettledElsewhere,         Do<>,                    If<not_settled>, Scheduled, Open, Drafting, Submitted, UnderReview, Returned, Overdue, CountersignPending >,
  Stay< Recount,                  Do<count_again_ahead>,   If<>,            Scheduled >,
  Stay< Recount,                  Do<count_again>,         If<>,            Open, Drafting, Returned >,
  Stay< Recount,                  Do<count_again_filed>,   If<>,            Submitted, UnderReview, CountersignPending >,
  Table<
    Row< Overdue, Recount, Overdue,  Do<count_again_overdue>, If<still_overdue> >,
    Row< Overdue, Recount, Drafting, Do<leave_overdue>,       If<due_again, before_any_return> >,
    Row< Overdue, Recount, Returned, Do<leave_overdue>,       If<due_again, after_a_return> >
  >
>;
// clang-format on

struct Definition : Machine<Definition, Notification> {
  using transition_table = Tables<Calendar_, Filing, Reviewing, Extending, FromMembership>;
};

}  // namespace
}  // namespace anl

Workflow annual_notification() { return make_workflow<anl::Definition>("annual_notification", "Annual notification letter"); }

}  // namespace tradecase
