#include "workflows/application/application.hpp"

#include "workflows/application/commands.hpp"
#include "workflows/application/effects.hpp"
#include "workflows/named_person.hpp"
#include "workflows/requests.hpp"

namespace tradecase {
namespace application_case {
namespace {

// ---- states ------------------------------------------------------------------------------------------------------------

struct Eligibility : State<"eligibility", Work<"answer_eligibility", Role::officer, "Answer the eligibility questions">> {};
struct NotEligible : State<"not_eligible", Work<"become_eligible", Role::officer, "Settle what was answered \"no\", and answer again">> {};
struct Drafting : State<"drafting", Work<"complete_application", Role::officer, "Complete the application and submit it">> {};
struct Submitted : State<"submitted", Work<"assign", Role::supervisor, "Name a National Account Manager and a review team">> {};
struct UnderReview : State<"under_review", Work<"review", Role::nam, "Review the application">> {};
struct InformationRequested
    : State<"information_requested", Work<"provide_information", Role::officer, "Provide the information asked for">> {};
struct MeetingScheduled : State<"meeting_scheduled", Work<"hold_meeting", Role::nam, "Hold the application review meeting and record it">> {
};
struct MeetingHeld : State<"meeting_held", Work<"recommend", Role::nam, "Recommend a decision with the findings of the team">> {};
struct DecisionPending : State<"decision_pending", Work<"decide", Role::compliance, "Decide the application">> {};
struct Approved : Final<"approved"> {};
struct Denied : Final<"denied"> {};
struct Withdrawn : Final<"withdrawn"> {};
struct Lapsed : Final<"lapsed"> {};

// ---- guards ------------------------------------------------------------------------------------------------------------

bool none_open(const Context& context, std::string_view workflow) {
  return std::ranges::none_of(context.open_cases, [&](const CaseSummary& one) { return one.workflow == workflow; });
}

std::string security_problem(const Context& context) {
  const std::vector<std::string>& tiers = context.rules.texts("application.security_tiers");
  const Company& company = context.company;
  const bool tier = std::ranges::find(tiers, company.security_tier) != tiers.end();
  if (tier && company.security_status == "good_standing") return "";
  const std::string status = company.security_status.empty() ? "not known" : requests::in_words(company.security_status);
  return "tier " + join(tiers, " or ") + " in good standing is needed; on file is " +
         (company.security_tier.empty() ? "no tier" : "tier " + company.security_tier) + ", status " + status;
}

constexpr Guard security_in_good_standing{"the company must be a CTPAT Security member of a tier that may take part",
                                          [](const Application&, const Context& c) { return security_problem(c); }};
constexpr Guard no_other_application{"another application of the company is open",
                                     [](const Application&, const Context& c) { return none_open(c, "application"); }};
constexpr Guard no_membership{"the company is a member", [](const Application&, const Context& c) { return none_open(c, "membership"); }};

constexpr Guard eligibility_complete{
    "every eligibility question needs an answer",
    [](const Application&, const AnswerEligibility& said, const Context& c) { return join(eligibility_missing(said, c), "; "); }};
constexpr Guard some_no{"no question is answered \"no\"", [](const Application&, const AnswerEligibility& said, const Context& c) {
                          return !eligibility_no_texts(said, c).empty();
                        }};
constexpr Guard all_yes{"a question is answered \"no\"", [](const Application&, const AnswerEligibility& said, const Context& c) {
                          return eligibility_no_texts(said, c).empty();
                        }};

constexpr Guard fits_the_draft{"this cannot be saved",
                               [](const Application& a, const Save& said, const Context& c) { return save_problem(a.draft, said, c); }};
constexpr Guard forms_are_newer{"the draft is on the newest version of its forms already",
                                [](const Application& a, const Context& c) { return newer_forms(a.draft, c); }};
constexpr Guard complete{"the application is not complete; what is missing",
                         [](const Application& a, const Context& c) { return join(missing_in(a.draft, c), "; "); }};
constexpr Guard signed_by_officer{"the signature does not hold", [](const Application&, const auto& said, const Context& c) {
                                    return signature_problem(said.signature, c.actor);
                                  }};

std::string team_problem(const Assign& said, const Context& context) {
  if (said.team.empty()) return "name a review team";
  std::vector<std::string> wrong;
  const RoleSet staff{Role::nam, Role::supervisor, Role::compliance, Role::auditor};
  if (auto problem = role_problem(context, said.nam, {Role::nam}, "a National Account Manager"); !problem.empty())
    wrong.push_back(std::move(problem));
  for (const PersonRef& member : said.team)
    if (auto problem = role_problem(context, member, staff, "staff of the program"); !problem.empty()) wrong.push_back(std::move(problem));
  return join(wrong, "; ");
}

constexpr Guard people_fit{"these people cannot be assigned",
                           [](const Application&, const Assign& said, const Context& c) { return team_problem(said, c); }};
constexpr Guard items_named{"name what is asked for",
                            [](const Application&, const RequestInformation& said, const Context&) { return !said.items.empty(); }};
constexpr Guard due_day_ahead{"the due day must lie ahead", [](const Application&, const RequestInformation& said, const Context& c) {
                                return !said.due_on || *said.due_on > c.today;
                              }};

std::string unanswered(const Application& application, const ProvideInformation& said) {
  const std::vector<std::string>& items = application.requests.back().items;
  if (said.answers.size() > items.size()) return "there are more answers than items, " + std::to_string(items.size());
  return join({items.begin() + static_cast<std::ptrdiff_t>(said.answers.size()), items.end()}, "; ");
}

constexpr Guard every_item_answered{
    "every item needs an answer, in the order asked",
    [](const Application& a, const ProvideInformation& said, const Context&) { return unanswered(a, said); }};
constexpr Guard files_named{"a file is named by its hash", [](const Application&, const ProvideInformation& said, const Context&) {
                              return requests::files_problem(said.files.value_or(std::vector<std::string>{}));
                            }};
constexpr Guard review_complete{
    "the review checklist must be complete, each item confirmed or skipped with a reason; open",
    [](const Application&, const ScheduleMeeting& said, const Context& c) { return join(checklist_open(said.checklist, c), ", "); }};
constexpr Guard meeting_ahead{"the day of the meeting has passed",
                              [](const Application&, const ScheduleMeeting& said, const Context& c) { return said.meeting_on >= c.today; }};
constexpr Guard attendance_told{"say who attended",
                                [](const Application&, const RecordMeeting& said, const Context&) { return !said.attendance.empty(); }};
constexpr Guard risks_told{"say which risks were discussed",
                           [](const Application&, const RecordMeeting& said, const Context&) { return !said.risks_discussed.empty(); }};
constexpr Guard findings_told{"give the findings of the review team",
                              [](const Application&, const Recommend& said, const Context&) { return !said.findings.empty(); }};
constexpr Guard reasons_told{"give at least one reason",
                             [](const Application&, const auto& said, const Context&) { return !said.reasons.empty(); }};

bool took_part(const Recommendation& recommendation, const Actor& actor) {
  return requests::acts_as(actor, recommendation.by) || requests::acts_as(actor, recommendation.on_behalf_of);
}

constexpr Guard decider_did_not_recommend{"whoever recommended a decision may not take it", [](const Application& a, const Context& c) {
                                            return !took_part(a.recommendation.value(), c.actor);
                                          }};

// ---- the table ---------------------------------------------------------------------------------------------------------

template <class Open>
using Withdrawal = Row<Open, Withdraw, Withdrawn, Do<confirm_withdrawal>>;

struct Definition : Machine<Definition, Application> {
  // clang-format off
  using transition_table = Table<
    //   From                  Command             To                    Effects                                      Guards
    Row< New,                  Launch,             Eligibility,          Do<open_application>,                        If<security_in_good_standing, no_other_application, no_membership> >,
    Row< Eligibility,          AnswerEligibility,  NotEligible,          Do<keep_answers, end_silence>,               If<eligibility_complete, some_no> >,
    Row< Eligibility,          AnswerEligibility,  Drafting,             Do<keep_answers, begin_draft, company_acted>,If<eligibility_complete, all_yes> >,
    Row< NotEligible,          AnswerEligibility,  NotEligible,          Do<keep_answers>,                            If<eligibility_complete, some_no> >,
    Row< NotEligible,          AnswerEligibility,  Drafting,             Do<keep_answers, begin_draft, company_acted>,If<eligibility_complete, all_yes> >,
    Row< Drafting,             Save,               Drafting,             Do<save>,                                    If<fits_the_draft> >,
    Row< Drafting,             CarryOverForms,     Drafting,             Do<carry_over_forms>,                        If<forms_are_newer> >,
    Row< Drafting,             Submit,             Submitted,            Do<sign, end_silence>,                       If<complete, signed_by_officer> >,
    Row< Submitted,            Assign,             UnderReview,          Do<assign>,                                  If<people_fit> >,
    Row< UnderReview,          Assign,             UnderReview,          Do<assign>,                                  If<people_fit> >,  // somebody has left
    Row< UnderReview,          RequestInformation, InformationRequested, Do<ask_for_information, company_acted>,      If<items_named, due_day_ahead> >,
    Row< InformationRequested, ProvideInformation, UnderReview,          Do<take_information, end_silence>,           If<every_item_answered, files_named, signed_by_officer> >,
    Row< InformationRequested, MissInformationDue, InformationRequested, Do<information_overdue> >,
    Row< UnderReview,          ScheduleMeeting,    MeetingScheduled,     Do<invite_to_meeting>,                       If<review_complete, meeting_ahead> >,
    Row< MeetingScheduled,     RecordMeeting,      MeetingHeld,          Do<record_meeting>,                          If<attendance_told, risks_told> >,
    Row< MeetingHeld,          Recommend,          DecisionPending,      Do<recommend>,                               If<findings_told> >,
    Row< DecisionPending,      Approve,            Approved,             Do<approve>,                                 If<decider_did_not_recommend, security_in_good_standing> >,
    Row< DecisionPending,      Deny,               Denied,               Do<deny>,                                    If<decider_did_not_recommend, reasons_told> >,
    Row< DecisionPending,      SendBack,           UnderReview,          Do<send_back>,                               If<reasons_told> >,

    Row< Eligibility,          Remind,             Eligibility,          Do<remind> >,
    Row< Drafting,             Remind,             Drafting,             Do<remind> >,
    Row< InformationRequested, Remind,             InformationRequested, Do<remind> >,
    Row< Eligibility,          Lapse,              Lapsed,               Do<lapse> >,
    Row< Drafting,             Lapse,              Lapsed,               Do<lapse> >,
    Row< InformationRequested, Lapse,              Lapsed,               Do<lapse> >,

    Withdrawal<Eligibility>, Withdrawal<NotEligible>, Withdrawal<Drafting>, Withdrawal<Submitted>, Withdrawal<UnderReview>,
    Withdrawal<InformationRequested>, Withdrawal<MeetingScheduled>, Withdrawal<MeetingHeld>, Withdrawal<DecisionPending>
  >;
  // clang-format on
};

}  // namespace
}  // namespace application_case

Workflow application() { return make_workflow<application_case::Definition>("application", "Application for membership"); }

}  // namespace tradecase
