// What an application's transitions do: functions named in the table of application.cpp.
#pragma once

#include "workflows/application/commands.hpp"

namespace tradecase::application_case {

Effects open_application(Application& application, const Context& context);
Effects keep_answers(Application& application, const AnswerEligibility& said, const Context& context);
Effects begin_draft(Application& application, const Context& context);
Effects company_acted(Application& application, const Context& context);  // silence is counted anew
Effects end_silence(Application& application, const Context& context);    // nothing is awaited of the company
Effects save(Application& application, const Save& said, const Context& context);
Effects carry_over_forms(Application& application, const Context& context);
Effects sign(Application& application, const Submit& said, const Context& context);
Effects assign(Application& application, const Assign& said, const Context& context);
Effects ask_for_information(Application& application, const RequestInformation& said, const Context& context);
Effects take_information(Application& application, const ProvideInformation& said, const Context& context);
Effects information_overdue(Application& application, const Context& context);
Effects invite_to_meeting(Application& application, const ScheduleMeeting& said, const Context& context);
Effects record_meeting(Application& application, const RecordMeeting& said, const Context& context);
Effects recommend(Application& application, const Recommend& said, const Context& context);
Effects approve(Application& application, const Context& context);
Effects deny(Application& application, const Deny& said, const Context& context);
Effects send_back(Application& application, const SendBack& said, const Context& context);
Effects confirm_withdrawal(Application& application, const Context& context);
Effects remind(Application& application, const Context& context);
Effects lapse(Application& application, const Context& context);

}  // namespace tradecase::application_case
