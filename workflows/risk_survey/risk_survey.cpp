#include "workflows/risk_survey/risk_survey.hpp"

#include "workflows/audit/referral.hpp"
#include "workflows/risk_survey/commands.hpp"

namespace tradecase {
namespace survey {
namespace {

using namespace requests;

// ---- states ------------------------------------------------------------------------------------------------------------

struct Proposed : State<"proposed", Work<"approve_survey", Role::compliance, "Approve or decline the proposed survey">> {};
struct Approved : State<"approved", Work<"build_survey", Role::compliance, "Build the survey">> {};
struct SurveyBuilt : State<"survey_built", Work<"issue_survey", Role::compliance, "Check the survey and issue it">> {};
struct Issued : State<"issued", Work<"answer_survey", Role::officer, "Answer the risk survey">> {};
struct Received : State<"received", Work<"read_answers", Role::auditor, "Read the answers; select entries or analyse">> {};
struct EntriesSelected
    : State<"entries_selected", Work<"request_documents", Role::auditor, "Request the documents of the selected entries">> {};
struct DocumentsRequested
    : State<"documents_requested", Work<"deliver_documents", Role::officer, "Deliver the documents of the selected entries">> {};
struct DocumentsReceived : State<"documents_received", Work<"analyse_survey", Role::auditor, "Analyse answers and documents">> {};
struct Analysis : State<"analysis", Work<"draft_outcome", Role::auditor, "Draft the outcome of the survey">> {};
struct Closed : Final<"closed"> {};
struct Declined : Final<"declined"> {};
struct ReferredToAudit : Final<"referred_to_audit"> {};

constexpr char documents_letter[] = "survey_documents_request", outcome_letter[] = "survey_outcome";

// ---- guards ------------------------------------------------------------------------------------------------------------

constexpr Guard topics_given{"at least one topic is needed",
                             [](const Survey&, const Propose& said, const Context&) { return !said.topics.empty(); }};
constexpr Guard approver_is_not_proposer{"the survey is approved by somebody other than who proposed it",
                                         [](const Survey& s, const Context& c) { return !acts_as(c.actor, s.proposed_by); }};
constexpr Guard survey_can_be_built{"the survey must name its parts, topics and questions",
                                    [](const Survey& s, const BuildSurvey& said, const Context& c) { return build_problem(s, said, c); }};
constexpr Guard nothing_asked_twice{"what is on file is not asked again, unless the reason why it is stale is recorded",
                                    [](const Survey&, const BuildSurvey& said, const Context& c) {
                                      const Form& form = c.forms.latest(procedural_form, c.today);
                                      return questionnaire::reask_problem(form, questionnaire::choice_of(said), c);
                                    }};
std::vector<questionnaire::Reply> replies_in(const Answer& said) { return said.answers.value_or(std::vector<questionnaire::Reply>{}); }
constexpr Guard saved_replies_fit{"the saved answers must fit the survey", [](const Survey& s, const SaveAnswers& said, const Context& c) {
                                    return questionnaire::replies_problem(s.questions, procedural(s, c), said.answers, c);
                                  }};
constexpr Guard replies_fit{"the answers must fit the survey", [](const Survey& s, const Answer& said, const Context& c) {
                              return questionnaire::replies_problem(s.questions, procedural(s, c), replies_in(said), c);
                            }};
constexpr Guard all_answered{"each question must be confirmed, corrected or answered",
                             [](const Survey& s, const Answer& said, const Context& c) {
                               const Form& form = procedural(s, c);
                               const auto replies = replies_in(said);
                               if (!questionnaire::replies_problem(s.questions, form, replies, c).empty()) return std::string();
                               questionnaire::Questions after = s.questions;
                               questionnaire::take_since(after, form, c);
                               questionnaire::keep_replies(after, form, replies);
                               return questionnaire::unanswered(after, form);
                             }};
constexpr Guard transactional_part{"the survey has no transactional part, so no entries are selected",
                                   [](const Survey& s, const Context&) { return s.has(Part::transactional); }};
constexpr Guard procedural_only{"the survey has a transactional part: its entries are selected first",
                                [](const Survey& s, const Context&) { return !s.has(Part::transactional); }};
constexpr Guard entries_fit{"the entries must be named",
                            [](const Survey&, const SelectEntries& said, const Context&) { return entries_problem(said.entries); }};
constexpr Guard documents_named{"the documents asked for must be named",
                                [](const Survey&, const RequestDocuments& said, const Context&) { return !said.documents.empty(); }};
constexpr Guard entry_answers_fit{
    "the answers about an entry must fit the form",
    [](const Survey& s, const Deliver& said, const Context& c) { return entry_answers_problem(s, said.items, c); }};
constexpr Guard nothing_left{"items are still open", [](const Survey& s, const Deliver& said, const Context& c) {
                               return all_delivered(after_delivery(s.items, said.items, c.today));
                             }};
constexpr Guard items_left{"nothing is left to deliver", [](const Survey& s, const Deliver& said, const Context& c) {
                             return !all_delivered(after_delivery(s.items, said.items, c.today));
                           }};
constexpr Guard some_returned{"an item that is returned opens the request again",
                              [](const Survey&, const ReviewDocuments& said, const Context&) { return returns_some(said.items); }};
constexpr Guard none_returned{"all that is reviewed is accepted",
                              [](const Survey&, const ReviewDocuments& said, const Context&) { return !returns_some(said.items); }};
constexpr Guard outcome_drafted{"no outcome is drafted", [](const Survey& s, const Context&) { return s.draft.has_value(); }};
constexpr Guard second_person{"the outcome is approved by somebody other than who drafted it",
                              [](const Survey& s, const Context& c) { return !s.draft || !acts_as(c.actor, s.draft->drafted_by); }};
constexpr Guard request_can_be_fixed{"the letter must be one that goes out from here",
                                     [](const Survey&, const FixLetter& said, const Context& c) {
                                       return fixing_problem(said.letter, said.hash, said.due_on, {documents_letter}, c);
                                     }};
constexpr Guard outcome_can_be_fixed{"the letter must be one that goes out from here",
                                     [](const Survey&, const FixLetter& said, const Context& c) {
                                       return fixing_problem(said.letter, said.hash, said.due_on, {outcome_letter}, c);
                                     }};
constexpr Guard request_as_approved{
    "the request must be as it was approved", [](const Survey& s, const RequestDocuments& said, const Context& c) {
      const auto due_on = said.due_on ? std::optional(named_day("documents_due", *said.due_on, c.calendar).due_on) : std::nullopt;
      return sending_problem(s.letters, documents_letter, described::to_json(said).as_object(), due_on, c);
    }};
constexpr Guard outcome_as_approved{"the outcome must be as it was approved",
                                    [](const Survey& s, const SendOutcome& said, const Context& c) {
                                      return sending_problem(s.letters, outcome_letter, described::to_json(said).as_object(), {}, c);
                                    }};
constexpr Guard size_on_offer{"the extension must be of a size on offer", [](const Survey&, const auto& said, const Context& c) {
                                return extension_size_problem(said.days, survey_extensions, c);
                              }};
constexpr Guard may_decide{
    "the extension is beyond your power", [](const Survey& s, const Context& c) {
      return s.request && s.request->extension ? extension_power_problem(s.request->extension->days, survey_extensions, c) : std::string();
    }};
constexpr Guard may_grant{"so long an extension is beyond your power", [](const Survey&, const GrantExtension& said, const Context& c) {
                            return extension_power_problem(said.days, survey_extensions, c);
                          }};
constexpr Guard referral_fits{"the referral must name kind and risk areas", [](const Survey&, const ReferToAudit& said, const Context& c) {
                                return audit_case::referral_problem(said, c);
                              }};

// ---- effects -----------------------------------------------------------------------------------------------------------

Effects propose(Survey& s, const Propose& said, const Context& c) {
  s.basis = said.basis;
  s.reasons = said.reasons;
  s.topics = said.topics;
  s.proposed_by = c.actor.id;
  return {};
}

Effects approve(Survey& s, const Context& c) {
  s.approved_by = c.actor.id;
  return {};
}

Effects decline(Survey& s, const Decline& said, const Context&) {
  s.closed_because = said.reason;
  return {};
}

Effects build_survey(Survey& s, const BuildSurvey& said, const Context& c) {
  build(s, said, c);
  return {};
}

// What came on file since the survey was built is not asked either.
Effects issue(Survey& s, const Context& c) {
  questionnaire::pre_answer(s.questions, procedural(s, c), c);
  s.counts = questionnaire::counts_of(s.questions);
  s.issued_on = c.today;
  Effects effects = ask(s.request, {.deadline = "answer_due", .rule = "survey.answer_days", .what = "the survey answers"}, c);
  effects.push_back(SendLetter{"survey_letter",
                               {{"topics", texts(s.topics)},
                                {"questions_total", s.counts.asked + s.counts.pre_answered},
                                {"questions_on_file", s.counts.pre_answered},
                                {"questions_to_answer", s.counts.asked}},
                               "answer_due",
                               {Audience::company}});
  return effects;
}

// What came on file since it was issued is to be confirmed, not answered.
void keep(Survey& s, const std::vector<questionnaire::Reply>& replies, const Context& c) {
  questionnaire::take_since(s.questions, procedural(s, c), c);
  questionnaire::keep_replies(s.questions, procedural(s, c), replies);
  s.counts = questionnaire::counts_of(s.questions);
}

Effects save_answers(Survey& s, const SaveAnswers& said, const Context& c) {
  keep(s, said.answers, c);
  return {};
}

Effects answer(Survey& s, const Answer& said, const Context& c) {
  keep(s, replies_in(said), c);
  s.signature = signed_by(c, questionnaire::answers_of(s.questions), s.procedural_version);
  Effects effects = request_over(s.request);
  if (auto facts = questionnaire::facts_of(s.questions, "risk survey " + c.case_id, c); !facts.empty())
    effects.push_back(RecordFacts{std::move(facts)});
  return effects;
}

Effects select_entries(Survey& s, const SelectEntries& said, const Context&) {
  s.entries = said.entries;
  s.method = said.method;
  s.seed_note = said.seed_note.value_or("");
  return drop_letter(s.letters, documents_letter);
}

Effects ask_for_documents(Survey& s, std::optional<Date> named_on, const std::vector<Item>& asked, const Context& c,
                          const std::optional<std::string>& approved = {}) {
  Effects effects =
      ask(s.request,
          {.deadline = "documents_due", .rule = "survey.documents_days", .what = "the documents of the survey", .named_on = named_on}, c);
  effects.push_back(SendLetter{
      documents_letter, fields_or_approved(approved, {{"items", items_for_letter(asked)}}), "documents_due", {Audience::company}});
  return effects;
}

Effects request_documents(Survey& s, const RequestDocuments& said, const Context& c) {
  s.items.clear();
  for (const EntryLine& entry : s.entries) {
    Item& item = s.items.emplace_back();
    item.entry_number = entry.entry_number;
    item.line = entry.line;
    item.documents = join(said.documents, "; ");
  }
  Effects effects = drop_letter(s.letters, documents_letter);
  effects += ask_for_documents(s, said.due_on, s.items, c, said.approved);
  return effects;
}

Effects fix_letter(Survey& s, const FixLetter& said, const Context& c) { return fix(s.letters, letter_of(said), c); }
Effects approve_letter(Survey& s, const ApproveLetter& said, const Context& c) { return approve(s.letters, said.hash, c); }
Effects take_back_letter(Survey& s, const TakeBackLetter& said, const Context&) { return take_back(s.letters, said.hash); }

Effects deliver(Survey& s, const Deliver& said, const Context& c) {
  s.items = after_delivery(s.items, said.items, c.today);
  return {OpenTask{"review_documents", Role::auditor, "Accept or return the documents delivered"}};
}

// What is returned is asked for again, with a day for all that is still open.
Effects review_documents(Survey& s, const ReviewDocuments& said, const Context& c) {
  const std::vector<Item> returned = review_items(s.items, said.items);
  Effects effects;
  if (all_read(s.items)) effects.push_back(CloseTask{"review_documents"});
  if (!returned.empty()) effects += ask_for_documents(s, std::nullopt, returned, c);
  return effects;
}

Effects end_request(Survey& s, const Context&) { return request_over(s.request); }

Effects analyse(Survey& s, const Analyse& said, const Context&) {
  s.findings = said.findings.value_or(std::vector<std::string>{});
  return {CloseTask{"review_documents"}};
}

Effects draft_outcome(Survey& s, const DraftOutcome& said, const Context& c) {
  s.draft = Outcome{said.outcome, said.findings, said.next_steps, c.actor.id};
  s.sent_back_because.clear();
  Effects effects = drop_letter(s.letters, outcome_letter);
  effects.push_back(OpenTask{"approve_outcome", Role::compliance, "Approve and send the outcome of the survey, or send it back"});
  return effects;
}

Effects send_back(Survey& s, const SendBack& said, const Context&) {
  s.sent_back_because = said.reason;
  s.draft.reset();
  Effects effects = drop_letter(s.letters, outcome_letter);
  effects.push_back(CloseTask{"approve_outcome"});
  return effects;
}

Effects send_outcome(Survey& s, const SendOutcome& said, const Context& c) {
  s.sent_by = c.actor.id;
  s.findings = s.draft->findings;
  Effects effects = drop_letter(s.letters, outcome_letter);
  effects.push_back(SendLetter{outcome_letter,
                               fields_or_approved(said.approved, {{"outcome", s.draft->outcome},
                                                                  {"findings", texts(s.draft->findings)},
                                                                  {"next_steps", texts(s.draft->next_steps)}}),
                               "",
                               {Audience::company, Audience::nam}});
  return effects;
}

Effects remind(Survey& s, const Context&) { return remind_of_documents(*s.request, s.items); }
Effects miss_due_date(Survey& s, const Context& c) { return miss_request(*s.request, Role::auditor, c); }
Effects escalate(Survey& s, const Context&) { return escalate_request(*s.request); }

Effects request_extension(Survey& s, const RequestExtension& said, const Context& c) {
  return ask_extension(*s.request, said.days, said.reason, survey_extensions, c);
}
Effects grant_extension(Survey& s, const GrantExtension& said, const Context& c) { return extend_request(*s.request, said.days, c); }
Effects deny_extension(Survey& s, const DenyExtension& said, const Context&) { return deny_extension_of(*s.request, said.reason); }

Effects invite_disclosure(Survey& s, const InviteDisclosure& said, const Context& c) {
  s.disclosures.push_back({said.reasons, c.actor.id, c.today});
  return {SendLetter{"disclosure_opportunity", {{"reasons", texts(said.reasons)}}, "", {Audience::company, Audience::nam}}};
}

Effects refer_to_audit(Survey& s, const ReferToAudit& said, const Context& c) {
  s.closed_because = "referred to an audit: " + join(said.reasons, "; ");
  json::object referral{
      {"kind", said.kind}, {"risk_areas", texts(said.risk_areas)}, {"reasons", texts(said.reasons)}, {"survey_case", c.case_id}};
  if (said.override_reason) referral.emplace("override_reason", *said.override_reason);
  return {OpenCase{"audit", "open_referral", std::move(referral)},
          SendLetter{"survey_referred", {{"reasons", texts(said.reasons)}}, "", {Audience::auditor}}};
}

Effects cancel_untold(Survey& s, const Cancel& said, const Context&) {
  s.closed_because = said.reason;
  return {};
}

Effects cancel(Survey& s, const Cancel& said, const Context&) {
  s.closed_because = said.reason;
  const std::string outcome = "The survey ends without a result. The reason: " + said.reason;
  return {SendLetter{"survey_outcome",
                     {{"outcome", outcome}, {"findings", json::array{}}, {"next_steps", json::array{}}},
                     "",
                     {Audience::company, Audience::nam}}};
}

// ---- the table ---------------------------------------------------------------------------------------------------------

// clang-format off
template <class S>
using WhileAsked = Table<  // the company owes an answer or documents
  Row<S, Remind,           S, Do<remind>>,
  Row<S, MissDueDate,      S, Do<miss_due_date>>,
  Row<S, Escalate,         S, Do<escalate>>,
  Row<S, RequestExtension, S, Do<request_extension>, If<no_extension_asked, size_on_offer>>,
  Row<S, GrantExtension,   S, Do<grant_extension>,   If<extension_asked, size_on_offer, may_decide, may_grant>>,
  Row<S, DenyExtension,    S, Do<deny_extension>,    If<extension_asked, may_decide>>>;

template <class S>
using OnceIssued = Table<  // the company knows of the survey
  Row<S, InviteDisclosure, S,               Do<invite_disclosure>, If<reasons_given>>,
  Row<S, ReferToAudit,     ReferredToAudit, Do<refer_to_audit>,    If<referral_fits, reasons_given>>,
  Row<S, Cancel,           Closed,          Do<cancel>>>;

struct Definition : Machine<Definition, Survey> {
  using initial_state = New;
  using transition_table = Tables<Table<
    //   From                Command           To                  Effects                    Guard
    Row< New,                Propose,          Proposed,           Do<propose>,               If<topics_given, reasons_given> >,
    Row< Proposed,           Approve,          Approved,           Do<approve>,               If<approver_is_not_proposer> >,
    Row< Proposed,           Decline,          Declined,           Do<decline> >,
    Row< Approved,           BuildSurvey,      SurveyBuilt,        Do<build_survey>,          If<survey_can_be_built, nothing_asked_twice> >,
    Row< Approved,           Decline,          Declined,           Do<decline> >,
    Row< SurveyBuilt,        BuildSurvey,      SurveyBuilt,        Do<build_survey>,          If<survey_can_be_built, nothing_asked_twice> >,
    Row< SurveyBuilt,        Issue,            Issued,             Do<issue> >,
    Row< SurveyBuilt,        Cancel,           Declined,           Do<cancel_untold> >,
    Row< Issued,             SaveAnswers,      Issued,             Do<save_answers>,          If<saved_replies_fit> >,
    Row< Issued,             Answer,           Received,           Do<answer>,                If<replies_fit, all_answered, signed_by_the_officer> >,
    Row< Received,           SelectEntries,    EntriesSelected,    Do<select_entries>,        If<transactional_part, entries_fit> >,
    Row< Received,           Analyse,          Analysis,           Do<analyse>,               If<procedural_only> >,
    Row< EntriesSelected,    SelectEntries,    EntriesSelected,    Do<select_entries>,        If<entries_fit> >,
    Row< EntriesSelected,    RequestDocuments, DocumentsRequested, Do<request_documents>,     If<documents_named, day_to_come, request_as_approved> >,
    Row< EntriesSelected,    FixLetter,        EntriesSelected,    Do<fix_letter>,            If<request_can_be_fixed> >,
    Row< EntriesSelected,    ApproveLetter,    EntriesSelected,    Do<approve_letter>,        If<some_letter_waits, letter_waits, not_the_author> >,
    Row< EntriesSelected,    TakeBackLetter,   EntriesSelected,    Do<take_back_letter>,      If<some_letter_fixed, letter_is_there> >,
    Row< DocumentsRequested, Deliver,          DocumentsRequested, Do<deliver>,               If<delivery_fits, entry_answers_fit, items_left> >,
    Row< DocumentsRequested, Deliver,          DocumentsReceived,  Do<deliver, end_request>,  If<delivery_fits, entry_answers_fit, nothing_left> >,
    Row< DocumentsRequested, ReviewDocuments,  DocumentsRequested, Do<review_documents>,      If<review_fits> >,
    Row< DocumentsReceived,  ReviewDocuments,  DocumentsReceived,  Do<review_documents>,      If<review_fits, none_returned> >,
    Row< DocumentsReceived,  ReviewDocuments,  DocumentsRequested, Do<review_documents>,      If<review_fits, some_returned> >,
    Row< DocumentsReceived,  Analyse,          Analysis,           Do<analyse> >,
    Row< Analysis,           DraftOutcome,     Analysis,           Do<draft_outcome> >,
    Row< Analysis,           SendBack,         Analysis,           Do<send_back>,             If<outcome_drafted> >,
    Row< Analysis,           SendOutcome,      Closed,             Do<send_outcome>,          If<outcome_drafted, second_person, outcome_as_approved> >,
    Row< Analysis,           FixLetter,        Analysis,           Do<fix_letter>,            If<outcome_drafted, outcome_can_be_fixed> >,
    Row< Analysis,           ApproveLetter,    Analysis,           Do<approve_letter>,        If<some_letter_waits, letter_waits, not_the_author> >,
    Row< Analysis,           TakeBackLetter,   Analysis,           Do<take_back_letter>,      If<some_letter_fixed, letter_is_there> > >,
    WhileAsked<Issued>, WhileAsked<DocumentsRequested>,
    OnceIssued<Issued>, OnceIssued<Received>, OnceIssued<EntriesSelected>, OnceIssued<DocumentsRequested>, OnceIssued<DocumentsReceived>,
    OnceIssued<Analysis>>;
};
// clang-format on

}  // namespace
}  // namespace survey

Workflow risk_survey() { return make_workflow<survey::Definition>("risk_survey", "Risk analysis and survey assessment"); }

}  // namespace tradecase
