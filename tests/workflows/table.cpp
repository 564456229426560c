#include "tests/workflows/table.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "adapters/documents/letters.hpp"
#include "engine/text.hpp"
#include "workflows/forms.hpp"
#include "workflows/rules.hpp"

namespace tradecase::testing {
namespace {

const std::filesystem::path home{TRADECASE_HOME};

const Rulebook& rulebook() {
  static const Rulebook book = load_rulebook(home / "workflows" / "rules.toml");
  return book;
}

const Letters& letters_shipped() {
  static const Letters letters = Letters::load(home / "templates");
  return letters;
}

struct Sample {
  Role role;
  std::string_view name, title;
};
constexpr Sample samples[] = {
    {Role::officer, officer_name, "Director of Trade Compliance"},
    {Role::preparer, "Lee Park", "Customs broker"},
    {Role::nam, "Nora Alvarez", "National Account Manager"},
    {Role::supervisor, "Sam Ortiz", "Supervisor"},
    {Role::compliance, "Casey Lin", "Trade Compliance"},
    {Role::auditor, "Avery Stone", "Auditor"},
    {Role::appeals, "Jordan Pike", "Appeals desk"},
    {Role::admin, "Robin Hale", "Operator"},
};

Instant noon(Date date) { return shipped_calendar().start_of(date) + std::chrono::hours{12}; }

json::object with_standard_fields(json::object fields, bool about_a_deadline) {
  for (const char* name : {"case_id", "company", "recipient_name", "nam_name", "nam_email", "nam_phone", "portal_link", "programme",
                           "signature_name", "signature_title", "letter_date"})
    if (!fields.emplace(name, std::string("sample ") + name).second) FAIL_CHECK("the engine gives " << name << "; the workflow must not");
  if (about_a_deadline) {
    fields.emplace("due_on", "Friday, February 28, 2025");
    fields.emplace("due_why", json::array{"acceptance date: January 31, 2024"});
    fields.emplace("days_left", 14);
    fields.emplace("days_late", 0);
  }
  return fields;
}

void check_letter(const SendLetter& letter) {
  INFO("letter " << letter.letter << " " << json::serialize(letter.fields));
  try {
    const std::string about = letters_shipped().info(letter.letter).about;
    if (about == "*")
      CHECK_FALSE(letter.about.empty());
    else
      CHECK(letter.about == (about == "none" ? "" : about));
    if (letter.fields.contains("approved")) {  // its bytes are kept, and nothing is rendered
      CHECK(letter.fields.size() == 1);
      return;
    }
    CHECK_FALSE(letters_shipped().render(letter.letter, with_standard_fields(letter.fields, !letter.about.empty())).text.empty());
  } catch (const TemplateError& error) {
    FAIL_CHECK(error.what());
  }
}

std::string result_of(const Outcome& outcome) {
  if (const Step* step = std::get_if<Step>(&outcome)) return step->to;
  return std::string(info(std::get<Refusal>(outcome).code).name);
}

std::string sentence_of(const Outcome& outcome) {
  const Refusal* refusal = std::get_if<Refusal>(&outcome);
  return refusal ? refusal->sentence : "";
}

// What the rows of a table have shown so far.
struct Shown {
  std::set<std::tuple<std::string, std::string, std::string>> taken;             // from, command, to
  std::map<std::pair<std::string, std::string>, std::set<std::string>> results;  // of (from, command)
  std::map<std::string, std::string> said;                                       // all guard refusals of a command
};

Shown run_all(const Workflow& workflow, const std::vector<Row>& rows) {
  Shown shown;
  for (const Row& row : rows) {
    const Outcome outcome = run(workflow, row);
    const std::string result = result_of(outcome), sentence = sentence_of(outcome);
    INFO("from \"" << row.from << "\" " << row.command << " on " << row.on << " " << json::serialize(row.body) << "\n  " << sentence);
    CHECK(result == row.expect);
    if (!row.says.empty()) CHECK_THAT(sentence, Catch::Contains(row.says));
    if (const Step* step = std::get_if<Step>(&outcome)) {
      shown.taken.emplace(row.from, row.command, step->to);
      check_letters(step->effects);
    }
    shown.results[{row.from, row.command}].insert(result);
    if (result == "guard") shown.said[row.command] += sentence + "\n";
  }
  return shown;
}

void check_refusals(const Workflow& workflow, const TransitionInfo& row, const Shown& shown) {
  const auto results = shown.results.find({row.from, row.command});
  if (results == shown.results.end()) return;  // named as not taken already
  INFO("transition \"" << row.from << "\" " << row.command << " -> " << row.to);
  const bool other = std::ranges::any_of(results->second, [&](const std::string& result) { return result != row.to; });
  const auto alternatives =
      std::ranges::count_if(workflow.transitions, [&](const TransitionInfo& t) { return t.from == row.from && t.command == row.command; });
  if (alternatives > 1) {
    const bool same_target = std::ranges::count_if(workflow.transitions, [&](const TransitionInfo& t) {
                               return t.from == row.from && t.command == row.command && t.to != row.to;
                             }) == 0;
    if (!other && !same_target) FAIL_CHECK("no row of the test table shows what its guards turn away");
    return;
  }
  const auto said = shown.said.find(row.command);
  for (const GuardInfo& guard : row.guards)
    if (said == shown.said.end() || said->second.find(guard.sentence) == std::string::npos)
      FAIL_CHECK("no row of the test table is refused by guard " << guard.name << ": \"" << guard.sentence << "\"");
}

bool names(std::string_view pattern, std::string_view name) { return pattern.ends_with(':') ? name.starts_with(pattern) : pattern == name; }

}  // namespace

const Rules& shipped_rules() { return rulebook().rules; }
const Calendar& shipped_calendar() { return rulebook().calendar; }
const Forms& shipped_forms() {
  static const Forms forms = load_forms(home / "workflows");
  return forms;
}

const Company& sample_company() {
  static const Company company{"C-1",      "Harbor Lane Imports, Inc.", "Harbor Lane", "CTPAT-TC",        "III",        "good_standing",
                               "importer", "Consumer Products",         "P-nam",       day("2024-03-15"), std::nullopt, {"12-3456789AB"}};
  return company;
}

Actor actor_with(RoleSet roles, const std::string& person) {
  if (roles.has(Role::timer)) return {"timer", "the clock", "", roles, "", false};
  for (const Sample& sample : samples) {
    if (!roles.has(sample.role)) continue;
    const bool staff = sample.role != Role::officer && sample.role != Role::preparer;
    return {person.empty() ? "P-" + std::string(to_text(sample.role)) : person,
            std::string(sample.name),
            std::string(sample.title),
            roles,
            "",
            staff};
  }
  return {person.empty() ? "P-nobody" : person, "Pat Nobody", "", roles, "", false};
}

Date day(std::string_view text) {
  if (const auto date = parse_date(text)) return *date;
  throw std::invalid_argument("no day: " + std::string(text));
}

Case case_of(const Workflow& workflow, const Row& row) {
  return {"TC-2026-000001", workflow.name, sample_company().id, row.cycle, row.from, row.from.empty() ? 0 : 3, row.data, {}, "", true};
}

Context context_of(const Row& row) {
  const Date today = day(row.on);
  return {actor_with(row.as, row.person),
          noon(today),
          today,
          row.calendar ? *row.calendar : shipped_calendar(),
          shipped_rules(),
          row.forms ? *row.forms : shipped_forms(),
          row.company ? *row.company : sample_company(),
          row.open_cases,
          row.facts,
          "TC-2026-000001",
          row.cycle,
          row.from.empty() ? 0 : 3,
          row.named};
}

Outcome run(const Workflow& workflow, const Row& row) {
  const Case on = case_of(workflow, row);
  const Context context = context_of(row);
  Command command{on.id, workflow.name, on.company, row.cycle, row.command, row.body, context.actor.id, "", std::nullopt};
  return workflow.step(on, command, context);
}

Step taken(const Workflow& workflow, const Row& row) {
  const Outcome outcome = run(workflow, row);
  INFO(row.command << " from \"" << row.from << "\": " << sentence_of(outcome));
  REQUIRE(std::holds_alternative<Step>(outcome));
  if (!row.expect.empty()) REQUIRE(std::get<Step>(outcome).to == row.expect);
  return std::get<Step>(outcome);
}

Refusal refused(const Workflow& workflow, const Row& row) {
  const Outcome outcome = run(workflow, row);
  INFO(row.command << " from \"" << row.from << "\" was taken");
  REQUIRE(std::holds_alternative<Refusal>(outcome));
  return std::get<Refusal>(outcome);
}

void check_every_transition(const Workflow& workflow, const std::vector<Row>& rows) {
  const Shown shown = run_all(workflow, rows);
  for (const TransitionInfo& row : workflow.transitions) {
    if (!shown.taken.contains({row.from, row.command, row.to}))
      FAIL_CHECK("no row of the test table takes \"" << row.from << "\" " << row.command << " -> " << row.to);
    check_refusals(workflow, row, shown);
  }
}

void check_letters(const Effects& effects) {
  for (const SendLetter& letter : effects_of<SendLetter>(effects)) check_letter(letter);
}

std::vector<std::string> letters_in(const Effects& effects) {
  std::vector<std::string> all;
  for (const SendLetter& letter : effects_of<SendLetter>(effects)) all.push_back(letter.letter);
  return all;
}

std::optional<SendLetter> letter_in(const Effects& effects, std::string_view letter) {
  for (SendLetter& one : effects_of<SendLetter>(effects))
    if (one.letter == letter) return std::move(one);
  return std::nullopt;
}

std::optional<Derivation> deadline_in(const Effects& effects, std::string_view name) {
  std::optional<Derivation> last;
  for (SetDeadline& one : effects_of<SetDeadline>(effects))
    if (one.name == name) last = std::move(one.derivation);
  return last;
}

// ---- Story -----------------------------------------------------------------------------------------------------------

Story::Story(Workflow workflow, std::string today, int cycle) : workflow_(std::move(workflow)), now_(noon(day(today))) {
  case_ = {"TC-2026-000001", workflow_.name, company.id, cycle, "", 0, {}, now_, "", true};
}

Date Story::today() const { return shipped_calendar().day_of(now_); }

bool Story::send(const std::string& command, json::object body, RoleSet as, const std::string& person) {
  return step(command, std::move(body), actor_with(as, person));
}

bool Story::step(const std::string& command, json::object body, const Actor& actor) {
  const Context context{actor,      now_,  today(),  *calendar,   shipped_rules(), *forms, company,
                        open_cases, facts, case_.id, case_.cycle, case_.version,   named};
  const Command said{case_.id, case_.workflow, case_.company, case_.cycle, command, std::move(body), actor.id, "", std::nullopt};
  Outcome outcome = workflow_.step(case_, said, context);
  if (Refusal* refusal = std::get_if<Refusal>(&outcome)) {
    last_refusal = std::move(*refusal);
    return false;
  }
  Step& done = std::get<Step>(outcome);
  case_.state = done.to;
  case_.data = std::move(done.data);
  ++case_.version;
  apply(done.effects);
  if (workflow_.state(case_.state)->final) {
    timers_.clear();
    tasks_.clear();
    standing_.clear();
    case_.open = false;
  }
  return true;
}

void Story::apply(const Effects& effects) {
  check_letters(effects);
  for (const Effect& effect : effects) {
    if (const auto* set = std::get_if<SetDeadline>(&effect)) {
      ledger_[set->name].push_back(set->derivation);
      standing_.insert(set->name);
    } else if (const auto* end = std::get_if<EndDeadlines>(&effect)) {
      std::erase_if(standing_, [&](const std::string& name) { return names(end->name, name); });
    } else if (const auto* start = std::get_if<StartTimer>(&effect)) {
      timers_.insert_or_assign(start->name, *start);
    } else if (const auto* stop = std::get_if<StopTimers>(&effect)) {
      std::erase_if(timers_, [&](const auto& timer) { return names(stop->name, timer.first); });
    } else if (const auto* open = std::get_if<OpenTask>(&effect)) {
      tasks_.insert_or_assign(open->kind, *open);
    } else if (const auto* close = std::get_if<CloseTask>(&effect)) {
      tasks_.erase(close->kind);
    } else if (const auto* letter = std::get_if<SendLetter>(&effect)) {
      letters.push_back(to_text(today()) + " " + letter->letter);
    } else {
      sent.push_back(effect);
    }
  }
}

void Story::go_to(std::string_view date) {
  const Instant until = noon(day(date));
  while (case_.open) {
    const auto next = std::ranges::min_element(timers_, {}, [](const auto& timer) { return std::pair(timer.second.due_at, timer.first); });
    if (next == timers_.end() || next->second.due_at > until) break;
    const StartTimer timer = next->second;
    timers_.erase(next);
    now_ = std::max(now_, timer.due_at);
    INFO("timer " << timer.name << " sends " << timer.command << " in state " << case_.state << " on " << to_text(today()));
    const bool went = step(timer.command, timer.body, actor_with({Role::timer}));
    INFO((went ? "" : last_refusal->sentence));
    REQUIRE(went);
  }
  now_ = std::max(now_, until);
}

std::optional<Date> Story::due(const std::string& deadline) const {
  const auto entries = ledger_.find(deadline);
  if (entries == ledger_.end() || !standing_.contains(deadline)) return std::nullopt;
  return entries->second.back().due_on;
}

std::vector<Derivation> Story::ledger(const std::string& deadline) const {
  const auto entries = ledger_.find(deadline);
  return entries == ledger_.end() ? std::vector<Derivation>{} : entries->second;
}

std::vector<std::string> Story::standing() const { return {standing_.begin(), standing_.end()}; }

std::set<std::string> Story::tasks() const {
  std::set<std::string> kinds;
  for (const auto& [kind, task] : tasks_) kinds.insert(kind);
  const StateInfo* state = workflow_.state(case_.state);
  if (state && !state->task_kind.empty()) kinds.insert(state->task_kind);
  return kinds;
}

namespace {

const std::string approved_hash(64, 'e');

json::object letter_said(const char* letter, json::object says, const std::optional<std::string>& due_on) {
  json::object said{{"letter", letter}, {"hash", approved_hash}, {"says", std::move(says)}};
  if (due_on) said["due_on"] = *due_on;
  return said;
}

}  // namespace

json::object with_letter_approved(json::object data, const char* letter, json::object says, const std::optional<std::string>& due_on) {
  json::object one = letter_said(letter, std::move(says), due_on);
  one["authors"] = json::array{"P-auditor"};
  one["approved_by"] = "P-compliance";
  data["letters"] = json::array{std::move(one)};
  return data;
}

json::object as_approved(json::object says) {
  says["approved"] = approved_hash;
  return says;
}

bool send_approved(Story& story, const char* letter, const std::string& command, const json::object& says, RoleSet writer,
                   const std::optional<std::string>& due_on) {
  return story.send("fix_letter", letter_said(letter, says, due_on), writer) &&
         story.send("approve_letter", {{"hash", approved_hash}}, {Role::compliance}) && story.send(command, as_approved(says), writer);
}

}  // namespace tradecase::testing
