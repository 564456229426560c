// An audit up to its closing conference: referral, notice, entrance conference, sampling plan, records, delays, petition.
#include <algorithm>

#include "workflows/audit/actions.hpp"

namespace tradecase::audit_case {

using namespace requests;

Effects agency_clock(const DateRule& rule, std::string_view when_missed, const Context& c) {
  Derivation derivation = derive(rule, c.calendar);
  const Date due_on = derivation.due_on;
  return {SetDeadline{std::string(rule.name), std::move(derivation)},
          StartTimer{std::string(rule.name), c.calendar.end_of(due_on), std::string(when_missed)}};
}
Effects clock_met(const std::string& name) { return {EndDeadlines{name}, StopTimers{name}}; }

Effects task_of_request(const Audit& a) {
  if (a.request->deadline == "questionnaire_due")
    return {OpenTask{"answer_questionnaire", Role::officer, "Answer the questionnaire of the audit", a.request->due_on}};
  if (a.request->deadline == "documents_due")
    return {OpenTask{"deliver_records", Role::officer, "Deliver the records asked for", a.request->due_on}};
  return {};
}

static Effects end_date(Audit& a, Date ends_on, std::string_view anchor_name, const Context& c) {
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

Effects start_fieldwork(Audit&, const Context&) { return {CloseTask{"read_questionnaire"}}; }

Effects send_sampling_plan(Audit& a, const SendSamplingPlan& said, const Context& c) {
  const int number = a.sampling ? a.sampling->number + 1 : 1;
  a.sampling = SamplingPlan{number, said.method, said.sample_size, said.population, said.seed_note, said.waiver, c.today, std::nullopt, ""};
  Effects effects = drop_letter(a.letters, "audit_sampling_plan");
  effects += Effects{CloseTask{"sampling_refused"},
                     OpenTask{"accept_sampling_plan", Role::officer, "Accept the sampling plan in writing, or say what should change"},
                     SendLetter{"audit_sampling_plan",
                                fields_or_approved(said.approved, {{"method", said.method},
                                                                   {"sample_size", said.sample_size},
                                                                   {"population", said.population},
                                                                   {"seed_note", said.seed_note},
                                                                   {"waiver", said.waiver}}),
                                "",
                                {Audience::company}}};
  return effects;
}

static json::value signed_plan(const SamplingPlan& plan) {
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

static Effects ask_for_records(Audit& a, std::optional<Date> named_on, const std::vector<Item>& asked, const Context& c,
                               const std::optional<std::string>& approved = {}) {
  Effects effects =
      ask(a.request,
          {.deadline = "documents_due", .rule = "audit.documents_days", .what = "the records of the audit", .named_on = named_on}, c);
  effects += task_of_request(a);
  effects.push_back(SendLetter{"audit_request",
                               fields_or_approved(approved, {{"scope", a.scope}, {"items", items_for_letter(asked)}}),
                               "documents_due",
                               {Audience::company}});
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
  Effects effects = drop_letter(a.letters, "audit_request");
  effects += ask_for_records(a, said.due_on, asked, c, said.approved);
  return effects;
}

Effects fix_letter(Audit& a, const FixLetter& said, const Context& c) { return fix(a.letters, letter_of(said), c); }
Effects approve_letter(Audit& a, const ApproveLetter& said, const Context& c) { return approve(a.letters, said.hash, c); }
Effects take_back_letter(Audit& a, const TakeBackLetter& said, const Context&) { return take_back(a.letters, said.hash); }

Effects deliver(Audit& a, const Deliver& said, const Context& c) {
  a.items = after_delivery(a.items, said.items, c.today);
  Effects effects{OpenTask{"review_records", Role::auditor, "Accept or return the records delivered"}};
  if (!all_delivered(a.items)) return effects;
  effects += request_over(a.request);
  effects.push_back(CloseTask{"deliver_records"});
  return effects;
}

Effects review_records(Audit& a, const ReviewRecords& said, const Context& c) {
  const std::vector<Item> returned = review_items(a.items, said.items);
  Effects effects;
  if (all_read(a.items)) effects.push_back(CloseTask{"review_records"});
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

Effects fieldwork_over(Audit& a) {
  Effects effects = request_over(a.request);
  effects += drop_letters(a.letters);
  for (const char* name : {"audit_end", "closing_due"}) effects += clock_met(name);
  for (const char* kind : {"deliver_records", "review_records", "accept_sampling_plan", "sampling_refused", "end_date_passed",
                           "closing_petitioned", "closing_missed"})
    effects.push_back(CloseTask{kind});
  return effects;
}

}  // namespace tradecase::audit_case
