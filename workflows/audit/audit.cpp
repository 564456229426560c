#include "workflows/audit/audit.hpp"

#include <algorithm>

#include "workflows/audit/commands.hpp"
#include "workflows/audit/referral.hpp"

namespace tradecase {
namespace audit_case {
namespace {

using namespace requests;

// ---- states ------------------------------------------------------------------------------------------------------------

struct ReferralDraft : State<"referral_draft", Work<"refer", Role::compliance, "Complete the referral and refer it, or drop it">> {};
struct Referred : State<"referred", Work<"accept_referral", Role::auditor, "Accept or decline the referral">> {};
struct Accepted : State<"accepted", Work<"give_notice", Role::auditor, "Tell the company of the audit, by telephone and in writing">> {};
struct Noticed : State<"noticed", Work<"entrance", Role::auditor, "Invite to the entrance conference and hold it">> {};
struct EntranceHeld : State<"entrance_held", Work<"start_fieldwork", Role::auditor, "Start the fieldwork">> {};
struct Fieldwork : State<"fieldwork", Work<"fieldwork", Role::auditor, "Do the fieldwork and hold the closing conference">> {};
struct ClosingHeld : State<"closing_held", Work<"issue_report", Role::auditor, "Issue the audit report">> {};
struct ReportIssued : State<"report_issued", Work<"send_copy", Role::auditor, "Send the company its copy of the report">> {};
struct PlanRequired : State<"plan_required", Work<"submit_plan", Role::officer, "Submit the compliance improvement plan">> {};
struct PlanSubmitted : State<"plan_submitted", Work<"read_plan", Role::auditor, "Accept the improvement plan or send it back">> {};
struct PlanAccepted : State<"plan_accepted", Work<"verify_plan", Role::auditor, "Verify the actions of the improvement plan">> {};
struct FollowUp : State<"follow_up", Work<"close_audit", Role::auditor, "Close the audit">> {};
struct Closed : Final<"closed"> {};
struct Declined : Final<"declined"> {};

// ---- guards ------------------------------------------------------------------------------------------------------------

constexpr Guard referral_fits{"the referral must name kind and risk areas",
                              [](const Audit&, const auto& said, const Context& c) { return referral_problem(said, c); }};
// A benefit of membership [C]; the override is ours [A].
constexpr Guard assessment_allowed{
    "an active member is put to a focused assessment only for a recorded override reason",
    [](const Audit& a, const Refer& said, const Context& c) {
      const bool active =
          std::ranges::any_of(c.open_cases, [](const CaseSummary& one) { return one.workflow == "membership" && one.state == "active"; });
      return a.kind != focused_assessment || !active || !a.override_reason.empty() || said.override_reason.has_value();
    }};
constexpr Guard not_the_referrer{"a referral is accepted or declined by somebody other than who referred it",
                                 [](const Audit& a, const Context& c) { return !acts_as(c.actor, a.referred_by); }};
constexpr Guard objectives_given{"the objectives must be named",
                                 [](const Audit&, const GiveNotice& said, const Context&) { return !said.objectives.empty(); }};
constexpr Guard phoned_already{"the company is told by telephone first: that day cannot be still to come",
                               [](const Audit&, const GiveNotice& said, const Context& c) { return said.phoned_on <= c.today; }};
constexpr Guard entrance_in_order{"the entrance conference must lie ahead, its end date after it, and the records needed must be named",
                                  [](const Audit&, const ScheduleEntrance& said, const Context& c) {
                                    return said.entrance_on >= c.today && said.ends_on > said.entrance_on && !said.records.empty();
                                  }};
constexpr Guard company_told{"the company must be told of the entrance conference beforehand",
                             [](const Audit& a, const Context&) { return a.entrance.has_value(); }};
constexpr Guard entrance_was_held{"the conference must have been held after the company was told of it, with an end date after it",
                                  [](const Audit& a, const HoldEntrance& said, const Context& c) {
                                    return said.held_on <= c.today && said.ends_on > said.held_on &&
                                           (!a.entrance || said.held_on >= a.entrance->told_on);
                                  }};
constexpr Guard somebody_attended{"who attended must be named",
                                  [](const Audit&, const auto& said, const Context&) { return !said.attendance.empty(); }};
constexpr Guard sample_has_lines{"the sample needs at least one line",
                                 [](const Audit&, const SendSamplingPlan& said, const Context&) { return said.sample_size > 0; }};
constexpr Guard plan_waits{"no sampling plan waits for the company's answer", [](const Audit& a, const Context&) {
                             return a.sampling && !a.sampling->acceptance && a.sampling->refused_because.empty();
                           }};
constexpr Guard sample_agreed{
    "a sample needs the company's written acceptance of the sampling plan",
    [](const Audit& a, const RequestRecords& said, const Context&) { return !said.sampled || (a.sampling && a.sampling->acceptance); }};
constexpr Guard items_fit{"the entries must be named", [](const Audit&, const RequestRecords& said, const Context&) {
                            std::vector<EntryLine> entries;
                            for (const ItemAsked& item : said.items) entries.push_back({item.entry_number, item.line});
                            return entries_problem(entries);
                          }};
constexpr Guard review_fits{"each item reviewed must be one delivered, and a return needs its reason",
                            [](const Audit& a, const ReviewRecords& said, const Context&) {
                              auto items = a.items;
                              if (said.items.empty()) return false;
                              return std::ranges::all_of(said.items, [&](const ItemReview& one) {
                                const Item* item = find_item(items, one.entry_number, one.line);
                                return item && !item->open() && (one.accepted || one.reason);
                              });
                            }};
constexpr Guard end_date_told{"no end date is told to the company yet",
                              [](const Audit& a, const Context&) { return a.ends_on.has_value(); }};
constexpr Guard new_end_to_come{"the new end date must lie after today and after the one told before",
                                [](const Audit& a, const RecordDelay& said, const Context& c) {
                                  return said.new_end_on > c.today && (!a.ends_on || said.new_end_on > *a.ends_on);
                                }};
constexpr Guard end_date_passed{"a petition is for an audit whose end date has passed without a closing conference",
                                [](const Audit& a, const Context& c) { return a.ends_on && *a.ends_on < c.today; }};
constexpr Guard no_petition_yet{"the company has petitioned already", [](const Audit& a, const Context&) { return !a.petitioned_on; }};
constexpr Guard closing_to_come{"the closing conference must lie ahead",
                                [](const Audit&, const ScheduleClosing& said, const Context& c) { return said.closing_on >= c.today; }};
constexpr Guard closing_was_held{"the closing conference must have been held, and after the entrance conference",
                                 [](const Audit& a, const HoldClosing& said, const Context& c) {
                                   return said.held_on <= c.today && (!a.entrance_held_on || said.held_on >= *a.entrance_held_on);
                                 }};
constexpr Guard later_report_day{"the new day must lie after the day in force",
                                 [](const Audit& a, const ExtendReport& said, const Context& c) {
                                   return said.new_due_on > c.today && (!a.report_due_on || said.new_due_on > *a.report_due_on);
                                 }};
constexpr Guard areas_known{"each finding needs an area", [](const Audit&, const IssueReport& said, const Context& c) {
                              std::vector<std::string> areas;
                              for (const FindingReported& finding : said.findings) areas.push_back(finding.area);
                              return unknown_words(areas, "audit.risk_areas", c);
                            }};
constexpr Guard no_findings{"the report has findings: an improvement plan follows",
                            [](const Audit& a, const Context&) { return a.findings.empty(); }};
constexpr Guard has_findings{"the report has no findings", [](const Audit& a, const Context&) { return !a.findings.empty(); }};
constexpr Guard saved_plan_fits{"the plan must fit its form",
                                [](const Audit& a, const SavePlan& said, const Context& c) { return saved_plan_problem(a, said, c); }};
constexpr Guard plan_complete{"the improvement plan is not complete", [](const Audit& a, const SubmitPlan& said, const Context& c) {
                                Audit after = a;
                                save_to(after.plan, said.plan, said.actions);
                                return plan_problem(after, c);
                              }};
constexpr Guard action_open{
    "the plan has no such action that is still to be verified", [](const Audit& a, const ReportAction& said, const Context&) {
      return std::ranges::any_of(a.plan.actions, [&](const PlanAction& one) { return one.number == said.action && !one.verified_on; });
    }};
constexpr Guard verification_fits{
    "the actions verified must be those of the plan",
    [](const Audit& a, const VerifyPlan& said, const Context&) { return verification_problem(a.plan, said); }};
bool verifies_the_last(const Audit& a, const VerifyPlan& said, const Context& c) {
  Plan after = a.plan;
  after.actions = after_verification(a.plan.actions, said, c);
  return all_verified(after);
}
constexpr Guard all_hold{"actions are still to be verified", verifies_the_last};
constexpr Guard some_left{"no action is left to verify",
                          [](const Audit& a, const VerifyPlan& said, const Context& c) { return !verifies_the_last(a, said, c); }};
constexpr Guard size_on_offer{"the extension must be of a size on offer", [](const Audit&, const auto& said, const Context& c) {
                                return extension_size_problem(said.days, audit_extensions, c);
                              }};
constexpr Guard may_decide{
    "the extension is beyond your power", [](const Audit& a, const Context& c) {
      return a.request && a.request->extension ? extension_power_problem(a.request->extension->days, audit_extensions, c) : std::string();
    }};
constexpr Guard may_grant{"so long an extension is beyond your power", [](const Audit&, const GrantExtension& said, const Context& c) {
                            return extension_power_problem(said.days, audit_extensions, c);
                          }};

// ---- clocks of the agency: calendar days that do not move [C] ---------------------------------------------------------------

// The deadline, and the timer of its name that notices when its day has passed.
Effects agency_clock(const DateRule& rule, std::string_view when_missed, const Context& c) {
  Derivation derivation = derive(rule, c.calendar);
  const Date due_on = derivation.due_on;
  return {SetDeadline{std::string(rule.name), std::move(derivation)},
          StartTimer{std::string(rule.name), c.calendar.end_of(due_on), std::string(when_missed)}};
}
Effects clock_met(const std::string& name) { return {EndDeadlines{name}, StopTimers{name}}; }

Effects end_date(Audit& a, Date ends_on, std::string_view anchor_name, const Context& c) {
  a.ends_on = ends_on;
  a.end_missed = false;
  Effects effects = agency_clock({.name = "audit_end", .anchor_name = anchor_name, .anchor = ends_on}, MissEndDate::name, c);
  effects.push_back(CloseTask{"end_date_passed"});
  return effects;
}

// ---- effects: referral, notice, entrance ------------------------------------------------------------------------------------

Effects open_referral(Audit& a, const OpenReferral& said, const Context&) {
  a.kind = said.kind;
  a.risk_areas = said.risk_areas;
  a.reasons = said.reasons;
  a.survey_case = said.survey_case.value_or("");
  a.override_reason = said.override_reason.value_or("");
  return {};
}

Effects edit_referral(Audit& a, const EditReferral& said, const Context&) {
  a.kind = said.kind;
  a.risk_areas = said.risk_areas;
  a.reasons = said.reasons;
  return {};
}

Effects drop_referral(Audit& a, const DropReferral& said, const Context&) {
  a.decline_reasons = said.reasons;
  return {};
}

Effects refer(Audit& a, const Refer& said, const Context& c) {
  if (said.override_reason) a.override_reason = *said.override_reason;
  a.referred_by = c.actor.id;
  auto reasons = a.reasons;
  if (!a.override_reason.empty()) reasons.push_back("Override, so that an active member may be audited: " + a.override_reason);
  return {SendLetter{"audit_referral",
                     {{"kind", in_words(a.kind)}, {"risk_areas", texts(in_words(a.risk_areas))}, {"reasons", texts(reasons)}},
                     "",
                     {Audience::auditor}}};
}

Effects accept(Audit& a, const Context& c) {
  a.accepted_by = c.actor.id;
  return {};
}

Effects decline(Audit& a, const Decline& said, const Context&) {
  a.decline_reasons = said.reasons;
  return {};
}

Effects give_notice(Audit& a, const GiveNotice& said, const Context& c) {
  a.phoned_on = said.phoned_on;
  a.noticed_on = c.today;
  a.objectives = said.objectives;
  a.estimate = said.estimate;
  return {SendLetter{
      "audit_notice",
      {{"kind", in_words(a.kind)}, {"objectives", texts(a.objectives)}, {"estimate", a.estimate}, {"phoned_on", spoken(said.phoned_on)}},
      "",
      {Audience::company, Audience::nam}}};
}

Effects schedule_entrance(Audit& a, const ScheduleEntrance& said, const Context& c) {
  a.entrance = Entrance{said.entrance_on, said.place, said.records, said.sampling_plan, said.offsetting, c.today};
  if (said.objectives && !said.objectives->empty()) a.objectives = *said.objectives;
  Effects effects = agency_clock({.name = "entrance_on", .anchor_name = "day of the entrance conference", .anchor = said.entrance_on},
                                 MissEntrance::name, c);
  effects += end_date(a, said.ends_on, "end date told before the entrance conference", c);
  effects.push_back(CloseTask{"entrance_missed"});
  effects.push_back(SendLetter{"audit_entrance_notice",
                               {{"entrance_on", spoken(said.entrance_on)},
                                {"place", said.place},
                                {"objectives", texts(a.objectives)},
                                {"records", texts(said.records)},
                                {"sampling_plan", said.sampling_plan},
                                {"offsetting", said.offsetting},
                                {"ends_on", spoken(said.ends_on)}},
                               "",
                               {Audience::company, Audience::nam}});
  return effects;
}

Effects miss_entrance(Audit& a, const Context&) {
  return {OpenTask{"entrance_missed", Role::auditor, "The day of the entrance conference has passed: record it or invite anew",
                   a.entrance->entrance_on}};
}

Effects hold_entrance(Audit& a, const HoldEntrance& said, const Context& c) {
  a.entrance_held_on = said.held_on;
  a.entrance_attendance = said.attendance;
  Effects effects = clock_met("entrance_on");
  effects.push_back(CloseTask{"entrance_missed"});
  if (a.ends_on != said.ends_on) effects += end_date(a, said.ends_on, "end date told at the entrance conference", c);
  return effects;
}

// ---- effects: fieldwork --------------------------------------------------------------------------------------------------

Effects start_fieldwork(Audit&, const Context&) { return {}; }

Effects send_sampling_plan(Audit& a, const SendSamplingPlan& said, const Context& c) {
  const int number = a.sampling ? a.sampling->number + 1 : 1;
  a.sampling = SamplingPlan{number, said.method, said.sample_size, said.population, said.seed_note, said.waiver, c.today, std::nullopt, ""};
  return {CloseTask{"sampling_refused"},
          OpenTask{"accept_sampling_plan", Role::officer, "Accept the sampling plan in writing, or say what should change"},
          SendLetter{"audit_sampling_plan",
                     {{"method", said.method},
                      {"sample_size", said.sample_size},
                      {"population", said.population},
                      {"seed_note", said.seed_note},
                      {"waiver", said.waiver}},
                     "",
                     {Audience::company}}};
}

json::value signed_plan(const SamplingPlan& plan) {
  return {{"method", plan.method},
          {"sample_size", plan.sample_size},
          {"population", plan.population},
          {"seed_note", plan.seed_note},
          {"waiver", plan.waiver}};
}

Effects accept_sampling_plan(Audit& a, const AcceptSamplingPlan&, const Context& c) {
  a.sampling->acceptance = signed_by(c, signed_plan(*a.sampling), a.sampling->number);
  return {CloseTask{"accept_sampling_plan"}};
}

Effects refuse_sampling_plan(Audit& a, const RefuseSamplingPlan& said, const Context&) {
  a.sampling->refused_because = said.reason;
  return {
      CloseTask{"accept_sampling_plan"},
      OpenTask{"sampling_refused", Role::auditor, "The company does not accept the sampling plan: send another or test without a sample"}};
}

Effects ask_for_records(Audit& a, std::optional<Date> named_on, const std::vector<Item>& asked, const Context& c) {
  Effects effects =
      ask(a.request,
          {.deadline = "documents_due", .rule = "audit.documents_days", .what = "the records of the audit", .named_on = named_on}, c);
  effects.push_back(OpenTask{"deliver_records", Role::officer, "Deliver the records asked for", a.request->due_on});
  effects.push_back(
      SendLetter{"audit_request", {{"scope", a.scope}, {"items", items_for_letter(asked)}}, "documents_due", {Audience::company}});
  return effects;
}

// A further request gives its day to all that is still open.
Effects request_records(Audit& a, const RequestRecords& said, const Context& c) {
  a.scope = said.scope;
  std::vector<Item> asked;
  for (const ItemAsked& one : said.items) {
    Item item;
    item.entry_number = one.entry_number;
    item.line = one.line;
    item.documents = one.documents;
    asked.push_back(item);
    if (Item* known = find_item(a.items, one.entry_number, one.line))
      *known = item;
    else
      a.items.push_back(item);
  }
  return ask_for_records(a, said.due_on, asked, c);
}

Effects deliver(Audit& a, const Deliver& said, const Context& c) {
  a.items = after_delivery(a.items, said.items, c.today);
  Effects effects{OpenTask{"review_records", Role::auditor, "Accept or return the records delivered"}};
  if (!all_delivered(a.items)) return effects;
  effects += request_over(a.request);
  effects.push_back(CloseTask{"deliver_records"});
  return effects;
}

Effects review_records(Audit& a, const ReviewRecords& said, const Context& c) {
  std::vector<Item> returned;
  for (const ItemReview& one : said.items) {
    Item& item = *find_item(a.items, one.entry_number, one.line);
    item.accepted = one.accepted;
    if (one.accepted) continue;
    item.returned_because = *one.reason;
    item.delivered.clear();
    item.not_applicable.clear();
    returned.push_back(item);
    returned.back().documents += " (returned: " + *one.reason + ")";
  }
  Effects effects;
  const bool read = std::ranges::all_of(a.items, [](const Item& item) { return item.open() || item.accepted; });
  if (read) effects.push_back(CloseTask{"review_records"});
  if (!returned.empty()) effects += ask_for_records(a, std::nullopt, returned, c);
  return effects;
}

Effects record_delay(Audit& a, const RecordDelay& said, const Context& c) {
  a.delays.push_back({said.reasons, said.new_end_on, c.today});
  Effects effects = end_date(a, said.new_end_on, "new end date told to the company", c);
  effects.push_back(SendLetter{"audit_delay_notice",
                               {{"reasons", texts(said.reasons)}, {"new_end_on", spoken(said.new_end_on)}},
                               "",
                               {Audience::company, Audience::nam}});
  return effects;
}

Effects miss_end_date(Audit& a, const Context&) {
  a.end_missed = true;
  return {OpenTask{"end_date_passed", Role::auditor,
                   "The end date told to the company has passed: tell it a new one with the reasons, or hold the closing conference",
                   a.ends_on}};
}

Effects petition_closing(Audit& a, const Context& c) {
  a.petitioned_on = c.today;
  Effects effects = agency_clock({.name = "closing_due",
                                  .anchor_name = "day of the company's petition",
                                  .anchor = c.today,
                                  .days = c.rules.number("audit.closing_petition_days")},
                                 MissClosing::name, c);
  const Date due_on = std::get<SetDeadline>(effects.front()).derivation.due_on;
  effects.push_back(OpenTask{"closing_petitioned", Role::auditor, "The company has petitioned: hold the closing conference", due_on});
  return effects;
}

Effects miss_closing(Audit&, const Context&) {
  return {OpenTask{"closing_missed", Role::compliance, "The closing conference that the company petitioned for was not held in time"}};
}

Effects schedule_closing(Audit& a, const ScheduleClosing& said, const Context&) {
  a.closing_on = said.closing_on;
  return {SendLetter{
      "audit_closing_notice", {{"closing_on", spoken(said.closing_on)}, {"place", said.place}}, "", {Audience::company, Audience::nam}}};
}

// ---- effects: closing and report -------------------------------------------------------------------------------------------

Effects fieldwork_over(Audit& a) {
  Effects effects = request_over(a.request);
  for (const char* name : {"audit_end", "closing_due"}) effects += clock_met(name);
  for (const char* kind : {"deliver_records", "review_records", "accept_sampling_plan", "sampling_refused", "end_date_passed",
                           "closing_petitioned", "closing_missed"})
    effects.push_back(CloseTask{kind});
  return effects;
}

Effects hold_closing(Audit& a, const HoldClosing& said, const Context& c) {
  a.closing_held_on = said.held_on;
  a.closing_attendance = said.attendance;
  Effects effects = fieldwork_over(a);
  effects += agency_clock(
      {.name = "report_due", .anchor_name = "closing conference", .anchor = said.held_on, .days = c.rules.number("audit.report_days")},
      MissReport::name, c);
  a.report_due_on = said.held_on + std::chrono::days{c.rules.number("audit.report_days")};
  return effects;
}

Effects extend_report(Audit& a, const ExtendReport& said, const Context& c) {
  a.report_due_on = said.new_due_on;
  Effects effects = agency_clock({.name = "report_due",
                                  .anchor_name = "day set in writing by the executive director",
                                  .anchor = said.new_due_on,
                                  .also = {{"reason", join(said.reasons, "; ")}, {"recorded_by", c.actor.id}}},
                                 MissReport::name, c);
  effects += Effects{CloseTask{"report_overdue"}, CloseTask{"report_missed"}};
  return effects;
}

Effects miss_report(Audit& a, const Context&) {
  return {OpenTask{"report_overdue", Role::auditor, "The audit report is overdue: issue it", a.report_due_on},
          OpenTask{"report_missed", Role::compliance, "The audit report is overdue: have it issued, or record reasons and a day",
                   a.report_due_on}};
}

std::vector<std::string> findings_in_words(const Audit& a) {
  std::vector<std::string> all;
  for (const Finding& finding : a.findings)
    all.push_back("Finding " + std::to_string(finding.number) + ", " + in_words(finding.area) + ": " + finding.text);
  return all;
}

Effects issue_report(Audit& a, const IssueReport& said, const Context& c) {
  a.report_issued_on = c.today;
  a.findings.clear();
  for (const FindingReported& one : said.findings) a.findings.push_back({static_cast<int>(a.findings.size()) + 1, one.area, one.text});
  const int plan_days = c.rules.number("audit.plan_days");
  Effects effects = clock_met("report_due");
  effects += Effects{CloseTask{"report_overdue"}, CloseTask{"report_missed"}};
  effects += agency_clock(
      {.name = "report_copy_due", .anchor_name = "day of the report", .anchor = c.today, .days = c.rules.number("audit.report_copy_days")},
      MissCopy::name, c);
  const Date copy_due_on = c.today + std::chrono::days{c.rules.number("audit.report_copy_days")};
  const std::string note = a.findings.empty() ? "" : "The plan is due " + std::to_string(plan_days) + " days after that letter.";
  effects.push_back(SendLetter{"audit_report_transmittal",
                               {{"findings", texts(findings_in_words(a))}, {"plan_due_note", note}, {"copy_due_on", spoken(copy_due_on)}},
                               "",
                               {Audience::company, Audience::nam}});
  return effects;
}

Effects miss_copy(Audit&, const Context&) {
  return {OpenTask{"copy_overdue", Role::compliance, "The company has not got its copy of the audit report in time: have it sent"}};
}

Effects send_copy(Audit& a, const Context& c) {
  a.copy_sent_on = c.today;
  Effects effects = clock_met("report_copy_due");
  effects.push_back(CloseTask{"copy_overdue"});
  effects.push_back(SendLetter{"audit_report_copy", {{"report_issued_on", spoken(*a.report_issued_on)}}, "", {Audience::company}});
  return effects;
}

SendLetter closed_letter(const Audit& a) { return {"audit_closed", {{"outcome", a.outcome}}, "", {Audience::company, Audience::nam}}; }

Effects close_without_findings(Audit& a, const Context&) {
  a.outcome = "The report has no findings.";
  return {closed_letter(a)};
}

// ---- effects: improvement plan ---------------------------------------------------------------------------------------------

Effects ask_for_plan(Audit& a, std::optional<Date> named_on, const Context& c) {
  return ask(a.request,
             {.deadline = "plan_due", .rule = "audit.plan_days", .what = "the compliance improvement plan", .named_on = named_on}, c);
}

Effects require_plan(Audit& a, const Context& c) {
  a.plan.form_version = c.forms.latest(plan_form, c.today).version;
  Effects effects = ask_for_plan(a, std::nullopt, c);
  effects.push_back(SendLetter{"audit_plan_request", {{"findings", texts(findings_in_words(a))}}, "plan_due", {Audience::company}});
  return effects;
}

Effects save_plan(Audit& a, const SavePlan& said, const Context&) {
  save_to(a.plan, said.plan, said.actions);
  return {};
}

Effects submit_plan(Audit& a, const SubmitPlan& said, const Context& c) {
  save_to(a.plan, said.plan, said.actions);
  read_actions(a.plan);
  a.plan.signature = signed_by(c, answers_of(a.plan), a.plan.form_version);
  return request_over(a.request);
}

Effects send_back_plan(Audit& a, const SendBackPlan& said, const Context& c) {
  a.plan.returned_because = said.reasons;
  Effects effects = ask_for_plan(a, said.due_on, c);
  effects.push_back(SendLetter{"cip_returned", {{"reasons", texts(said.reasons)}}, "plan_due", {Audience::company}});
  return effects;
}

Effects accept_plan(Audit& a, const Context& c) {
  Effects effects;
  json::array actions;
  for (const PlanAction& action : a.plan.actions) {
    effects += watch_action(action.number, action.due_on, c);
    actions.push_back({{"action", action.action}, {"owner", action.owner}, {"due_on", spoken(action.due_on)}});
  }
  if (auto facts = facts_of(a.plan, c); !facts.empty()) effects.push_back(RecordFacts{std::move(facts)});
  effects.push_back(
      OpenTask{"carry_out_plan", Role::officer, "Carry out the actions of the improvement plan and report each with its evidence"});
  effects.push_back(SendLetter{"cip_acceptance", {{"actions", std::move(actions)}}, "", {Audience::company, Audience::nam}});
  return effects;
}

Effects report_action(Audit& a, const ReportAction& said, const Context& c) {
  PlanAction& action = *std::ranges::find(a.plan.actions, said.action, &PlanAction::number);
  action.reported = said.evidence;
  action.reported_on = c.today;
  return {OpenTask{"action_reported", Role::auditor, "The company reports an action done: verify it"}};
}

Effects miss_action(Audit& a, const MissAction& said, const Context&) {
  const PlanAction& action = *std::ranges::find(a.plan.actions, said.action, &PlanAction::number);
  return {overdue_action(action.number, Role::auditor, action.due_on),
          OpenTask{"plan_late", Role::compliance, "An action of the improvement plan is past its day: decide what follows", action.due_on}};
}

Effects verify_plan(Audit& a, const VerifyPlan& said, const Context& c) {
  a.plan.actions = after_verification(a.plan.actions, said, c);
  Effects effects{CloseTask{"action_reported"}};
  for (const ActionVerified& one : said.actions)
    if (one.holds)
      effects += action_done(one.action);
    else
      effects.push_back(
          OpenTask{"action_not_done", Role::officer, "An action of the plan does not hold yet: correct it and report it again"});
  return effects;
}

Effects plan_carried_out(Audit&, const Context&) {
  return {CloseTask{"plan_late"}, CloseTask{"action_not_done"}, CloseTask{"carry_out_plan"}};
}

Effects close(Audit& a, const Close& said, const Context&) {
  a.outcome = said.outcome;
  return {closed_letter(a)};
}

// ---- effects: at any time ----------------------------------------------------------------------------------------------------

Effects cancel_untold(Audit& a, const Cancel& said, const Context&) {
  a.outcome = "The audit does not take place. The reason: " + said.reason;
  return {};
}
Effects cancel(Audit& a, const Cancel& said, const Context&) {
  a.outcome = "The audit ends without a result. The reason: " + said.reason;
  return {closed_letter(a)};
}

Effects remind(Audit& a, const Context&) { return remind_company(*a.request); }
Effects miss_due_date(Audit& a, const Context& c) { return miss_request(*a.request, Role::auditor, c); }
Effects escalate(Audit& a, const Context&) { return escalate_request(*a.request); }
Effects request_extension(Audit& a, const RequestExtension& said, const Context& c) {
  return ask_extension(*a.request, said.days, said.reason, audit_extensions, c);
}
Effects grant_extension(Audit& a, const GrantExtension& said, const Context& c) { return extend_request(*a.request, said.days, c); }
Effects deny_extension(Audit& a, const DenyExtension& said, const Context&) { return deny_extension_of(*a.request, said.reason); }

// ---- the table ---------------------------------------------------------------------------------------------------------

// clang-format off
template <class S>
using WhileAsked = Table<  // the company owes records or a plan
  Row<S, Remind,           S, Do<remind>>,
  Row<S, MissDueDate,      S, Do<miss_due_date>>,
  Row<S, Escalate,         S, Do<escalate>>,
  Row<S, RequestExtension, S, Do<request_extension>, If<something_asked, no_extension_asked, size_on_offer>>,
  Row<S, GrantExtension,   S, Do<grant_extension>,   If<extension_asked, size_on_offer, may_decide, may_grant>>,
  Row<S, DenyExtension,    S, Do<deny_extension>,    If<extension_asked, may_decide>>>;

template <class S>
using OnceEntered = Table<  // the company knows an end date
  Row<S, MissEndDate,     S, Do<miss_end_date>>,
  Row<S, RecordDelay,     S, Do<record_delay>,     If<reasons_given, end_date_told, new_end_to_come>>,
  Row<S, PetitionClosing, S, Do<petition_closing>, If<end_date_passed, no_petition_yet>>,
  Row<S, MissClosing,     S, Do<miss_closing>>>;

template <class... S>
using Cancelled = Table<Row<S, Cancel, Closed, Do<cancel>>...>;

struct Definition : Machine<Definition, Audit> {
  using initial_state = New;
  using transition_table = Tables<Table<
    //   From           Command             To             Effects                                Guard
    Row< New,           OpenReferral,       ReferralDraft, Do<open_referral>,                     If<referral_fits, reasons_given> >,
    Row< ReferralDraft, EditReferral,       ReferralDraft, Do<edit_referral>,                     If<referral_fits, reasons_given> >,
    Row< ReferralDraft, DropReferral,       Declined,      Do<drop_referral>,                     If<reasons_given> >,
    Row< ReferralDraft, Refer,              Referred,      Do<refer>,                             If<assessment_allowed> >,
    Row< Referred,      Accept,             Accepted,      Do<accept>,                            If<not_the_referrer> >,
    Row< Referred,      Decline,            Declined,      Do<decline>,                           If<not_the_referrer, reasons_given> >,
    Row< Accepted,      GiveNotice,         Noticed,       Do<give_notice>,                       If<objectives_given, phoned_already> >,
    Row< Accepted,      Cancel,             Closed,        Do<cancel_untold> >,
    Row< Noticed,       ScheduleEntrance,   Noticed,       Do<schedule_entrance>,                 If<entrance_in_order> >,
    Row< Noticed,       MissEntrance,       Noticed,       Do<miss_entrance> >,
    Row< Noticed,       HoldEntrance,       EntranceHeld,  Do<hold_entrance>,                     If<company_told, entrance_was_held, somebody_attended> >,
    Row< EntranceHeld,  StartFieldwork,     Fieldwork,     Do<start_fieldwork> >,
    Row< Fieldwork,     SendSamplingPlan,   Fieldwork,     Do<send_sampling_plan>,                If<sample_has_lines> >,
    Row< Fieldwork,     AcceptSamplingPlan, Fieldwork,     Do<accept_sampling_plan>,              If<plan_waits, signed_by_the_officer> >,
    Row< Fieldwork,     RefuseSamplingPlan, Fieldwork,     Do<refuse_sampling_plan>,              If<plan_waits> >,
    Row< Fieldwork,     RequestRecords,     Fieldwork,     Do<request_records>,                   If<sample_agreed, items_fit, day_to_come> >,
    Row< Fieldwork,     Deliver,            Fieldwork,     Do<deliver>,                           If<delivery_fits> >,
    Row< Fieldwork,     ReviewRecords,      Fieldwork,     Do<review_records>,                    If<review_fits> >,
    Row< Fieldwork,     ScheduleClosing,    Fieldwork,     Do<schedule_closing>,                  If<closing_to_come> >,
    Row< Fieldwork,     HoldClosing,        ClosingHeld,   Do<hold_closing>,                      If<closing_was_held, somebody_attended> >,
    Row< ClosingHeld,   ExtendReport,       ClosingHeld,   Do<extend_report>,                     If<reasons_given, later_report_day> >,
    Row< ClosingHeld,   MissReport,         ClosingHeld,   Do<miss_report> >,
    Row< ClosingHeld,   IssueReport,        ReportIssued,  Do<issue_report>,                      If<areas_known> >,
    Row< ReportIssued,  MissCopy,           ReportIssued,  Do<miss_copy> >,
    Row< ReportIssued,  SendCopy,           Closed,        Do<send_copy, close_without_findings>, If<no_findings> >,
    Row< ReportIssued,  SendCopy,           PlanRequired,  Do<send_copy, require_plan>,           If<has_findings> >,
    Row< PlanRequired,  SavePlan,           PlanRequired,  Do<save_plan>,                         If<saved_plan_fits> >,
    Row< PlanRequired,  SubmitPlan,         PlanSubmitted, Do<submit_plan>,                       If<plan_complete, signed_by_the_officer> >,
    Row< PlanSubmitted, AcceptPlan,         PlanAccepted,  Do<accept_plan> >,
    Row< PlanSubmitted, SendBackPlan,       PlanRequired,  Do<send_back_plan>,                    If<reasons_given, day_to_come> >,
    Row< PlanAccepted,  ReportAction,       PlanAccepted,  Do<report_action>,                     If<action_open> >,
    Row< PlanAccepted,  MissAction,         PlanAccepted,  Do<miss_action> >,
    Row< PlanAccepted,  VerifyPlan,         PlanAccepted,  Do<verify_plan>,                       If<verification_fits, some_left> >,
    Row< PlanAccepted,  VerifyPlan,         FollowUp,      Do<verify_plan, plan_carried_out>,     If<verification_fits, all_hold> >,
    Row< FollowUp,      Close,              Closed,        Do<close> > >,
    Table<Row<Noticed, MissEndDate, Noticed, Do<miss_end_date>>,
          Row<Noticed, RecordDelay, Noticed, Do<record_delay>, If<reasons_given, end_date_told, new_end_to_come>>>,
    OnceEntered<EntranceHeld>, OnceEntered<Fieldwork>, WhileAsked<Fieldwork>, WhileAsked<PlanRequired>,
    Cancelled<Noticed, EntranceHeld, Fieldwork, ClosingHeld, ReportIssued, PlanRequired, PlanSubmitted, PlanAccepted, FollowUp>>;
};
// clang-format on

}  // namespace
}  // namespace audit_case

Workflow audit() { return make_workflow<audit_case::Definition>("audit", "Audit"); }

}  // namespace tradecase
