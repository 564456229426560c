#include "workflows/continuation/continuation.hpp"

#include <algorithm>

#include "workflows/continuation/commands.hpp"

namespace tradecase {
namespace continuation_case {
namespace {

using namespace requests;

// ---- states ------------------------------------------------------------------------------------------------------------

struct Scheduled : State<"scheduled", Waits<"the day on which the review opens">> {};
struct InReview : State<"in_review", Work<"review_membership", Role::nam, "Hold the continuation review and recommend">> {};
struct InformationRequested
    : State<"information_requested", Work<"provide_information", Role::officer, "Provide the information for the review">> {};
struct Recommended : State<"recommended", Work<"decide_continuation", Role::compliance, "Decide on the continuation">> {};
struct PlanMonitoring
    : State<"plan_monitoring", Work<"monitor_plan", Role::nam, "Follow the plan and record the evidence of each action">> {};
struct Continued : Final<"continued"> {};
struct SuspensionProposed : Final<"suspension_proposed"> {};
struct RemovalProposed : Final<"removal_proposed"> {};
struct Closed : Final<"closed"> {};

// ---- guards ------------------------------------------------------------------------------------------------------------

constexpr Guard mode_on_offer{"the mode must be one on offer", [](const Continuation&, const ChooseMode& said, const Context& c) {
                                return unknown_words({said.mode}, "continuation.modes", c);
                              }};
constexpr Guard not_answered{"the company has answered the pack: its questions stand",
                             [](const Continuation& r, const Context&) { return !r.pack.answered_on.has_value(); }};
constexpr Guard choice_fits{"the questions must be chosen from the form",
                            [](const Continuation&, const ChooseQuestions& said, const Context& c) { return choice_problem(said, c); }};
constexpr Guard nothing_asked_twice{
    "what is on file is not asked again, unless the reason why it is stale is recorded",
    [](const Continuation&, const ChooseQuestions& said, const Context& c) { return reask_problem(said, c); }};
constexpr Guard pack_fits{"the answers must fit the form",
                          [](const Continuation& r, const SavePack& said, const Context& c) { return pack_problem(r, said.answers, c); }};
constexpr Guard answered_pack_fits{"each answer must fit its question",
                                   [](const Continuation& r, const AnswerPack& said, const Context& c) {
                                     return pack_problem(r, said.answers.value_or(json::object{}), c);
                                   }};
constexpr Guard pack_complete{"what is not on file must be answered", [](const Continuation& r, const AnswerPack& said, const Context& c) {
                                const json::object given = said.answers.value_or(json::object{});
                                if (!pack_problem(r, given, c).empty()) return std::string();
                                return pack_incomplete(r, with_answers(r.pack.answers, given), c);
                              }};
constexpr Guard items_named{"at least one item is needed",
                            [](const Continuation&, const RequestInformation& said, const Context&) { return !said.items.empty(); }};
constexpr Guard every_item_answered{"each item needs one answer, in the order asked",
                                    [](const Continuation& r, const ProvideInformation& said, const Context&) {
                                      return !r.information.empty() && said.answers.size() == r.information.back().items.size();
                                    }};
constexpr Guard some_days{"an extension is of 1 to 366 days", [](const Continuation&, const ExtendInformation& said, const Context&) {
                            return said.days >= 1 && said.days <= 366;
                          }};
constexpr Guard findings_given{"at least one finding is needed",
                               [](const Continuation&, const Recommend& said, const Context&) { return !said.findings.empty(); }};
constexpr Guard checklist_complete{
    "each step of the checklist is confirmed, or skipped with a reason",
    [](const Continuation&, const Recommend& said, const Context& c) { return checklist_problem(said.checklist, c); }};
constexpr Guard decider_is_not_recommender{
    "the decision is taken by somebody other than who recommended", [](const Continuation& r, const Context& c) {
      return !r.recommendation || (!acts_as(c.actor, r.recommendation->by) && !acts_as(c.actor, r.recommendation->on_behalf_of));
    }};

std::string code_problem(const std::optional<std::string>& code, const Context& c) {
  return code ? unknown_words({*code}, "membership.reason_codes", c) : "a suspension or removal needs a reason code";
}

// Says the same of each row, so that the row meant is the nearest to what was said.
constexpr Guard decision_fits{"the decision is not complete", [](const Continuation&, const Decide& said, const Context& c) {
                                if (said.outcome == Decided::suspension || said.outcome == Decided::removal)
                                  return code_problem(said.reason_code, c);
                                const bool named = said.actions && !said.actions->empty();
                                if (said.outcome == Decided::plan && !named) return std::string("a plan needs its actions");
                                if (said.outcome == Decided::continued && named) return std::string("actions belong to a plan");
                                if (named)
                                  for (const ActionAgreed& one : *said.actions)
                                    if (std::string problem = named_day_problem(one.due_on, c); !problem.empty()) return problem;
                                return std::string();
                              }};
constexpr Guard continues{"the outcome is not \"continued\"",
                          [](const Continuation&, const Decide& said, const Context&) { return said.outcome == Decided::continued; }};
constexpr Guard on_a_plan{"the outcome is not \"plan\"",
                          [](const Continuation&, const Decide& said, const Context&) { return said.outcome == Decided::plan; }};
constexpr Guard suspends{"the outcome is not \"suspension\"",
                         [](const Continuation&, const auto& said, const Context&) { return said.outcome == Decided::suspension; }};
constexpr Guard removes{"the outcome is not \"removal\"",
                        [](const Continuation&, const auto& said, const Context&) { return said.outcome == Decided::removal; }};
constexpr Guard failure_fits{"the failure of a plan ends in \"suspension\" or \"removal\" with its reason code",
                             [](const Continuation&, const FailPlan& said, const Context& c) {
                               if (said.outcome != Decided::suspension && said.outcome != Decided::removal)
                                 return std::string("another outcome is named");
                               return code_problem(said.reason_code, c);
                             }};
constexpr Guard action_open{
    "the plan has no such action that is still open", [](const Continuation& r, const RecordAction& said, const Context&) {
      return std::ranges::any_of(r.plan, [&](const PlanAction& one) { return one.number == said.action && !one.done_on; });
    }};

std::vector<PlanAction> with_evidence(std::vector<PlanAction> plan, const std::vector<ActionDone>& evidence, Date on) {
  for (const ActionDone& done : evidence)
    for (PlanAction& action : plan)
      if (action.number == done.action) {
        action.evidence = done.evidence;
        action.done_on = on;
      }
  return plan;
}
constexpr Guard every_action_shown{
    "each action needs its evidence", [](const Continuation& r, const CompletePlan& said, const Context& c) {
      std::vector<std::string> open;
      for (const PlanAction& action : with_evidence(r.plan, said.evidence.value_or(std::vector<ActionDone>{}), c.today))
        if (!action.done_on) open.push_back("action " + std::to_string(action.number));
      return join(open, ", ");
    }};

// ---- dates -------------------------------------------------------------------------------------------------------------

// The agency's clock: it does not move to a business day.
Derivation review_opens(const Continuation& r, json::object also, const Context& c) {
  also.emplace("number", r.number);
  return derive({.name = "continuation.review_opens",
                 .anchor_name = "acceptance date",
                 .anchor = *r.acceptance_date,
                 .months = r.number * c.rules.number("continuation.interval_months"),
                 .also = also},
                c.calendar);
}

Effects stand_on(Continuation& r, Derivation derivation, const Context& c) {
  r.review_opens_on = derivation.due_on;
  return {SetDeadline{"review_opens", std::move(derivation)},
          StartTimer{"review_opens", c.calendar.start_of(*r.review_opens_on), std::string(Open::name)}};
}

// The first review after this one; for a review on cause, the first that lies ahead.
std::string next_review(const Continuation& r, const Context& c) {
  if (!r.acceptance_date) return "";
  const int interval = c.rules.number("continuation.interval_months");
  int number = r.number + 1;
  while (r.number == 0 && add_months(*r.acceptance_date, number * interval) <= c.today) ++number;
  return spoken(add_months(*r.acceptance_date, number * interval));
}

// ---- effects: opening, preparation -----------------------------------------------------------------------------------------

Effects schedule(Continuation& r, const Schedule& said, const Context& c) {
  r.acceptance_date = said.acceptance_date;
  r.number = said.number;
  return stand_on(r, review_opens(r, {}, c), c);
}

Effects begin(Continuation& r, const Context& c) {
  r.opened_on = c.today;
  prepare_questions(r, c);
  r.pack.sent_on = c.today;
  take_what_is_on_file(r, c);
  Derivation prepared = derive({.name = "continuation.preparation_due",
                                .anchor_name = "day of the preparation pack",
                                .anchor = c.today,
                                .days = c.rules.number("continuation.pack_days"),
                                .rolls = Rolls::to_business_day},
                               c.calendar);
  r.preparation_due_on = prepared.due_on;
  return {EndDeadlines{"review_opens"},
          StopTimers{"review_opens"},
          SetDeadline{"preparation_due", std::move(prepared)},
          StartTimer{"preparation_due", c.calendar.end_of(*r.preparation_due_on), std::string(EndPreparation::name)},
          OpenTask{"prepare_review", Role::officer, "Prepare for the continuation review", r.preparation_due_on},
          pack_letter(r, c)};
}

Effects open_for_cause(Continuation& r, const OpenForCause& said, const Context& c) {
  if (!r.acceptance_date) r.acceptance_date = c.company.acceptance_date;
  r.cause = said.cause;
  return begin(r, c);
}

Effects choose_mode(Continuation& r, const ChooseMode& said, const Context&) {
  r.mode = said.mode;
  return {};
}

// The company has its pack already: it gets it again as it stands now.
Effects send_anew(Continuation& r, const Context& c) { return {pack_letter(r, c)}; }

Effects choose_pack(Continuation& r, const ChooseQuestions& said, const Context& c) {
  choose_questions(r, said, c);
  return {};
}

Effects save_pack(Continuation& r, const SavePack& said, const Context&) {
  r.pack.answers = with_answers(r.pack.answers, said.answers);
  return {};
}

Effects preparation_over() {
  return {EndDeadlines{"preparation_due"}, StopTimers{"preparation_due"}, CloseTask{"prepare_review"}, CloseTask{"preparation_over"}};
}

Effects answer_pack(Continuation& r, const AnswerPack& said, const Context& c) {
  const questionnaire::Questions settled = settle_answers(r, said.answers.value_or(json::object{}), c);
  r.pack.answered_on = c.today;
  r.pack.signature = signed_by(c, questionnaire::answers_of(r.pack.questions), r.pack.form_version);
  Effects effects = preparation_over();
  if (auto facts = questionnaire::facts_of(settled, "continuation review " + c.case_id, c); !facts.empty())
    effects.push_back(RecordFacts{std::move(facts)});
  return effects;
}

Effects end_preparation(Continuation& r, const Context&) {
  return {OpenTask{"preparation_over", Role::nam, "The company has not answered the preparation pack in time: call it, or go on without",
                   r.preparation_due_on}};
}

// ---- effects: information ----------------------------------------------------------------------------------------------------

Effects request_information(Continuation& r, const RequestInformation& said, const Context& c) {
  Information& asked = r.information.emplace_back();
  asked.items = said.items;
  asked.asked_by = c.actor.id;
  asked.asked_on = c.today;
  Effects effects = ask(r.request,
                        {.deadline = "information_due",
                         .rule = "continuation.information_days",
                         .what = "the information for the review",
                         .named_on = said.due_on},
                        c);
  effects.push_back(SendLetter{"continuation_information_request", {{"items", texts(said.items)}}, "information_due", {Audience::company}});
  return effects;
}

Effects provide_information(Continuation& r, const ProvideInformation& said, const Context& c) {
  Information& asked = r.information.back();
  asked.answers = said.answers;
  asked.files = said.files.value_or(std::vector<std::string>{});
  asked.signature = signed_by(c, signed_answers(said.answers, asked.files), 1);
  return request_over(r.request);
}

Effects extend_information(Continuation& r, const ExtendInformation& said, const Context& c) {
  r.request->extension = ExtensionAsked{said.days, said.reason, c.actor.id};
  return extend_request(*r.request, said.days, c);
}

Effects resume_review(Continuation& r, const ResumeReview& said, const Context&) {
  r.information.back().gone_on_without = said.reason;
  return request_over(r.request);
}

Effects remind(Continuation& r, const Context&) { return remind_company(*r.request); }
Effects miss_due_date(Continuation& r, const Context& c) { return miss_request(*r.request, Role::nam, c); }
Effects escalate(Continuation& r, const Context&) { return escalate_request(*r.request); }

// ---- effects: recommendation, decision ---------------------------------------------------------------------------------------

Effects recommend(Continuation& r, const Recommend& said, const Context& c) {
  r.recommendation = Recommendation{said.recommendation, said.findings, said.checklist, c.actor.id, c.actor.on_behalf_of};
  return preparation_over();
}

Effects send_back(Continuation& r, const SendBack& said, const Context&) {
  r.sent_back_because = said.reasons;
  return {};
}

template <class Said>
Decision decision(const Said& said, const Context& c) {
  return {said.outcome, said.reasons, said.reason_code.value_or(""), c.actor.id, c.today};
}

SendLetter decision_letter(const Continuation& r, const std::string& outcome, const std::string& next_review_on) {
  json::array plan;
  for (const PlanAction& action : r.plan)
    if (!action.done_on) plan.push_back({{"action", action.action}, {"due_on", spoken(action.due_on)}});
  return {"continuation_decision",
          {{"outcome", outcome}, {"reasons", texts(r.decision->reasons)}, {"plan", std::move(plan)}, {"next_review_on", next_review_on}},
          "",
          {Audience::company, Audience::nam}};
}

// The membership opens the next review; a review on cause has no place in that row.
Effects settle(const Continuation& r, std::string_view outcome, const Context& c) {
  if (r.number == 0) return {};
  return {SendToOpen{"membership", "continuation_settled", {{"number", r.number}, {"outcome", outcome}, {"on", to_text(c.today)}}}};
}

Effects propose_to_membership(const Continuation& r, const std::string& command, std::string_view outcome, const Context& c) {
  Effects effects = settle(r, outcome, c);
  effects.push_back(
      SendToOpen{"membership",
                 command,
                 {{"reason_code", r.decision->reason_code}, {"reason", join(r.decision->reasons, "; ")}, {"case_ref", c.case_id}}});
  return effects;
}

Effects continue_membership(Continuation& r, const Decide& said, const Context& c) {
  r.decision = decision(said, c);
  Effects effects = settle(r, "continued", c);
  effects.push_back(decision_letter(r, "Your membership continues.", next_review(r, c)));
  return effects;
}

Effects continue_on_a_plan(Continuation& r, const Decide& said, const Context& c) {
  r.decision = decision(said, c);
  r.plan.clear();
  const Date usual = c.today + std::chrono::days{c.rules.number("continuation.plan_days")};
  Effects effects;
  for (const ActionAgreed& agreed : *said.actions) {
    const PlanAction& action =
        r.plan.emplace_back(PlanAction{static_cast<int>(r.plan.size()) + 1, agreed.action, agreed.due_on.value_or(usual), "", {}});
    effects += watch_action(action.number, action.due_on, c);
  }
  effects.push_back(OpenTask{"carry_out_plan", Role::officer, "Carry out the actions of the plan and send the evidence of each"});
  effects.push_back(decision_letter(r, "Your membership continues while you carry out a plan.", next_review(r, c)));
  return effects;
}

Effects letter_and_proposal(Continuation& r, bool removal, const Context& c) {
  Effects effects =
      propose_to_membership(r, removal ? "propose_removal" : "propose_suspension", removal ? "removal_proposed" : "suspension_proposed", c);
  r.plan.clear();
  effects.push_back(
      decision_letter(r, removal ? "We propose to remove you from the program." : "We propose to suspend your membership.", ""));
  return effects;
}

Effects propose_suspension(Continuation& r, const Decide& said, const Context& c) {
  r.decision = decision(said, c);
  return letter_and_proposal(r, false, c);
}
Effects propose_removal(Continuation& r, const Decide& said, const Context& c) {
  r.decision = decision(said, c);
  return letter_and_proposal(r, true, c);
}

// ---- effects: the plan -------------------------------------------------------------------------------------------------------

Effects record_action(Continuation& r, const RecordAction& said, const Context& c) {
  r.plan = with_evidence(r.plan, {{said.action, said.evidence}}, c.today);
  return action_done(said.action);
}

Effects miss_action(Continuation& r, const MissAction& said, const Context&) {
  const PlanAction& action = *std::ranges::find(r.plan, said.action, &PlanAction::number);
  return {overdue_action(action.number, Role::nam, action.due_on),
          OpenTask{"plan_late", Role::compliance, "An action of the plan is past its day: wait, or decide that the plan has failed",
                   action.due_on}};
}

Effects complete_plan(Continuation& r, const CompletePlan& said, const Context& c) {
  r.plan = with_evidence(r.plan, said.evidence.value_or(std::vector<ActionDone>{}), c.today);
  r.decision->reasons = {"Each action of the plan is carried out and shown."};
  Effects effects = settle(r, "continued", c);
  effects.push_back(decision_letter(r, "The plan is carried out. Your membership continues.", next_review(r, c)));
  return effects;
}

Effects fail_to_suspension(Continuation& r, const FailPlan& said, const Context& c) {
  r.decision = decision(said, c);
  return letter_and_proposal(r, false, c);
}
Effects fail_to_removal(Continuation& r, const FailPlan& said, const Context& c) {
  r.decision = decision(said, c);
  return letter_and_proposal(r, true, c);
}

// ---- effects: what the membership sends ----------------------------------------------------------------------------------------

// With the rules and closures of today; entries only for what differs. A review that has opened stays open.
Effects recount(Continuation& r, const Recount& said, const Context& c) {
  if (said.acceptance_date) r.acceptance_date = said.acceptance_date;
  if (!r.opened_on) {
    Derivation again = review_opens(r, {{"reason", said.reason}}, c);
    return again.due_on == r.review_opens_on ? Effects{} : stand_on(r, std::move(again), c);
  }
  return r.request ? recount_request(*r.request, said.reason, c) : Effects{};
}

Effects end_membership(Continuation& r, const EndMembership& said, const Context&) {
  r.closed_because = said.reason;
  return {};
}

// ---- the table ---------------------------------------------------------------------------------------------------------

// clang-format off
template <class... S>
using FromMembership = Tables<Table<Row<S, Recount, S, Do<recount>>...>, Table<Row<S, EndMembership, Closed, Do<end_membership>>...>>;

template <class S>
using WhilePreparing = Table<
  Row<S, ChooseMode,     S, Do<choose_mode, send_anew>, If<mode_on_offer>>,
  Row<S, SavePack,       S, Do<save_pack>,              If<pack_fits>>,
  Row<S, AnswerPack,     S, Do<answer_pack>,            If<answered_pack_fits, pack_complete, signed_by_the_officer>>,
  Row<S, EndPreparation, S, Do<end_preparation>>>;

struct Definition : Machine<Definition, Continuation> {
  using initial_state = New;
  using transition_table = Tables<Table<
    //   From                  Command             To                    Effects                  Guard
    Row< New,                  Schedule,           Scheduled,            Do<schedule> >,
    Row< New,                  OpenForCause,       InReview,             Do<open_for_cause> >,
    Row< Scheduled,            Open,               InReview,             Do<begin> >,
    Row< Scheduled,            OpenForCause,       InReview,             Do<open_for_cause> >,
    Row< Scheduled,            ChooseMode,         Scheduled,            Do<choose_mode>,         If<mode_on_offer> >,
    Row< Scheduled,            ChooseQuestions,    Scheduled,            Do<choose_pack>,         If<choice_fits, nothing_asked_twice> >,
    Row< InReview,             ChooseQuestions,    InReview,             Do<choose_pack, send_anew>, If<not_answered, choice_fits, nothing_asked_twice> >,
    Row< InReview,             RequestInformation, InformationRequested, Do<request_information>, If<items_named, day_to_come> >,
    Row< InReview,             Recommend,          Recommended,          Do<recommend>,           If<findings_given, checklist_complete> >,
    Row< InformationRequested, Remind,             InformationRequested, Do<remind> >,
    Row< InformationRequested, MissDueDate,        InformationRequested, Do<miss_due_date> >,
    Row< InformationRequested, Escalate,           InformationRequested, Do<escalate> >,
    Row< InformationRequested, ExtendInformation,  InformationRequested, Do<extend_information>,  If<some_days> >,
    Row< InformationRequested, ProvideInformation, InReview,             Do<provide_information>, If<every_item_answered, files_named, signed_by_the_officer> >,
    Row< InformationRequested, ResumeReview,       InReview,             Do<resume_review> >,
    Row< Recommended,          SendBack,           InReview,             Do<send_back>,           If<reasons_given> >,
    Row< Recommended,          Decide,             Continued,            Do<continue_membership>, If<decider_is_not_recommender, reasons_given, decision_fits, continues> >,
    Row< Recommended,          Decide,             PlanMonitoring,       Do<continue_on_a_plan>,  If<decider_is_not_recommender, reasons_given, decision_fits, on_a_plan> >,
    Row< Recommended,          Decide,             SuspensionProposed,   Do<propose_suspension>,  If<decider_is_not_recommender, reasons_given, decision_fits, suspends> >,
    Row< Recommended,          Decide,             RemovalProposed,      Do<propose_removal>,     If<decider_is_not_recommender, reasons_given, decision_fits, removes> >,
    Row< PlanMonitoring,       RecordAction,       PlanMonitoring,       Do<record_action>,       If<action_open> >,
    Row< PlanMonitoring,       MissAction,         PlanMonitoring,       Do<miss_action> >,
    Row< PlanMonitoring,       CompletePlan,       Continued,            Do<complete_plan>,       If<every_action_shown> >,
    Row< PlanMonitoring,       FailPlan,           SuspensionProposed,   Do<fail_to_suspension>,  If<reasons_given, failure_fits, suspends> >,
    Row< PlanMonitoring,       FailPlan,           RemovalProposed,      Do<fail_to_removal>,     If<reasons_given, failure_fits, removes> > >,
    WhilePreparing<InReview>, WhilePreparing<InformationRequested>,
    FromMembership<Scheduled, InReview, InformationRequested, Recommended, PlanMonitoring>>;
};
// clang-format on

}  // namespace
}  // namespace continuation_case

Workflow continuation() { return make_workflow<continuation_case::Definition>("continuation", "Continuation review"); }

}  // namespace tradecase
