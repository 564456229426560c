// An audit, from the referral to the last verified corrective action (domain.md §4.5; clocks of 19 CFR 163.11). Start in audit.cpp: states,
// guards and the transition table. controls.cpp (the questionnaire), fieldwork.cpp and report.cpp are what happens in its rows, plan.cpp is
// the compliance improvement plan, commands.hpp is what people and the clock may say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/described.hpp"
#include "workflows/fixed_letters.hpp"
#include "workflows/questionnaire.hpp"
#include "workflows/requests.hpp"
#include "workflows/signature.hpp"

namespace tradecase {

namespace audit_case {

inline constexpr std::string_view plan_form = "improvement_plan", questionnaire_form = "audit_questionnaire";

struct Entrance {  // what the company is told before the entrance conference [C]
  Date entrance_on{};
  std::string place;
  std::vector<std::string> records;
  std::string sampling_plan, offsetting;
  Date told_on{};
  TRADECASE_FIELDS(Entrance, entrance_on, place, records, sampling_plan, offsetting, told_on)
};

struct Delay {
  std::vector<std::string> reasons;
  Date new_end_on{};
  Date told_on{};
  TRADECASE_FIELDS(Delay, reasons, new_end_on, told_on)
};

struct Controls {  // the questionnaire on internal controls, before the fieldwork
  int form_version = 0;
  questionnaire::Questions questions;
  questionnaire::Counts counts;
  std::optional<Date> sent_on, answered_on;
  std::optional<Signature> signature;
  std::vector<std::string> withdrawn_because;  // each time it was taken back unanswered
  TRADECASE_FIELDS(Controls, form_version, questions, counts, sent_on, answered_on, signature, withdrawn_because)

  bool out() const { return sent_on && !answered_on; }  // the company is to answer it
};

struct SamplingPlan {  // needs the company's written acceptance [C: 76 FR 65953]
  int number = 0;
  std::string method;
  int sample_size = 0;
  std::string population, seed_note, waiver;
  Date sent_on{};
  std::optional<Signature> acceptance;
  std::string refused_because;
  TRADECASE_FIELDS(SamplingPlan, number, method, sample_size, population, seed_note, waiver, sent_on, acceptance, refused_because)
};

struct Finding {
  int number = 0;  // as in the report
  std::string area;
  std::string text;
  TRADECASE_FIELDS(Finding, number, area, text)
};

struct PlanAction {  // answers one finding
  int number = 0;
  json::object answers;  // of the form's section "action"
  int finding = 0;
  std::string action, owner;
  Date due_on{};
  std::string reported;            // the company's evidence
  std::vector<std::string> files;  // shown with it, by hash
  std::optional<Date> reported_on;
  std::string verified_with;  // the auditor's
  std::string verified_by;    // person id
  std::optional<Date> verified_on;
  TRADECASE_FIELDS(PlanAction, number, answers, finding, action, owner, due_on, reported, files, reported_on, verified_with, verified_by,
                   verified_on)
};

struct Plan {  // compliance improvement plan (CIP)
  int form_version = 0;
  json::object answers;  // of the form's section "plan"
  std::vector<PlanAction> actions;
  std::optional<Signature> signature;
  std::vector<std::string> returned_because;
  TRADECASE_FIELDS(Plan, form_version, answers, actions, signature, returned_because)
};

struct Audit {
  std::string kind;  // rule audit.kinds
  std::vector<std::string> risk_areas, reasons;
  std::string survey_case;               // which survey referred it
  std::string override_reason;           // why an active member is put to a focused assessment
  std::string referred_by, accepted_by;  // person ids
  std::vector<std::string> decline_reasons;
  std::optional<Date> phoned_on, noticed_on;
  std::vector<std::string> objectives;
  std::string estimate;
  std::optional<Entrance> entrance;
  std::optional<Date> entrance_held_on;
  std::vector<std::string> entrance_attendance;
  std::optional<Controls> questionnaire;
  std::optional<Date> ends_on;  // as last told to the company
  bool end_missed = false;
  std::vector<Delay> delays;
  std::optional<SamplingPlan> sampling;
  std::string scope;
  std::vector<requests::Item> items;
  std::optional<requests::Request> request;  // questionnaire_due, documents_due, plan_due
  std::optional<Date> petitioned_on;
  std::optional<Date> closing_on;  // invited for
  std::optional<Date> closing_held_on;
  std::vector<std::string> closing_attendance;
  std::optional<Date> report_due_on;
  std::vector<Finding> findings;
  std::optional<Date> report_issued_on, copy_sent_on;
  Plan plan;
  std::string outcome;
  requests::FixedLetters letters;  // that wait to be approved or sent
  TRADECASE_FIELDS(Audit, kind, risk_areas, reasons, survey_case, override_reason, referred_by, accepted_by, decline_reasons, phoned_on,
                   noticed_on, objectives, estimate, entrance, entrance_held_on, entrance_attendance, questionnaire, ends_on, end_missed,
                   delays, sampling, scope, items, request, petitioned_on, closing_on, closing_held_on, closing_attendance, report_due_on,
                   findings, report_issued_on, copy_sent_on, plan, outcome, letters)
};

}  // namespace audit_case

Workflow audit();

}  // namespace tradecase
