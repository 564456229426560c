// Every rule that workflows/rules.toml must hold, with its type and its sane range. A new rule is a line here and a table there.
#pragma once

#include <array>
#include <string_view>

namespace tradecase::rules_file {

enum class Type { number, numbers, text, names, texts };  // names: texts of lower-case letters, digits and underscores, used as field names

struct Expected {
  std::string_view key;
  Type type;
  int low, high;  // of each number; of a text's characters; of a list of texts' entries
};

// clang-format off
inline constexpr std::array expected_rules{
    Expected{"programme.name",                            Type::text,    1, 200},
    Expected{"programme.agency",                          Type::text,    1, 200},
    Expected{"programme.office",                          Type::text,    1, 200},
    Expected{"programme.office_address",                  Type::text,    1, 300},
    Expected{"programme.office_email",                    Type::text,    3, 254},
    Expected{"programme.office_phone",                    Type::text,    3, 40},
    Expected{"programme.omb_control_number",              Type::text,    1, 40},
    Expected{"programme.omb_expiry",                      Type::text,    1, 200},
    Expected{"programme.burden_note",                     Type::text,    1, 4000},
    Expected{"programme.privacy_notice",                  Type::text,    1, 4000},
    Expected{"programme.trade_secrets_notice",            Type::text,    1, 4000},
    Expected{"anl.cycle_months",                          Type::number,  1, 120},
    Expected{"anl.prepare_months",                        Type::number,  0, 60},
    Expected{"anl.reminder_days",                         Type::numbers, -366, 0},
    Expected{"anl.coming_up_day",                         Type::number,  -366, 0},
    Expected{"anl.overdue_notice_day",                    Type::number,  1, 366},
    Expected{"anl.second_notice_day",                     Type::number,  1, 366},
    Expected{"anl.formal_notice_day",                     Type::number,  1, 366},
    Expected{"anl.suspension_proposal_day",               Type::number,  1, 366},
    Expected{"anl.return_days",                           Type::number,  1, 366},
    Expected{"anl.extension_sizes",                       Type::numbers, 1, 366},
    Expected{"anl.extension_supervisor_from",             Type::number,  1, 366},
    Expected{"anl.countersign_risk",                      Type::text,    1, 40},
    Expected{"anl.countersign_factors_at_least",          Type::number,  1, 50},
    Expected{"anl.review_checklist",                      Type::names,   1, 50},
    Expected{"risk.factors",                              Type::names,   1, 50},
    Expected{"risk.levels",                               Type::names,   2, 10},
    Expected{"application.reminder_days",                 Type::numbers, 1, 3660},
    Expected{"application.lapse_days",                    Type::number,  1, 3660},
    Expected{"application.information_days",              Type::number,  1, 366},
    Expected{"application.minimum_years",                 Type::number,  0, 50},
    Expected{"application.security_tiers",                Type::texts,   1, 3},
    Expected{"application.review_checklist",              Type::names,   1, 50},
    Expected{"membership.security_tiers",                 Type::texts,   1, 3},
    Expected{"membership.suspension_response_days",       Type::number,  1, 366},
    Expected{"membership.appeal_days",                    Type::number,  1, 366},
    Expected{"membership.appeal_days_false_information",  Type::number,  1, 366},
    Expected{"membership.appeal_decision_days",           Type::number,  1, 3660},
    Expected{"membership.reason_codes",                   Type::names,   1, 50},
    Expected{"membership.aggravated_codes",               Type::names,   0, 50},
    Expected{"membership.reinstatement_plan_days",        Type::number,  1, 366},
    Expected{"continuation.interval_months",              Type::number,  1, 240},
    Expected{"continuation.pack_days",                    Type::number,  1, 366},
    Expected{"continuation.information_days",             Type::number,  1, 366},
    Expected{"continuation.modes",                        Type::names,   1, 20},
    Expected{"continuation.plan_days",                    Type::number,  1, 3660},
    Expected{"continuation.pack_checklist",               Type::texts,   1, 50},
    Expected{"continuation.pack_evidence",                Type::texts,   1, 50},
    Expected{"continuation.pack_sample_entries",          Type::number,  0, 1000},
    Expected{"continuation.review_checklist",             Type::names,   1, 50},
    Expected{"request.reminder_days",                     Type::numbers, -366, -1},
    Expected{"request.escalation_days",                   Type::number,  1, 366},
    Expected{"survey.answer_days",                        Type::number,  1, 366},
    Expected{"survey.documents_days",                     Type::number,  1, 366},
    Expected{"survey.extension_sizes",                    Type::numbers, 1, 366},
    Expected{"survey.extension_supervisor_from",          Type::number,  1, 366},
    Expected{"audit.questionnaire_days",                  Type::number,  1, 366},
    Expected{"audit.documents_days",                      Type::number,  1, 366},
    Expected{"audit.closing_petition_days",               Type::number,  1, 366},
    Expected{"audit.report_days",                         Type::number,  1, 366},
    Expected{"audit.report_copy_days",                    Type::number,  1, 366},
    Expected{"audit.plan_days",                           Type::number,  1, 366},
    Expected{"audit.extension_sizes",                     Type::numbers, 1, 366},
    Expected{"audit.extension_compliance_from",           Type::number,  1, 366},
    Expected{"audit.kinds",                               Type::names,   1, 20},
    Expected{"audit.risk_areas",                          Type::names,   1, 50},
    Expected{"letters.approved_first",                    Type::names,   0, 20},
    Expected{"retention.years",                           Type::number,  1, 100},
    Expected{"delivery.retry_minutes",                    Type::numbers, 1, 43200},
    Expected{"delivery.attempts_max",                     Type::number,  1, 100},
    Expected{"calendar.zone",                             Type::text,    1, 100},
};
// clang-format on

}  // namespace tradecase::rules_file
