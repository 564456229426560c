// What proposals, suspension, removal, appeal and reinstatement do: functions named in the table of membership.cpp.
#pragma once

#include "workflows/membership/commands.hpp"

namespace tradecase::membership_case {

// ---- proposals ---------------------------------------------------------------------------------------------------------
Effects propose_suspension(Membership& member, const ProposeSuspension& said, const Context& context);
Effects propose_removal(Membership& member, const ProposeRemoval& said, const Context& context);
Effects propose_for_security(Membership& member, const SecurityStatusChanged& said, const Context& context);
Effects note_suspension_proposal(Membership& member, const ProposeSuspension& said, const Context& context);
Effects note_removal_proposal(Membership& member, const ProposeRemoval& said, const Context& context);
Effects keep_security_status(Membership& member, const SecurityStatusChanged& said,
                             const Context& context);  // and notes what it would propose
Effects keep_response(Membership& member, const Respond& said, const Context& context);
Effects drop_proposal(Membership& member, const DropProposal& said, const Context& context);

// ---- in force ----------------------------------------------------------------------------------------------------------
Effects suspend(Membership& member, const Context& context);
Effects remove(Membership& member, const Context& context);
Effects remove_at_once(Membership& member, const RemoveAtOnce& said, const Context& context);
Effects pause_suspension(Membership& member, const Context& context);   // removal is proposed: appeal period and plan wait
Effects resume_suspension(Membership& member, const Context& context);  // it is not: an appeal period that had not ended begins anew
Effects ask_for_plan(Membership& member, const Context& context);       // unless one is being read
Effects end_appeal_period(Membership& member, const Context& context);
Effects plan_overdue(Membership& member, const Context& context);

// ---- appeal and reinstatement --------------------------------------------------------------------------------------------
Effects file_appeal(Membership& member, const FileAppeal& said, const Context& context);
Effects appeal_overdue(Membership& member, const Context& context);
Effects decide_appeal(Membership& member, const DecideAppeal& said, const Context& context);
Effects suspend_instead(Membership& member, const Context& context);  // of a removal; nothing where it was a suspension already
Effects lift(Membership& member, const DecideAppeal& said, const Context& context);
Effects keep_plan(Membership& member, const SubmitActionPlan& said, const Context& context);
Effects reinstate(Membership& member, const Reinstate& said, const Context& context);
Effects refuse_plan(Membership& member, const RefusePlan& said, const Context& context);

// ---- at any time -------------------------------------------------------------------------------------------------------
Effects keep_breach(Membership& member, const ReportBreach& said, const Context& context);
Effects acknowledge(Membership& member, const Acknowledge& said, const Context& context);
Effects invite_disclosure(Membership& member, const InviteDisclosure& said, const Context& context);
Effects assign_nam(Membership& member, const AssignNam& said, const Context& context);
Effects confirm_withdrawal(Membership& member, const Context& context);

// "" where tier and status keep a membership (rule membership.security_tiers), otherwise why they do not.
std::string security_loss(const SecurityStatusChanged& said, const Context& context);

}  // namespace tradecase::membership_case
