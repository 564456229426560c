#include "workflows/application/effects.hpp"

#include "workflows/annual_notification/dates.hpp"
#include "workflows/importer_number.hpp"
#include "workflows/named_person.hpp"
#include "workflows/requests.hpp"

namespace tradecase::application_case {
namespace {

using requests::texts;

std::int64_t days_silent(const Application& application, const Context& context) {
  return (context.today - application.silent_since.value_or(context.today)).count();
}

json::value signed_content(const Draft& draft) { return described::to_json(draft); }

json::array numbers_shown(const Draft& draft) {
  json::array shown;
  for (const std::string& number : draft.ior_numbers) shown.emplace_back(importer_number_shown(number));
  return shown;
}

SendLetter approval_letter(const Draft& draft, const Context& context) {
  const Derivation window = anl::window_opens(context.today, 1, context.calendar, context.rules);
  const Derivation due = anl::due(context.today, 1, context.calendar, context.rules);
  return {"application_approval",
          {{"acceptance_date", spoken(context.today)},
           {"ior_numbers", numbers_shown(draft)},
           {"first_window_on", spoken(window.due_on)},
           {"first_due_on", spoken(due.due_on)},
           {"first_due_why", texts(due.steps)}}};
}

SendLetter memorandum(const Application& application, const Context& context) {
  return {"mou",
          {{"acceptance_date", spoken(context.today)},
           {"ior_numbers", numbers_shown(application.draft)},
           {"officer_name", application.signature.value().name},
           {"mou_version", application.draft.mou_version}}};
}

}  // namespace

Effects open_application(Application& application, const Context& context) { return company_acted(application, context); }

Effects keep_answers(Application& application, const AnswerEligibility& said, const Context& context) {
  const int version = context.forms.latest("eligibility", context.today).version;
  application.eligibility.push_back({version, said.answers, eligibility_no_texts(said, context), context.today, context.actor.id});
  return {};
}

Effects begin_draft(Application& application, const Context& context) {
  application.draft.questionnaire_version = context.forms.latest("questionnaire", context.today).version;
  application.draft.mou_version = context.forms.latest("mou", context.today).version;
  return {};
}

// Days of silence are counted from the company's last act; a second act on one day moves nothing.
Effects company_acted(Application& application, const Context& context) {
  if (application.silent_since == context.today) return {};
  application.silent_since = context.today;
  const Derivation lapses = derive({.name = "application.lapse",
                                    .anchor_name = "day from which silence is counted",
                                    .anchor = context.today,
                                    .days = context.rules.number("application.lapse_days"),
                                    .rolls = Rolls::to_business_day},
                                   context.calendar);
  Effects effects{SetDeadline{"lapse", lapses}, StopTimers{"reminder:"},
                  StartTimer{"lapse", context.calendar.end_of(lapses.due_on), "lapse"}};
  for (const int days : context.rules.numbers("application.reminder_days"))
    effects.push_back(
        StartTimer{"reminder:" + std::to_string(days), context.calendar.start_of(context.today + std::chrono::days{days}), "remind"});
  return effects;
}

Effects end_silence(Application& application, const Context&) {
  application.silent_since.reset();
  return {EndDeadlines{"lapse"}, StopTimers{"lapse"}, StopTimers{"reminder:"}};
}

Effects save(Application& application, const Save& said, const Context& context) {
  keep(application.draft, said);
  return company_acted(application, context);
}

Effects carry_over_forms(Application& application, const Context& context) {
  carry_over_forms_of(application.draft, context);
  return company_acted(application, context);
}

Effects sign(Application& application, const Submit&, const Context& context) {
  application.signature = signed_by(context, signed_content(application.draft), application.draft.mou_version);
  return {SendLetter{"application_receipt", {{"submitted_on", spoken(context.today)}}}};
}

Effects assign(Application& application, const Assign& said, const Context& context) {
  application.nam = named_person(context, said.nam).person.id;
  application.team.clear();
  for (const PersonRef& member : said.team) application.team.push_back(named_person(context, member).person.id);
  return {UpdateCompany{.nam = application.nam}};
}

Effects ask_for_information(Application& application, const RequestInformation& said, const Context& context) {
  application.requests.push_back({said.items, {}, {}, context.actor.id, context.today, std::nullopt});
  const DateRule rule{.name = "application.information_due",
                      .anchor_name = said.due_on ? "day named by the reviewer" : "day on which the information was asked for",
                      .anchor = said.due_on.value_or(context.today),
                      .days = said.due_on ? 0 : context.rules.number("application.information_days"),
                      .rolls = Rolls::to_business_day};
  const Derivation due = derive(rule, context.calendar);
  return {SetDeadline{"information_due", due}, StartTimer{"information_due", context.calendar.end_of(due.due_on), "miss_information_due"},
          SendLetter{"application_information_request", {{"items", texts(said.items)}}, "information_due"}};
}

Effects take_information(Application& application, const ProvideInformation& said, const Context& context) {
  InformationRequest& request = application.requests.back();
  request.answers = said.answers;
  request.files = said.files.value_or(std::vector<std::string>{});
  request.signature = signed_by(context, requests::signed_answers(said.answers, request.files), application.draft.mou_version);
  return {EndDeadlines{"information_due"}, StopTimers{"information_due"}, CloseTask{"information_overdue"}};
}

Effects information_overdue(Application&, const Context&) {
  return {OpenTask{"information_overdue", Role::nam, "The information asked for has not come: call the applicant"},
          SendLetter{"request_overdue", {{"what", "information for your application"}}, "information_due"}};
}

Effects invite_to_meeting(Application& application, const ScheduleMeeting& said, const Context&) {
  application.checklist = said.checklist;
  application.meeting = {said.meeting_on, said.place, {}, {}};
  return {SendLetter{"application_meeting_notice", {{"meeting_on", spoken(said.meeting_on)}, {"meeting_place", said.place}}}};
}

Effects record_meeting(Application& application, const RecordMeeting& said, const Context&) {
  application.meeting.attendance = said.attendance;
  application.meeting.risks_discussed = said.risks_discussed;
  return {};
}

Effects recommend(Application& application, const Recommend& said, const Context& context) {
  application.recommendation = Recommendation{said.recommendation, said.findings, context.actor.id, context.actor.on_behalf_of};
  return {};
}

// The acceptance date, anchor of every yearly date, is the Eastern calendar day of the approval (domain.md §4.3).
std::vector<CompanyContact> contacts_of(const Draft& draft) {
  std::vector<CompanyContact> all;
  for (const Contact& contact : draft.contacts)
    all.push_back({contact.name, contact.email, contact.title.value_or(""), contact.phone.value_or(""), contact.notices});
  return all;
}

Effects approve(Application& application, const Context& context) {
  constexpr const char* program = "CTPAT-TC";
  application.decided_by = context.actor.id;
  return {UpdateCompany{.program = program,
                        .acceptance_date = context.today,
                        .nam = application.nam,
                        .ior_numbers = application.draft.ior_numbers,
                        .contacts = contacts_of(application.draft)},
          RecordFacts{facts_of(application, context)},
          OpenCase{"membership", "admit", {{"acceptance_date", to_text(context.today)}, {"program", program}, {"settled_cycle", 0}}},
          approval_letter(application.draft, context), memorandum(application, context)};
}

Effects deny(Application& application, const Deny& said, const Context& context) {
  application.decided_by = context.actor.id;
  application.reasons = said.reasons;
  return {SendLetter{"application_denial", {{"reasons", texts(said.reasons)}, {"reapply_note", said.reapply_note.value_or("")}}}};
}

Effects send_back(Application& application, const SendBack& said, const Context&) {
  application.reasons = said.reasons;
  application.recommendation.reset();
  return {};
}

Effects confirm_withdrawal(Application&, const Context&) { return {SendLetter{"application_withdrawn"}}; }

Effects remind(Application& application, const Context& context) {
  return {SendLetter{"application_draft_reminder", {{"days_silent", days_silent(application, context)}}, "lapse"}};
}

Effects lapse(Application& application, const Context& context) {
  return {SendLetter{"application_lapsed", {{"days_silent", days_silent(application, context)}}}};
}

}  // namespace tradecase::application_case
