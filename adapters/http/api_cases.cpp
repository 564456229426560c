// Cases in the API: lists, one case with all that belongs to it. What a company is shown is decided as on the pages.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/api_store.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_paper.hpp"

namespace tradecase::http {
namespace {

json::value day_or_null(const std::optional<Date>& day) { return day ? json::value(to_text(*day)) : json::value(nullptr); }
json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }
std::string address_of(const std::string& case_id) { return "/api/v1/cases/" + case_id; }

bool of_company(Role role) { return role == Role::officer || role == Role::preparer; }

ToldStates told_states(const Visit& visit) {
  ToldStates told;
  for (const Workflow& workflow : visit.programme().workflows.all())
    for (const StateInfo& state : workflow.states)
      if (!state.name.empty() && !visit.words().told_as(workflow.name, state.name).empty())
        (state.final ? told.final : told.open).push_back(workflow.name + "/" + state.name);
  return told;
}

// A company asks for the state it is told of, and finds every case that stands there for it.
std::vector<std::string> states_asked(const Visit& visit, const std::string& said) {
  if (visit.visitor.is_staff()) return {said};
  std::vector<std::string> all;
  for (const Workflow& workflow : visit.programme().workflows.all())
    for (const StateInfo& state : workflow.states)
      if (!state.name.empty() && visit.words().told_as(workflow.name, state.name) == said) all.push_back(state.name);
  return all;
}

// Whose turn it is: staff reads the very person or role, a company only on which side.
std::string waiting_on(const CaseItem& one, bool staff) {
  if (!one.open) return "nobody";
  if (one.owner.empty() || one.owner == "timer") return "clock";
  if (staff) return one.owner_email.empty() ? one.owner : one.owner_email;
  const auto role = parse_role(one.owner);
  return one.owner_of_company || (role && of_company(*role)) ? "company" : "agency";
}

json::object item_of(const Visit& visit, const CaseItem& one) {
  return {{"case", one.id},
          {"href", address_of(one.id)},
          {"workflow", one.workflow},
          {"title", case_name(visit, one.workflow, one.cycle)},
          {"cycle", one.cycle},
          {"company", one.company},
          {"company_name", one.company_name},
          {"state", state_for(visit, one.workflow, one.state)},
          {"state_label", visit.say(visit.words().state(one.workflow, one.state).label)},
          {"open", one.open},
          {"version", one.version},
          {"waiting_on", waiting_on(one, visit.visitor.is_staff())},
          {"due_on", day_or_null(one.due_on)}};
}

// "me" and e-mail addresses stand for people; nobody's address is a person that owns nothing.
std::string owner_asked(const Visit& visit, Session& session) {
  std::string said(visit.request.query.get("owner"));
  if (said == "me") return visit.visitor.person.id;
  if (said.find('@') == std::string::npos) return said;
  const auto person = visit.visitor.is_staff() ? find_person_by_email(session, said) : std::nullopt;
  return person ? person->id : "nobody";
}

Response list_cases(Visit& visit) {
  const Fields& asked = visit.request.query;
  CaseQuery query;
  query.company = visit.company ? visit.company->id : std::string(asked.get("company"));
  query.workflow = asked.get("workflow");
  if (asked.has("state")) query.states = states_asked(visit, std::string(asked.get("state")));
  query.words = asked.get("q");
  if (asked.has("due_before")) query.due_before = parse_date(asked.get("due_before"));
  if (asked.has("due_from")) query.due_from = parse_date(asked.get("due_from"));
  if (asked.has("open")) query.open = asked.get("open") == "true";
  query.after = cursor_of(visit);
  const int limit = limit_of(visit);
  query.limit = limit + 1;
  std::vector<CaseItem> found;
  visit.engine.database().read([&](Session& session) {
    query.owner = owner_asked(visit, session);
    found = page_of_cases(session, query, visit.visitor, told_states(visit));
  });
  json::array items;
  std::string next;
  for (const CaseItem& one : found) {
    if (static_cast<int>(items.size()) == limit) {
      next = found[items.size() - 1].id;
      break;
    }
    items.push_back(item_of(visit, one));
  }
  return list_answer(visit, std::move(items), next);
}

// ---- one case --------------------------------------------------------------------------------------------------------------

// Of a case's data a company reads what it wrote itself and what it was asked.
const std::map<std::string, std::vector<std::string_view>, std::less<>> company_reads{
    {"annual_notification", {"sections", "form_version", "filed_on", "filed_in_time", "window_opens_on", "due_on"}},
    {"application", {"eligibility", "draft", "requests"}},
    {"continuation", {"pack", "information", "mode"}},
    {"risk_survey", {"questions", "entries", "items"}},
    {"audit", {"entrance", "questionnaire", "sampling", "items", "plan"}}};

void leave_out_internal(json::value& value) {
  if (auto* list = value.if_array())
    for (json::value& item : *list) leave_out_internal(item);
  auto* object = value.if_object();
  if (object == nullptr) return;
  for (const char* name : {"asked_again_because", "chosen_by", "verified_with", "verified_by", "asked_by", "gone_on_without"})
    object->erase(name);
  for (auto& [key, item] : *object) leave_out_internal(item);
}

json::object data_of(const Visit& visit) {
  const Case& on = *visit.on;
  if (visit.visitor.is_staff()) return on.data;
  json::object shown;
  if (const auto found = company_reads.find(on.workflow); found != company_reads.end())
    for (const std::string_view name : found->second)
      if (const auto* value = on.data.if_contains(name)) {
        json::value copy = *value;
        leave_out_internal(copy);
        shown[name] = std::move(copy);
      }
  if (const auto* built = shown.if_contains("questionnaire"); built && !built->as_object().contains("sent_on"))
    shown.erase("questionnaire");
  return shown;
}

json::object date_of(const Visit& visit, const LedgerEntry& entry, const std::vector<Moment>& moments) {
  const auto set = std::ranges::find(moments, entry.set_by_version, &Moment::version);
  const bool told = set != moments.end() && (visit.visitor.is_staff() || set->company_sees);
  json::array steps;
  for (const auto& step : entry.derivation.steps) steps.push_back(json::value_from(step));
  return {{"name", entry.name},
          {"label", visit.say(visit.words().deadline(entry.name))},
          {"due_on", to_text(entry.derivation.due_on)},
          {"status", !entry.current()         ? "superseded"
                     : entry.ended_by_version ? "over"
                                              : "in_force"},
          {"rule", entry.derivation.rule},
          {"inputs", entry.derivation.inputs},
          {"steps", std::move(steps)},
          {"set_by_version", entry.set_by_version},
          {"set_by", told ? json::value(set->who) : json::value(nullptr)},
          {"set_at", told ? json::value(set->at) : json::value(nullptr)},
          {"id", entry.id},
          {"superseded_by", entry.superseded_by ? json::value(*entry.superseded_by) : json::value(nullptr)}};
}

json::array dates_of(const Visit& visit, std::string_view name, bool in_force_only) {
  const auto moments = moments_of(visit);
  json::array all;
  visit.engine.database().read([&](Session& session) {
    for (const LedgerEntry& entry : ledger_of(session, visit.on->id)) {
      if (!name.empty() && entry.name != name) continue;
      if (in_force_only && (!entry.current() || entry.ended_by_version)) continue;
      all.push_back(date_of(visit, entry, moments));
    }
  });
  return all;
}

json::array tasks_of(const Visit& visit) {
  json::array all;
  const bool staff = visit.visitor.is_staff();
  visit.engine.database().read([&](Session& session) {
    for (const Task& task : open_tasks_of(session, visit.on->id)) {
      if (!staff && !of_company(task.role)) continue;
      const auto person = staff && !task.person.empty() ? find_person(session, task.person) : std::nullopt;
      all.push_back(json::object{{"kind", task.kind},
                                 {"title", visit.say(task.title)},
                                 {"role", to_text(task.role)},
                                 {"person", person ? json::value(person->email) : json::value(nullptr)},
                                 {"due_on", day_or_null(task.due_on)},
                                 {"opened_at", to_text(task.opened_at)}});
    }
  });
  return all;
}

std::vector<Letter> letters_seen(const Visit& visit) {
  return visit.engine.database().read([&](Session& session) {
    std::vector<Letter> all = letters_of(session, visit.on->id);
    if (visit.visitor.is_staff()) return all;
    const auto theirs = letters_to_company(session, visit.on->id, visit.on->company);
    std::erase_if(all, [&](const Letter& letter) { return !theirs.contains(letter.id); });
    return all;
  });
}

json::object letter_of(const Letter& letter) {
  return {{"hash", letter.hash},
          {"title", letter.title},
          {"about", text_or_null(letter.about)},
          {"written_at", to_text(letter.written_at)},
          {"href", address_of(letter.case_id) + "/letters/" + letter.hash}};
}

json::array letter_list(const Visit& visit) {
  json::array all;
  for (const Letter& letter : letters_seen(visit)) all.push_back(letter_of(letter));
  return all;
}

Response show_case(Visit& visit) {
  const Case& on = *visit.on;
  const bool staff = visit.visitor.is_staff();
  const StateWords& state = visit.words().state(on.workflow, on.state);
  CaseQuery query;
  query.id = on.id;
  query.limit = 1;
  const auto rows =
      visit.engine.database().read([&](Session& session) { return page_of_cases(session, query, visit.visitor, told_states(visit)); });
  if (rows.empty()) throw ApiProblem(404, "not_found", visit.say("There is no such case or company, or it is not yours."));
  json::object answer = item_of(visit, rows.front());
  answer["version"] = on.version;
  answer["state"] = state_for(visit, on.workflow, on.state);
  answer["state_says"] = visit.say(staff ? state.for_staff : state.for_company);
  answer["opened_at"] = to_text(on.opened_at);
  answer["dates"] = dates_of(visit, "", true);
  answer["tasks"] = tasks_of(visit);
  answer["letters"] = letter_list(visit);
  answer["commands"] = commands_of(visit);
  answer["data"] = data_of(visit);
  return visit.json_answer(answer).set("ETag", etag_of(on.version));
}

Response show_dates(Visit& visit) { return list_answer(visit, dates_of(visit, "", false), ""); }
Response show_date(Visit& visit) {
  json::array entries = dates_of(visit, visit.params.at("name"), false);
  if (entries.empty()) throw ApiProblem(404, "not_found", visit.say("This case has no such date."));
  return list_answer(visit, std::move(entries), "");
}
Response show_history(Visit& visit) { return list_answer(visit, history_since(visit, 0), ""); }
Response show_tasks(Visit& visit) { return list_answer(visit, tasks_of(visit), ""); }
Response show_letters(Visit& visit) { return list_answer(visit, letter_list(visit), ""); }
Response show_commands(Visit& visit) { return list_answer(visit, commands_of(visit), "").set("ETag", etag_of(visit.on->version)); }

Letter letter_asked(const Visit& visit) {
  const auto all = letters_seen(visit);
  const auto found = std::ranges::find(all, visit.params.at("hash"), &Letter::hash);
  if (found == all.end()) throw ApiProblem(404, "not_found", visit.say("This case has no such letter."));
  return *found;
}

Response show_letter(Visit& visit) {
  const Letter found = letter_asked(visit);
  const auto document = visit.engine.database().read([&](Session& session) { return find_document(session, found.hash); });
  json::object answer = letter_of(found);
  answer["text"] = document ? document->text : "";
  answer["html"] = document ? document->html : "";
  return visit.json_answer(answer);
}

Response letter_pdf(Visit& visit) { return letter_as_pdf(visit, letter_asked(visit).hash); }

}  // namespace

json::array history_since(const Visit& visit, std::int64_t version) {
  const bool staff = visit.visitor.is_staff();
  json::array all;
  for (const Moment& moment : moments_of(visit)) {
    if (moment.version <= version || (!staff && !moment.company_sees)) continue;
    all.push_back(json::object{{"version", moment.version},
                               {"at", moment.at},
                               {"by", moment.who},
                               {"command", text_or_null(moment.command)},
                               {"what", moment.phrase},
                               {"from", text_or_null(moment.from)},
                               {"to", text_or_null(moment.to)},
                               {"note", text_or_null(moment.note)}});
  }
  return all;
}

std::vector<Endpoint> case_endpoints() {
  const auto filters = [](bool of_one_company) {
    std::vector<QueryField> all;
    const json::object text{{"type", "string"}}, day{{"type", "string"}, {"format", "date"}};
    if (!of_one_company) all.push_back({"company", "Only this company's", text});
    all.push_back({"workflow", "Only of this workflow", text});
    all.push_back({"state", "Only in this state", text});
    all.push_back({"owner", "me, a person's e-mail address or a role's code", text});
    all.push_back({"q", "Words in the case's number or the company's name", text});
    all.push_back({"due_before", "Due before this day", day});
    all.push_back({"due_from", "Due on this day or later", day});
    all.push_back({"open", "true: open ones only; false: closed ones only", {{"type", "boolean"}}});
    return with_paging(std::move(all));
  };
  const auto get = [](std::string pattern, Handler handler, std::string operation, std::string summary, std::string answer) {
    return Endpoint{"GET",
                    "/api/v1/cases" + pattern,
                    Access::signed_in,
                    std::move(handler),
                    std::move(operation),
                    std::move(summary),
                    std::move(answer)};
  };
  std::vector<Endpoint> all{
      get("", list_cases, "listCases", "Cases, oldest first", "CaseList"),
      get("/{case}", show_case, "getCase", "A case with its commands, dates, tasks and letters; its version is the ETag", "Case"),
      get("/{case}/commands", show_commands, "listCommands", "What may be sent to a case now, and why not", "CommandList"),
      get("/{case}/dates", show_dates, "listDates", "Every due date of a case with its calculation, superseded ones too", "DateList"),
      get("/{case}/dates/{name}", show_date, "getDate", "Why this date: all entries of one name, oldest first", "DateList"),
      get("/{case}/history", show_history, "getHistory", "What happened, as far as the caller may know", "HistoryList"),
      get("/{case}/letters", show_letters, "listLetters", "Letters of a case", "LetterList"),
      get("/{case}/letters/{hash}", show_letter, "getLetter", "A letter as it was fixed", "LetterText"),
      get("/{case}/letters/{hash}/pdf", letter_pdf, "getLetterPdf", "The letter as a PDF/UA document", "application/pdf"),
      get("/{case}/tasks", show_tasks, "listTasks", "Open tasks of a case", "TaskList")};
  all.front().query = filters(false);
  all.push_back({"GET", "/api/v1/companies/{company}/cases", Access::signed_in, list_cases, "listCasesOfCompany", "Cases of a company",
                 "CaseList", filters(true)});
  return all;
}

}  // namespace tradecase::http
