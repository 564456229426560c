// One road for every act: execute() loads, decides, records. People, timers, imports and the command line all take it.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/calendar.hpp"
#include "engine/form.hpp"
#include "engine/letter.hpp"
#include "engine/rules.hpp"
#include "engine/store/database.hpp"
#include "engine/store/store.hpp"
#include "engine/workflow.hpp"

namespace tradecase {

// What a decision is made with; chosen by the program, read-only afterwards.
struct Programme {
  Workflows workflows;
  Rules rules;
  Calendar calendar;
  Forms forms;
  Renderer render;
  std::string portal_url;  // letters and mails point there: https://host, without a slash at the end
  std::string mail_host;   // right side of message ids
};

inline constexpr std::size_t body_bytes_max = 1024 * 1024;  // of a command's body, serialised
inline constexpr std::size_t key_length_max = 200;          // of an idempotency key
inline constexpr std::size_t body_depth_max = 16;           // of lists and objects within each other; stored text is read to 32

class Engine {
 public:
  Engine(Database& database, const Programme& programme, Clock clock);

  // Decides and records one command in one transaction; returns when the commit is durable. A refusal is an answer and is
  // recorded too. Throws when the world is broken (StoreFailure, TemplateError): then nothing of the command stands.
  Answer execute(const Command& command);
  // Several at once, in order, sharing commits. What one of them throws is thrown after all have ended; the others stand.
  std::vector<Answer> execute_all(const std::vector<Command>& commands);
  // Likewise, but comes back at once. When they have ended `decided` is called on the thread that commits, which it must not hold up: what
  // it is given is for another thread to call, once. That one tells whoever waits for commits, and gives each command its answer or what
  // it threw.
  using Decision = std::variant<Answer, std::exception_ptr>;
  using Decisions = std::function<std::vector<Decision>()>;
  void submit(std::vector<Command> commands, std::function<void(Decisions)> decided);
  // Within a transaction of the caller, which commits.
  Answer execute_in(Transaction& tx, const Command& command);
  // Opens a case of the company within the caller's transaction, as the timer: what a roster import does.
  // Its moment is `now` where given: one moment a command.
  Answer open_in(Transaction& tx, std::string_view workflow, std::string_view company, std::string_view command, json::object body,
                 int cycle = 0, std::optional<Instant> now = {});

  // Fires one timer: its command as the timer's, keyed by id and due time. False when it was not due any more.
  bool fire(Transaction& tx, const Timer& timer);

  // Every command of the case's workflow with yes, no and why, or needs input. `person` may be "timer"; empty: for
  // whoever holds the right role.
  std::variant<std::vector<Permission>, Refusal> permitted(std::string_view case_id, std::string_view person);

  Instant now() const { return clock_(); }
  Date today() const { return programme().calendar.day_of(clock_()); }
  Database& database() { return database_; }
  const Programme& programme() const { return *programme_; }
  // Decides with another one from now on. Called within a write, so that no command is under way; both live as long as the engine.
  void use(const Programme& programme) { programme_ = &programme; }
  // Called after each commit of execute and execute_all, with the moment from which a timer or a mail of it waits, if it left any.
  void on_commit(std::function<void(std::optional<Instant> first_work)> wake) { wake_ = std::move(wake); }

 private:
  struct Received;
  struct Batch;
  struct Loaded;
  Answer answer_in(Transaction& tx, const Command& command, const Received& received);
  std::variant<Loaded, Refusal> load(Session& session, const Command& command, Instant now);
  Answer decide(Transaction& tx, const Command& command, Instant now);
  Answer record(Transaction& tx, const Command& command, Loaded& loaded, Step step, Instant now);

  Database& database_;
  std::atomic<const Programme*> programme_;
  Clock clock_;
  std::function<void(std::optional<Instant>)> wake_;
};

// Applies what a step returned and writes the case's row, in the transaction that records it. Part of the engine; effects.cpp.
struct Applied {
  Transaction& tx;
  Engine& engine;
  const Programme& programme;
  const Company& company;
  const Actor& actor;
  const Case& changed;  // as recorded: new state and version
  std::string_view from_state;
  Instant now;
};
void apply_effects(const Applied& on, Effects effects);

// Writes one letter and its mails; letters are applied after all else, so that they speak of what stands. writing.cpp.
void write_letter(const Applied& on, const SendLetter& letter);
std::string content_hash(const Message& message);  // of all that its recipient sees but the sender and date: stored beside the mail

}  // namespace tradecase
