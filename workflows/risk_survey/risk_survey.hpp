// The risk analysis and survey assessment (RASA): an event-driven engagement that ends in a letter or in a referral to an audit
// (domain.md §4.4). Start in risk_survey.cpp: states, guards, effects and the transition table. questions.* is what is asked (with
// workflows/questionnaire.*, what is on file already); commands.hpp is what people and the clock may say.
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

namespace survey {

inline constexpr std::string_view procedural_form = "rasa_procedural", transactional_form = "rasa_transactional";

enum class Basis { risk, allegation, topic };  // what starts a survey [C]
BOOST_DESCRIBE_ENUM(Basis, risk, allegation, topic)

enum class Part { procedural, transactional };
BOOST_DESCRIBE_ENUM(Part, procedural, transactional)

struct Outcome {
  std::string outcome;  // a sentence
  std::vector<std::string> findings;
  std::vector<std::string> next_steps;
  std::string drafted_by;  // person id
  TRADECASE_FIELDS(Outcome, outcome, findings, next_steps, drafted_by)
};

struct DisclosureInvited {
  std::vector<std::string> reasons;
  std::string by;  // person id
  Date on{};
  TRADECASE_FIELDS(DisclosureInvited, reasons, by, on)
};

struct Survey {
  Basis basis = Basis::risk;
  std::vector<std::string> reasons;
  std::vector<std::string> topics;
  std::string proposed_by, approved_by;  // person ids
  std::vector<Part> parts;
  int procedural_version = 0, transactional_version = 0;  // of the forms, pinned when the survey is built
  questionnaire::Questions questions;                     // of the procedural form
  questionnaire::Counts counts;
  std::optional<requests::Request> request;  // answer_due, documents_due
  std::optional<Date> issued_on;
  std::optional<Signature> signature;
  std::vector<requests::EntryLine> entries;
  std::string method, seed_note;  // how the entries were selected
  std::vector<requests::Item> items;
  std::vector<std::string> findings;
  std::optional<Outcome> draft;
  std::string sent_by, sent_back_because;
  std::vector<DisclosureInvited> disclosures;
  std::string closed_because;
  requests::FixedLetters letters;  // that wait to be approved or sent
  TRADECASE_FIELDS(Survey, basis, reasons, topics, proposed_by, approved_by, parts, procedural_version, transactional_version, questions,
                   counts, request, issued_on, signature, entries, method, seed_note, items, findings, draft, sent_by, sent_back_because,
                   disclosures, closed_because, letters)

  bool has(Part part) const;
};

}  // namespace survey

Workflow risk_survey();

}  // namespace tradecase
