// What happens in an audit, row by row: the effect functions that the table in audit.cpp names. Included by workflows/audit/*.cpp only.
#pragma once

#include "workflows/audit/commands.hpp"

namespace tradecase::audit_case {

// ---- clocks of the agency: calendar days that do not move [C] ------------------------------------------------------------

// The deadline, and the timer of its name that sends `when_missed` when its day has passed.
Effects agency_clock(const DateRule& rule, std::string_view when_missed, const Context& c);
Effects clock_met(const std::string& name);

// The company's task for what is asked of it, with the day in force; none where the state itself is the task (fieldwork.cpp).
Effects task_of_request(const Audit& a);

// ---- referral, notice, entrance conference, fieldwork (fieldwork.cpp) -----------------------------------------------------

Effects open_referral(Audit& a, const OpenReferral& said, const Context&);
Effects edit_referral(Audit& a, const EditReferral& said, const Context&);
Effects drop_referral(Audit& a, const DropReferral& said, const Context&);
Effects refer(Audit& a, const Refer& said, const Context& c);
Effects accept(Audit& a, const Context& c);
Effects decline(Audit& a, const Decline& said, const Context&);
Effects give_notice(Audit& a, const GiveNotice& said, const Context& c);
Effects schedule_entrance(Audit& a, const ScheduleEntrance& said, const Context& c);
Effects miss_entrance(Audit& a, const Context&);
Effects hold_entrance(Audit& a, const HoldEntrance& said, const Context& c);
Effects start_fieldwork(Audit&, const Context&);
Effects send_sampling_plan(Audit& a, const SendSamplingPlan& said, const Context& c);
Effects accept_sampling_plan(Audit& a, const AcceptSamplingPlan&, const Context& c);
Effects refuse_sampling_plan(Audit& a, const RefuseSamplingPlan& said, const Context&);
Effects request_records(Audit& a, const RequestRecords& said, const Context& c);
Effects fix_letter(Audit& a, const requests::FixLetter& said, const Context& c);
Effects approve_letter(Audit& a, const requests::ApproveLetter& said, const Context& c);
Effects take_back_letter(Audit& a, const requests::TakeBackLetter& said, const Context&);
Effects deliver(Audit& a, const Deliver& said, const Context& c);
Effects review_records(Audit& a, const ReviewRecords& said, const Context& c);
Effects record_delay(Audit& a, const RecordDelay& said, const Context& c);
Effects miss_end_date(Audit& a, const Context&);
Effects petition_closing(Audit& a, const Context& c);
Effects miss_closing(Audit&, const Context&);
Effects schedule_closing(Audit& a, const ScheduleClosing& said, const Context&);
Effects fieldwork_over(Audit& a);  // what was asked and awaited in it ends

// ---- questionnaire (controls.cpp) -------------------------------------------------------------------------------------------

Effects build_questions(Audit& a, const BuildQuestions& said, const Context& c);
Effects send_questions(Audit& a, const SendQuestions& said, const Context& c);
Effects save_answers(Audit& a, const SaveAnswers& said, const Context& c);
Effects answer_questions(Audit& a, const AnswerQuestions& said, const Context& c);
Effects take_back_questions(Audit& a, const TakeBackQuestions& said, const Context&);

// ---- closing conference, report, improvement plan (report.cpp) -------------------------------------------------------------

Effects hold_closing(Audit& a, const HoldClosing& said, const Context& c);
Effects extend_report(Audit& a, const ExtendReport& said, const Context& c);
Effects miss_report(Audit& a, const Context&);
Effects issue_report(Audit& a, const IssueReport& said, const Context& c);
Effects miss_copy(Audit&, const Context&);
Effects send_copy(Audit& a, const Context& c);
Effects close_without_findings(Audit& a, const Context&);
Effects require_plan(Audit& a, const Context& c);
Effects save_plan(Audit& a, const SavePlan& said, const Context&);
Effects submit_plan(Audit& a, const SubmitPlan& said, const Context& c);
Effects send_back_plan(Audit& a, const SendBackPlan& said, const Context& c);
Effects accept_plan(Audit& a, const Context& c);
Effects report_action(Audit& a, const ReportAction& said, const Context& c);
Effects miss_action(Audit& a, const MissAction& said, const Context&);
Effects verify_plan(Audit& a, const VerifyPlan& said, const Context& c);
Effects plan_carried_out(Audit&, const Context&);
Effects close(Audit& a, const Close& said, const Context&);

// ---- at any time (report.cpp) ------------------------------------------------------------------------------------------------

Effects cancel_untold(Audit& a, const Cancel& said, const Context&);
Effects cancel(Audit& a, const Cancel& said, const Context&);
Effects remind(Audit& a, const Context&);
Effects miss_due_date(Audit& a, const Context& c);
Effects escalate(Audit& a, const Context&);
Effects request_extension(Audit& a, const requests::RequestExtension& said, const Context& c);
Effects grant_extension(Audit& a, const GrantExtension& said, const Context& c);
Effects deny_extension(Audit& a, const DenyExtension& said, const Context&);

}  // namespace tradecase::audit_case
