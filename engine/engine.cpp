#include "engine/engine.hpp"

#include <algorithm>

#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase {

// Everything that was read for one command.
struct Engine::Loaded {
  const Workflow* workflow = nullptr;
  Case on;
  Company company;
  Actor actor;
  std::vector<CaseSummary> open_cases;
  std::vector<Fact> facts;
  std::vector<NamedPerson> named;
};

namespace {

const std::string no_leaf(64, '0');

Refusal not_found(std::string sentence) { return {RefusalCode::not_found, std::move(sentence)}; }

Refusal case_not_found(std::string_view case_id) {
  return not_found(text_problem(case_id, 40) ? "There is no such case, or it is not yours."
                                             : "There is no case " + std::string(case_id) + ", or it is not yours.");
}

bool deeper_than(std::size_t most, const json::value& value) {
  const auto inside = [&](const json::value& item) { return most == 0 || deeper_than(most - 1, item); };
  if (const auto* list = value.if_array()) return most == 0 || std::ranges::any_of(*list, inside);
  if (const auto* object = value.if_object())
    return most == 0 || std::ranges::any_of(*object, [&](const auto& entry) { return inside(entry.value()); });
  return false;
}
bool deeper_than(std::size_t most, const json::object& object) {
  return std::ranges::any_of(object, [&](const auto& entry) { return deeper_than(most - 1, entry.value()); });
}

// What is kept is read back as JSON, which is UTF-8.
bool is_utf8(const std::string& written_json) {
  if (std::ranges::all_of(written_json, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return true;
  boost::json::error_code failed;
  json::parse(written_json, failed);
  return !failed;
}

std::optional<Refusal> malformed(const Command& command, const std::string& body) {
  const auto bad = [](std::string sentence) { return Refusal{RefusalCode::invalid, std::move(sentence)}; };
  if (command.key.size() > key_length_max || text_problem(command.key, key_length_max))
    return bad("The idempotency key is text of at most " + std::to_string(key_length_max) + " bytes without control characters.");
  if (command.name.empty() || text_problem(command.name, 80)) return bad("The command's name is missing or is no name.");
  if (text_problem(command.actor, key_length_max)) return bad("Who sends the command is not said in readable text.");
  if (body.size() > body_bytes_max) return bad("The body is larger than 1 MiB.");
  if (deeper_than(body_depth_max, command.body))
    return bad("The body holds lists and objects more than " + std::to_string(body_depth_max) + " deep.");
  if (!is_utf8(body)) return bad("The body is not UTF-8 text.");
  return std::nullopt;
}

std::string command_hash(const Command& command, const std::string& body) {
  const json::array said{command.case_id, command.workflow,
                         command.company, command.cycle,
                         command.name,    command.expected_version ? json::value(*command.expected_version) : json::value(nullptr)};
  return sha256_hex(json::serialize(said) + body);
}

// Names what happened after the version that the sender had seen.
Refusal conflict(Session& session, const Case& on, std::int64_t expected) {
  std::string since;
  for (const Event& event : history_of(session, on.id)) {
    if (event.kind != "event") continue;
    const json::object line = json::parse(event.line).as_object();
    if (line.at("v").as_int64() <= expected) continue;
    since += (since.empty() ? "" : ", ") + std::string(line.at("command").as_string()) + " (version " +
             std::to_string(line.at("v").as_int64()) + ", " + std::string(line.at("at").as_string()) + ")";
  }
  return {RefusalCode::conflict,
          since.empty()
              ? "This case is at version " + std::to_string(on.version) + "; version " + std::to_string(expected) + " does not exist yet."
              : "This case has changed since version " + std::to_string(expected) + ": " + since + ". Look at it again before you go on."};
}

// The e-mails in fields of type person; found here, because a guard reads no database.
std::variant<std::vector<NamedPerson>, Refusal> find_named(Session& session, const CommandInfo& info, const json::object& body,
                                                           Date today) {
  std::vector<NamedPerson> named;
  std::vector<Problem> problems;
  const auto one = [&](const std::string& field, const json::value& value) {
    if (!value.is_string()) return;  // the reader of the body says so
    const auto person = find_person_by_email(session, value.as_string());
    if (!person || (person->departed_on && *person->departed_on <= today)) {
      problems.push_back({field, "names nobody that is known here"});
      return;
    }
    RoleSet roles;
    for (const Grant& grant : grants_of(session, person->id))
      if (const auto role = parse_role(grant.role); role && grant.company.empty()) roles.add(*role);
    named.push_back({*person, roles});
  };
  for (const FieldInfo& field : info.fields) {
    const auto* value = body.if_contains(field.name);
    if (value == nullptr) continue;
    if (field.type == "person") one(field.name, *value);
    if (field.type == "list of person" && value->is_array())
      for (const json::value& item : value->as_array()) one(field.name, item);
  }
  if (problems.empty()) return named;
  std::string sentence = problems.front().field + " " + problems.front().sentence + ".";
  return Refusal{RefusalCode::invalid, std::move(sentence), std::move(problems)};
}

// Takes the lists out of what was loaded; refers to the rest.
Context context_of(const Programme& programme, auto& loaded, Instant now) {
  return {loaded.actor,
          now,
          programme.calendar.day_of(now),
          programme.calendar,
          programme.rules,
          programme.forms,
          loaded.company,
          std::move(loaded.open_cases),
          std::move(loaded.facts),
          loaded.on.id,
          loaded.on.cycle,
          loaded.on.version,
          std::move(loaded.named)};
}

}  // namespace

Engine::Engine(Database& database, const Programme& programme, Clock clock)
    : database_(database), programme_(&programme), clock_(std::move(clock)) {}

// What needs no database, found before the writer is asked for.
struct Engine::Received {
  explicit Received(const Command& command) {
    const std::string body = json::serialize(command.body);
    malformed = tradecase::malformed(command, body);
    if (!malformed && !command.key.empty()) hash = command_hash(command, body);
  }
  std::optional<Refusal> malformed;
  std::string hash;  // of all that makes it the same command again; empty without a key
};

Answer Engine::execute(const Command& command) {
  const Received received(command);
  std::optional<Instant> first_work;
  Answer answer = database_.write([&](Transaction& tx) {
    Answer said = answer_in(tx, command, received);
    first_work = tx.first_work();
    return said;
  });
  if (wake_) wake_(first_work);
  return answer;
}

// Several commands on their way through the writer.
struct Engine::Batch {
  explicit Batch(std::vector<Command> all)
      : commands(std::move(all)), received(commands.begin(), commands.end()), answers(commands.size()) {}

  std::vector<std::function<void(Transaction&)>> works(Engine& engine) {
    std::vector<std::function<void(Transaction&)>> all;
    all.reserve(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i)
      all.emplace_back([this, &engine, i](Transaction& tx) {
        answers[i] = engine.answer_in(tx, commands[i], received[i]);
        if (const auto made = tx.first_work()) first_work = std::min(first_work.value_or(*made), *made);
      });
    return all;
  }

  const std::vector<Command> commands;
  const std::vector<Received> received;
  std::vector<Answer> answers;
  std::optional<Instant> first_work;
};

std::vector<Answer> Engine::execute_all(const std::vector<Command>& commands) {
  Batch batch(commands);
  database_.write_all(batch.works(*this));
  if (wake_) wake_(batch.first_work);
  return std::move(batch.answers);
}

void Engine::submit(std::vector<Command> commands, std::function<void(Decisions)> decided) {
  auto batch = std::make_shared<Batch>(std::move(commands));
  auto works = batch->works(*this);
  database_.submit(std::move(works), [this, batch, decided = std::move(decided)](std::vector<std::exception_ptr> errors) {
    decided([this, batch, errors = std::move(errors)] {
      std::vector<Decision> all(batch->answers.begin(), batch->answers.end());
      for (std::size_t i = 0; i < errors.size(); ++i)
        if (errors[i]) all[i] = errors[i];
      if (wake_) wake_(batch->first_work);
      return all;
    });
  });
}

Answer Engine::execute_in(Transaction& tx, const Command& command) { return answer_in(tx, command, Received(command)); }

Answer Engine::answer_in(Transaction& tx, const Command& command, const Received& received) {
  const Instant now = clock_();
  if (received.malformed) {
    record_refusal(tx, "", "", text_problem(command.actor, key_length_max) ? "" : command.actor, now, *received.malformed, {});
    return *received.malformed;
  }
  if (command.key.empty()) return decide(tx, command, now);

  if (auto said = find_receipt(tx, command.actor, command.key)) {
    if (said->body_hash == received.hash) return said->answer;
    const Refusal refusal{RefusalCode::key_reused,
                          "This idempotency key was used for another command before. Use a new key for a new act."};
    record_refusal(tx, "", command.name, command.actor, now, refusal, command.body);
    return refusal;
  }
  Answer answer = decide(tx, command, now);
  save_receipt(tx, command.actor, command.key, received.hash, answer, now);
  return answer;
}

Answer Engine::decide(Transaction& tx, const Command& command, Instant now) {
  const auto refuse = [&](Refusal refusal, std::string_view case_id) -> Answer {
    record_refusal(tx, case_id, command.name, command.actor, now, refusal, command.body);
    return refusal;
  };
  auto loaded = load(tx, command, now);
  if (auto* refusal = std::get_if<Refusal>(&loaded))  // the record names a case that is not the sender's; the answer does not
    return refuse(std::move(*refusal), !command.case_id.empty() && find_case(tx, command.case_id) ? std::string_view(command.case_id) : "");
  auto& all = std::get<Loaded>(loaded);
  const std::string_view on_record = all.on.version == 0 ? "" : std::string_view(all.on.id);  // a case not opened has no lines
  if (command.expected_version && *command.expected_version != all.on.version)
    return refuse(conflict(tx, all.on, *command.expected_version), on_record);

  if (const CommandInfo* info = all.workflow->command(command.name)) {
    if (info->needs.open_cases) all.open_cases = open_cases_of(tx, all.company.id, all.on.id);
    if (info->needs.facts) all.facts = facts_of(tx, all.company.id);
    auto named = find_named(tx, *info, command.body, programme().calendar.day_of(now));
    if (auto* refusal = std::get_if<Refusal>(&named)) {
      if (info->roles.any_of(all.actor.roles)) return refuse(std::move(*refusal), on_record);
    } else {
      all.named = std::get<std::vector<NamedPerson>>(std::move(named));
    }
  }
  Outcome outcome = all.workflow->step(all.on, command, context_of(programme(), all, now));
  if (auto* refusal = std::get_if<Refusal>(&outcome)) return refuse(std::move(*refusal), on_record);
  return record(tx, command, all, std::get<Step>(std::move(outcome)), now);
}

std::variant<Engine::Loaded, Refusal> Engine::load(Session& session, const Command& command, Instant now) {
  Loaded loaded;
  const Date today = programme().calendar.day_of(now);
  const bool opening = command.case_id.empty();
  if (opening) {
    loaded.workflow = programme().workflows.find(command.workflow);
    if (loaded.workflow == nullptr) return Refusal{RefusalCode::invalid, "There is no workflow of that name."};
    auto company = find_company(session, command.company);
    if (!company) return not_found("There is no such company, or it is not yours.");
    loaded.company = std::move(*company);
    const int year = static_cast<int>(std::chrono::year_month_day(today).year());
    loaded.on = {next_case_id(session, year), command.workflow, command.company, command.cycle, "", 0, {}, now, no_leaf, true};
  } else {
    auto found = find_case(session, command.case_id);
    if (!found) return case_not_found(command.case_id);
    loaded.on = std::move(*found);
    loaded.workflow = &programme().workflows.get(loaded.on.workflow);
    loaded.company = find_company(session, loaded.on.company).value();
  }
  if (command.actor == "timer") {
    loaded.actor = timer_actor();
    return loaded;
  }
  auto actor = find_actor(session, command.actor, loaded.company, today);
  // "Not yours" and "not there" look the same to those who do not belong to the agency.
  if (!actor || (actor->roles.empty() && !actor->staff))
    return opening ? not_found("There is no such company, or it is not yours.") : case_not_found(command.case_id);
  loaded.actor = std::move(*actor);
  return loaded;
}

Answer Engine::record(Transaction& tx, const Command& command, Loaded& loaded, Step step, Instant now) {
  Case& on = loaded.on;
  const std::string from = on.state;
  const bool opening = on.version == 0;
  on.state = std::move(step.to);
  on.data = std::move(step.data);
  ++on.version;
  const bool ends = on.open && loaded.workflow->state(on.state)->final;

  if (opening) insert_case(tx, on);  // the history line refers to it
  json::object data{{"body", command.body}};
  if (!loaded.actor.on_behalf_of.empty()) data["on_behalf_of"] = loaded.actor.on_behalf_of;
  record_event(tx, on, from, command.name, command.actor, now, data);
  on.open = on.open && !ends;

  apply_effects({tx, *this, programme(), loaded.company, loaded.actor, on, from, now}, std::move(step.effects));
  return Receipt{on.id, command.name, on.version, from, on.state, now};
}

Answer Engine::open_in(Transaction& tx, std::string_view workflow, std::string_view company, std::string_view command, json::object body,
                       int cycle, std::optional<Instant> now) {
  Command opening;
  opening.workflow = workflow;
  opening.company = company;
  opening.cycle = cycle;
  opening.name = command;
  opening.body = std::move(body);
  opening.actor = "timer";
  return decide(tx, opening, now ? *now : clock_());
}

bool Engine::fire(Transaction& tx, const Timer& timer) {
  if (!claim_timer(tx, timer)) return false;  // fired first: the command may start a timer of the same name
  Command command;
  command.case_id = timer.case_id;
  command.name = timer.command;
  command.body = timer.body;
  command.actor = "timer";
  command.key = "timer:" + std::to_string(timer.id) + ":" + to_text(timer.due_at);
  const Answer answer = execute_in(tx, command);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) end_timer(tx, timer.id, "refused", refusal->sentence);
  return true;
}

std::variant<std::vector<Permission>, Refusal> Engine::permitted(std::string_view case_id, std::string_view person) {
  return database_.read([&](Session& session) -> std::variant<std::vector<Permission>, Refusal> {
    Command command;
    command.case_id = case_id;
    command.actor = person.empty() ? "timer" : std::string(person);
    const Instant now = clock_();
    auto loaded = load(session, command, now);
    if (auto* refusal = std::get_if<Refusal>(&loaded)) return std::move(*refusal);
    auto& all = std::get<Loaded>(loaded);
    if (person.empty())
      for (const Role role : all_roles) all.actor.roles.add(role);
    all.open_cases = open_cases_of(session, all.company.id, all.on.id);
    all.facts = facts_of(session, all.company.id);
    return all.workflow->permitted(all.on, context_of(programme(), all, now));
  });
}

}  // namespace tradecase
