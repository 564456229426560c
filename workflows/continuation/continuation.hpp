// A continuation review: every so many months from the acceptance date, or on cause (domain.md §4.6). Start in continuation.cpp: states,
// guards, effects and the transition table. pack.* is the preparation pack; commands.hpp is what people and the clock may say.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/described.hpp"
#include "workflows/questionnaire.hpp"
#include "workflows/requests.hpp"
#include "workflows/signature.hpp"

namespace tradecase {

namespace continuation_case {

inline constexpr std::string_view pack_form = "continuation_pack";

enum class Decided { continued, plan, suspension, removal };
BOOST_DESCRIBE_ENUM(Decided, continued, plan, suspension, removal)

struct OnFile {  // what is before the reviewer already and is not asked again
  std::string key;
  Date as_of{};
  std::string source;
  TRADECASE_FIELDS(OnFile, key, as_of, source)
};

struct Pack {
  int form_version = 0;
  questionnaire::Questions questions;  // chosen, or all once it is sent; empty in a pack sent before questions could be chosen: all
  questionnaire::Counts counts;
  std::string chosen_by;  // person id; empty where nobody chose
  json::object answers;   // of the form: {section: {question: value}}
  std::optional<Date> sent_on, answered_on;
  std::optional<Signature> signature;
  TRADECASE_FIELDS(Pack, form_version, questions, counts, chosen_by, answers, sent_on, answered_on, signature)
};

struct Information {
  std::vector<std::string> items;
  std::vector<std::string> answers;  // one an item, in the same order
  std::vector<std::string> files;    // sent with the answers, by hash
  std::string asked_by;              // person id
  Date asked_on{};
  std::optional<Signature> signature;
  std::string gone_on_without;  // why the review went on without the answers
  TRADECASE_FIELDS(Information, items, answers, files, asked_by, asked_on, signature, gone_on_without)
};

struct CheckedItem {  // confirmed, or skipped for a reason
  bool confirmed = false;
  std::optional<std::string> reason;
  TRADECASE_FIELDS(CheckedItem, confirmed, reason)
};
using Checklist = std::map<std::string, CheckedItem, std::less<>>;

struct Recommendation {
  Decided recommendation = Decided::continued;
  std::vector<std::string> findings;
  Checklist checklist;
  std::string by;            // person id
  std::string on_behalf_of;  // whose delegate recommended
  TRADECASE_FIELDS(Recommendation, recommendation, findings, checklist, by, on_behalf_of)
};

struct Decision {
  Decided outcome = Decided::continued;
  std::vector<std::string> reasons;
  std::string reason_code;
  std::string by;  // person id
  Date on{};
  TRADECASE_FIELDS(Decision, outcome, reasons, reason_code, by, on)
};

struct PlanAction {
  int number = 0;
  std::string action;
  Date due_on{};
  std::string evidence;
  std::optional<Date> done_on;
  TRADECASE_FIELDS(PlanAction, number, action, due_on, evidence, done_on)
};

struct Continuation {
  std::optional<Date> acceptance_date;
  int number = 0;  // 0 where it was opened for cause and none was scheduled
  std::string cause;
  std::optional<Date> review_opens_on, opened_on;
  std::string mode;  // rule continuation.modes; empty until chosen
  std::vector<OnFile> on_file;
  std::optional<Date> preparation_due_on;
  Pack pack;
  std::optional<requests::Request> request;  // information_due
  std::vector<Information> information;      // each time of asking
  std::optional<Recommendation> recommendation;
  std::vector<std::string> sent_back_because;
  std::optional<Decision> decision;
  std::vector<PlanAction> plan;
  std::string closed_because;
  TRADECASE_FIELDS(Continuation, acceptance_date, number, cause, review_opens_on, opened_on, mode, on_file, preparation_due_on, pack,
                   request, information, recommendation, sent_back_because, decision, plan, closed_because)
};

}  // namespace continuation_case

Workflow continuation();

}  // namespace tradecase
