#include "tests/engine/fixture.hpp"

#include <unistd.h>

#include "engine/machine.hpp"
#include "engine/store/languages.hpp"
#include "engine/store/notices.hpp"
#include "engine/store/schema.hpp"

namespace tradecase::testing {
namespace {

struct Data {
  std::string note;
  std::string submitted_by;
  int nudges = 0;
  TRADECASE_FIELDS(Data, note, submitted_by, nudges)
};

struct Waiting : State<"waiting", Waits<"somebody starts the errand">> {};
struct Working : State<"working", Work<"work", Role::nam, "Run the errand">> {};
struct Review : State<"review", Work<"review", Role::supervisor, "Review the errand">> {};
struct Done : Final<"done"> {};

struct Open : CommandBy<"open", Role::nam, Role::timer> {
  std::optional<std::string> note;
  TRADECASE_FIELDS(Open, note)
};
struct Start : CommandBy<"start", Role::nam, Role::officer> {
  Date by;
  int days = 0;
  std::optional<bool> quietly;
  TRADECASE_FIELDS(Start, by, days, quietly)
};
struct Note : CommandBy<"note", Role::nam, Role::officer, Role::timer> {
  std::string text;
  TRADECASE_FIELDS(Note, text)
};
struct Submit : CommandBy<"submit", Role::nam, Role::officer> {
  TRADECASE_FIELDS(Submit)
};
struct Finish : CommandBy<"finish", Role::supervisor> {
  std::optional<bool> held;
  TRADECASE_FIELDS(Finish, held)
};
struct Return : CommandBy<"return", Role::supervisor> {
  TRADECASE_FIELDS(Return)
};
struct Nudge : CommandBy<"nudge", Role::timer> {
  TRADECASE_FIELDS(Nudge)
};
struct Burst : CommandBy<"burst", Role::timer, Role::nam> {
  TRADECASE_FIELDS(Burst)
};
struct NameColleague : CommandBy<"name_colleague", Role::nam> {
  PersonRef who;
  std::optional<std::vector<PersonRef>> also;
  TRADECASE_FIELDS(NameColleague, who, also)
};
struct Perform : CommandBy<"perform", Role::nam, Role::timer> {
  static constexpr Needs needs{true, true};
  std::string what;
  std::string text;
  TRADECASE_FIELDS(Perform, what, text)
};

constexpr Guard has_note{"an errand needs a note", [](const Data& data, const Context&) { return !data.note.empty(); }};
constexpr Guard by_another{"who submitted does not decide",
                           [](const Data& data, const Context& context) { return data.submitted_by != context.actor.id; }};
constexpr Guard is_held{"it must be held", [](const Data&, const Finish& finish, const Context&) { return finish.held.value_or(false); }};
constexpr Guard not_held{"it must not be held",
                         [](const Data&, const Finish& finish, const Context&) { return !finish.held.value_or(false); }};

DateRule due_rule(Date anchor, int days) { return {"errand.due", "day asked for", anchor, 0, days, Rolls::to_business_day}; }

Effects opened(Data& data, const Open& open, const Context&) {
  data.note = open.note.value_or("");
  return {};
}
Effects started(Data&, const Start& start, const Context& context) {
  Derivation due = derive(due_rule(start.by, start.days), context.calendar);
  const Instant end = context.calendar.end_of(due.due_on);
  return {SetDeadline{"due", due}, SetDeadline{"reminder:-1", derive({"errand.reminder", "due day", due.due_on, 0, -1}, context.calendar)},
          StartTimer{"nudge:1", end - std::chrono::days(1), "nudge"}, StartTimer{"nudge:2", end, "nudge"}};
}
Effects noted(Data& data, const Note& note, const Context&) {
  data.note = note.text;
  return {};
}
Effects submitted(Data& data, const Submit&, const Context& context) {
  data.submitted_by = context.actor.id;
  return {};
}
Effects nudged(Data& data, const Nudge&, const Context&) {
  ++data.nudges;
  return {};
}
Effects burst(Data&, const Burst&, const Context&) { throw std::runtime_error("the errand burst"); }
Effects named(Data& data, const NameColleague& command, const Context& context) {
  data.note = context.named.front().person.name;
  return {OpenTask{"assist", Role::compliance, "Assist " + command.who.email, {}, context.named.front().person.id}};
}
Effects performed(Data& data, const Perform& perform, const Context& context) {
  const std::string& what = perform.what;
  const Instant soon = context.now + std::chrono::days(2);
  if (what == "timer") return {StartTimer{perform.text, soon, "nudge"}};
  if (what == "timer:burst") return {StartTimer{perform.text, soon, "burst"}};
  if (what == "timer:perform") return {StartTimer{"perform", soon, "perform", {{"what", "timer"}, {"text", "again"}}}};
  if (what == "timer:finish") return {StartTimer{"finish", soon, "finish"}};
  if (what == "stop") return {StopTimers{perform.text}};
  if (what == "task") return {OpenTask{perform.text, Role::compliance, "Look at " + perform.text, day("2026-03-02")}};
  if (what == "close_task") return {CloseTask{perform.text}};
  if (what == "later") return {SetDeadline{"due", derive(due_rule(context.today, 45), context.calendar)}};
  if (what == "end_deadlines") return {EndDeadlines{perform.text}};
  if (what == "fact") return {RecordFacts{{{"staff.count", json::value(perform.text), {}, "errand", "A", "", ""}}}};
  if (what == "letter") return {SendLetter{"plain", {{"text", perform.text}}, "due"}};
  if (what == "letters") return {SendLetter{"plain", {}, "", {Audience::nam, Audience::supervisor, Audience::company}}};
  if (what == "letter:broken") return {SendLetter{"broken"}};
  if (what == "child") return {OpenCase{"errand", "open", {{"note", perform.text}}, 3}};
  if (what == "child:broken") return {OpenCase{"errand", "start", {}}};
  if (what == "tell") return {SendToOpen{"errand", "note", {{"text", perform.text}}}};
  if (what == "tell_one") return {SendCommand{perform.text, "note", {{"text", "told"}}}};
  if (what == "manager")
    return {OpenTask{"first", Role::nam, "Before"}, UpdateCompany{.nam = perform.text}, OpenTask{"second", Role::nam, "After"}};
  if (what == "contact") return {UpdateCompany{.contacts = {{"Mara Quill", perform.text, "Counsel", "+1 202 555 0101", true}}}};
  if (what == "list_cases") {
    data.note = std::to_string(context.open_cases.size()) + " open, " + std::to_string(context.facts.size()) + " facts";
    return {};
  }
  throw std::logic_error("no such act: " + what);
}

struct Definition : Machine<Definition, Data> {
  // clang-format off
  using transition_table = Table<
    Row< New,     Open,          Waiting, Do<opened>                                >,
    Row< Waiting, Start,         Working, Do<started>                               >,
    Row< Waiting, Note,          Waiting, Do<noted>                                 >,
    Row< Working, Note,          Working, Do<noted>                                 >,
    Row< Working, Perform,       Working, Do<performed>                             >,
    Row< Working, NameColleague, Working, Do<named>                                 >,
    Row< Working, Nudge,         Working, Do<nudged>                                >,
    Row< Working, Burst,         Working, Do<burst>                                 >,
    Row< Working, Submit,        Review,  Do<submitted>, If<has_note>               >,
    Row< Review,  Return,        Working                                            >,
    Row< Review,  Finish,        Done,    Do<>,          If<by_another, not_held>   >,
    Row< Review,  Finish,        Waiting, Do<>,          If<is_held>                >
  >;
  // clang-format on
};

// Shows in plain text what it was given; "broken" is a template that cannot be used.
RenderedLetter render(std::string_view letter, const json::object& fields) {
  if (letter == "broken") throw TemplateError("the letter broken has a fault");
  const std::string shown = json::serialize(fields);
  const std::string company(fields.at("company").as_string());
  return {"Letter " + std::string(letter), "<p>" + shown + "</p>", shown, "About " + company, shown + "\n", "<p>mail</p>"};
}

Rules tiny_rules() {
  const auto rule = [](std::string key, json::value value) {
    return Rule{std::move(key), std::move(value), Mark::assumption, "test", "test"};
  };
  return Rules({rule("delivery.retry_minutes", json::array{5, 30}), rule("delivery.attempts_max", 3), rule("programme.name", "The Errands"),
                rule("programme.office", "The Office"), rule("programme.office_email", "office@example.gov"),
                rule("programme.office_phone", "202-555-0100")});
}

}  // namespace

std::vector<Migration> world_migrations() {
  auto all = engine_migrations();
  for (Migration& one : language_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : notice_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  return all;
}

namespace {

std::filesystem::path fresh(const TempDir& dir) {
  Database::create(dir / "t.db", world_migrations());
  return dir / "t.db";
}

void people_and_companies(Database& database) {
  database.write([](Transaction& tx) {
    for (const char* name : {"Nam", "Deputy", "Supervisor", "Officer", "Stranger", "Admin"})
      add_person(tx, {"", std::string(name) + "@Example.com", std::string(name) + " Smith", "", "", {}});
    for (const char* id : {"C-1", "C-2"}) {
      Company company;
      company.id = id;
      company.legal_name = std::string("Company ") + id;
      company.nam = nam;
      put_company(tx, company);
    }
    add_grant(tx, {nam, "nam", "", false});
    add_grant(tx, {deputy, "compliance", "", false});
    add_grant(tx, {supervisor, "supervisor", "", false});
    add_grant(tx, {officer, "officer", "C-1", true});
    add_grant(tx, {stranger, "officer", "C-2", true});
    add_grant(tx, {admin, "admin", "", false});
  });
}

}  // namespace

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "tradecase-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}
TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Workflow errand() { return make_workflow<Definition>("errand", "Errand"); }

Programme tiny_programme() {
  return {Workflows({errand()}),        tiny_rules(),      Calendar("America/New_York", {}), Forms({}), render,
          "https://portal.example.gov", "mail.example.gov"};
}

Instant at(std::string_view text) { return parse_instant(text).value(); }
Date day(std::string_view text) { return parse_date(text).value(); }

World::World(bool durable)
    : clock(to_ms(at("2026-01-14T16:00:00Z"))),
      programme(tiny_programme()),
      database(fresh(dir), world_migrations(), durable),
      engine(database, programme, [this] { return now(); }) {
  people_and_companies(database);
}

Answer World::say(const std::string& case_id, const std::string& command, json::object body, const std::string& actor,
                  const std::string& key, std::optional<std::int64_t> expected_version) {
  return engine.execute({case_id, "", "", 0, command, std::move(body), actor, key, expected_version});
}

Answer World::open(const std::string& company, const std::string& key, const std::string& actor) {
  return engine.execute({"", "errand", company, 1, "open", {}, actor, key, {}});
}

std::string World::opened(const std::string& company) { return done(open(company)).case_id; }

std::string World::working(const std::string& company, std::string_view by) {
  std::string id = opened(company);
  done(say(id, "start", {{"by", by}, {"days", 0}}));
  return id;
}

Receipt World::done(const Answer& answer) {
  INFO(json::serialize(to_json(answer)));
  REQUIRE(std::holds_alternative<Receipt>(answer));
  return std::get<Receipt>(answer);
}

Refusal World::refused(const Answer& answer) {
  INFO(json::serialize(to_json(answer)));
  REQUIRE(std::holds_alternative<Refusal>(answer));
  return std::get<Refusal>(answer);
}

Receipt World::perform(const std::string& case_id, const std::string& what, const std::string& text) {
  return done(say(case_id, "perform", {{"what", what}, {"text", text}}));
}

void World::sql(const std::string& statements) {
  database.write([&](Transaction& tx) { tx.session().script("pragma defer_foreign_keys = on;" + statements); });
}

std::int64_t World::count(const std::string& from_and_where) {
  return database.read([&](Session& session) { return session.value<std::int64_t>("select count(*) from " + from_and_where).value(); });
}

std::string World::text(const std::string& query) {
  return database.read([&](Session& session) { return session.value<std::string>(query).value_or("(none)"); });
}

Case World::the_case(const std::string& id) {
  return database.read([&](Session& session) { return find_case(session, id).value(); });
}

std::vector<Violation> World::violations() {
  return database.read([&](Session& session) { return verify(session, programme, now()).violations; });
}

void World::check_clean() {
  for (const Violation& violation : violations()) FAIL_CHECK(violation.invariant << " " << violation.case_id << " " << violation.detail);
}

}  // namespace tradecase::testing
