// The only bridge to Boost.MSM: a workflow is written as states, commands, guards, effect functions and one transition table;
// make_workflow<Definition>() turns it into the value the engine runs. Included by workflows/*/*.cpp and its own test only.
//
//   struct Open : State<"open", Work<"file", Role::officer, "File the annual notification">> {};
//   struct Scheduled : State<"scheduled", Waits<"the window opens">> {};
//   struct Accepted : Final<"accepted"> {};
//   struct Accept : CommandBy<"accept", Role::nam> { std::string note; TRADECASE_FIELDS(Accept, note) };
//   constexpr Guard review_complete{"the review checklist must be complete", [](const Data& d, const Context& c) { return …; }};
//   Effects accept(Data&, const Accept&, const Context&);
//   struct Definition : Machine<Definition, Data> { using initial_state = New; using transition_table = Table<Row<…>, …>; };
//   template-free: Workflow annual_notification() { return make_workflow<Definition>("annual_notification", "Annual notification"); }
//
// A guard that takes (data, context) can be told beforehand (permitted); one that takes (data, command, context) needs the
// body. It returns bool, or text that says what exactly is missing ("" = holds). Rows of the same state and command are tried
// from the last to the first: each of them needs a guard, and the guards must exclude one another.
#pragma once

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
#include <boost/mp11/mpl.hpp>  // first: a list of rows becomes an MPL sequence
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "engine/described.hpp"
#include "engine/text.hpp"
#include "engine/workflow.hpp"

namespace tradecase {

namespace mp = boost::mp11;
namespace msm = boost::msm;
namespace mf = boost::msm::front;

template <std::size_t N>
struct Name {
  char text[N]{};
  constexpr Name(const char (&from)[N]) { std::copy_n(from, N, text); }  // NOLINT: a literal is what it is for
  constexpr operator std::string_view() const { return {text, N - 1}; }  // NOLINT
};

// ---- states ---------------------------------------------------------------------------------------------------------

template <Name Kind, Role Who, Name Title>
struct Work {  // the task that stands open as long as the state lasts
  static constexpr std::string_view kind = Kind, title = Title, waits_for = "";
  static constexpr Role role = Who;
};
template <Name What>
struct Waits {  // no task: a timer moves it on, or the wait is declared in words
  static constexpr std::string_view kind = "", title = "", waits_for = What;
  static constexpr Role role = Role::timer;
};
struct Nothing {
  static constexpr std::string_view kind = "", title = "", waits_for = "";
  static constexpr Role role = Role::timer;
};

template <Name N, class Until>
struct State : mf::state<> {
  static constexpr std::string_view name = N;
  static constexpr bool final = false;
  using until = Until;
};
template <Name N>
struct Final : mf::state<> {
  static constexpr std::string_view name = N;
  static constexpr bool final = true;
  using until = Nothing;
};
struct New : State<"", Waits<"the command that opens it">> {};  // before the opening command

// ---- commands, guards, effects -----------------------------------------------------------------------------------------

// A command says once who may send it. What it wants in its context beside the company is said by `needs`.
template <Name N, Role... Who>
struct CommandBy {
  static constexpr std::string_view name = N;
  static constexpr RoleSet roles{Who...};
  static constexpr Needs needs{};
};

template <class Check>
struct Guard {
  std::string_view sentence;  // said when it does not hold
  Check check;
};
template <class Check>
Guard(const char*, Check) -> Guard<Check>;

namespace machine {

// The name of a guard or effect function, as its author wrote it.
template <auto const& G>
constexpr std::string_view name_of_guard() {
  constexpr std::string_view all = __PRETTY_FUNCTION__;
  constexpr auto end = all.find_first_of(";]");
  constexpr auto from = all.substr(0, end).find_last_of(": ");
  return all.substr(from + 1, end - from - 1);
}
template <auto F>
constexpr std::string_view name_of_function() {
  constexpr std::string_view all = __PRETTY_FUNCTION__;
  constexpr auto end = all.find_first_of(";]");
  constexpr auto from = all.substr(0, end).find_last_of(": )&");
  return all.substr(from + 1, end - from - 1);
}

inline std::optional<std::string> failure_of(std::string_view sentence, bool holds) {
  return holds ? std::nullopt : std::optional<std::string>(sentence);
}
inline std::optional<std::string> failure_of(std::string_view sentence, const std::string& missing) {
  return missing.empty() ? std::nullopt : std::optional<std::string>(std::string(sentence) + ": " + missing);
}

template <auto const& G, class Data>
inline constexpr bool needs_no_body = std::invocable<decltype(G.check), const Data&, const Context&>;

template <auto const& G, class Data, class Command>
std::optional<std::string> check(const Data& data, const Command& command, const Context& context) {
  if constexpr (needs_no_body<G, Data>)
    return failure_of(G.sentence, G.check(data, context));
  else
    return failure_of(G.sentence, G.check(data, command, context));
}

template <auto F, class Data, class Command>
Effects apply(Data& data, const Command& command, const Context& context) {
  if constexpr (std::invocable<decltype(F), Data&, const Command&, const Context&>)
    return F(data, command, context);
  else
    return F(data, context);
}

}  // namespace machine

template <auto const&... Gs>
struct If {
  template <class Data, class Command>
  static std::vector<std::string> failures(const Data& data, const Command& command, const Context& context) {
    std::vector<std::string> all;
    [[maybe_unused]] const auto add = [&](std::optional<std::string> failure) {
      if (failure) all.push_back(std::move(*failure));
    };
    (add(machine::check<Gs>(data, command, context)), ...);
    return all;
  }
  // What can be said without the body; false in .second where a guard wants it.
  template <class Data>
  static std::pair<std::vector<std::string>, bool> known_failures(const Data& data, const Context& context) {
    std::vector<std::string> all;
    bool complete = true;
    [[maybe_unused]] const auto one = [&]<auto const & G>() {
      if constexpr (machine::needs_no_body<G, Data>) {
        if (auto failure = machine::failure_of(G.sentence, G.check(data, context))) all.push_back(std::move(*failure));
      } else {
        complete = false;
      }
    };
    (one.template operator()<Gs>(), ...);
    return {std::move(all), complete};
  }
  static std::vector<GuardInfo> infos() { return {GuardInfo{std::string(machine::name_of_guard<Gs>()), std::string(Gs.sentence)}...}; }
  static constexpr bool empty = sizeof...(Gs) == 0;
};

template <auto... Fs>
struct Do {
  template <class Data, class Command>
  static void apply(Data& data, const Command& command, const Context& context, Effects& effects) {
    ((effects += machine::apply<Fs>(data, command, context)), ...);
  }
  static std::vector<std::string> names() { return {std::string(machine::name_of_function<Fs>())...}; }
  static constexpr bool empty = sizeof...(Fs) == 0;
};

// From, command, to, effects, guards; To = From stays in the state (its task stays open).
template <class From, class Command, class To, class Effects_ = Do<>, class Guards = If<>>
struct Row {
  using from = From;
  using command = Command;
  using to = To;
  using effects = Effects_;
  using guards = Guards;
};
template <class... Rows>
using Table = mp::mp_list<Rows...>;

// The same row for several states: Table is spliced by Rows<…> (mp_append).
template <class... Lists>
using Tables = mp::mp_append<Lists...>;

// What a workflow's Definition derives from: its data. The machine MSM runs is machine::Front<Definition>.
template <class Definition, class DataType>
struct Machine {
  using Data = DataType;
};

namespace machine {

template <class R>
using FromOf = typename R::from;
template <class R>
using ToOf = typename R::to;
template <class R>
using CommandOf = typename R::command;

template <class Table_>
using StatesOf = mp::mp_unique<mp::mp_append<mp::mp_transform<FromOf, Table_>, mp::mp_transform<ToOf, Table_>>>;
template <class Table_>
using CommandsOf = mp::mp_unique<mp::mp_transform<CommandOf, Table_>>;

// ---- compile-time checks -----------------------------------------------------------------------------------------------

// Over plain arrays of names: cheap to compile, however long the table.

struct StateBrief {
  std::string_view name;
  bool final, plain;
};
struct RowBrief {
  std::string_view from, command, to;
  bool guarded;
};

template <class List>
struct Briefs;
template <class... Ts>
struct Briefs<mp::mp_list<Ts...>> {
  static constexpr auto states() {
    return std::array{
        StateBrief{Ts::name, Ts::final,
                   sizeof(Ts) == sizeof(mf::state<>) && (Ts::final || !Ts::until::kind.empty() || !Ts::until::waits_for.empty())}...};
  }
  static constexpr auto commands() { return std::array<std::string_view, sizeof...(Ts)>{Ts::name...}; }
  static constexpr auto rows() { return std::array{RowBrief{Ts::from::name, Ts::command::name, Ts::to::name, !Ts::guards::empty}...}; }
};

constexpr bool states_unique(const auto& states) {
  for (std::size_t a = 0; a < states.size(); ++a)
    for (std::size_t b = a + 1; b < states.size(); ++b)
      if (states[a].name == states[b].name) return false;
  return true;
}

constexpr bool commands_unique(const auto& names) {
  for (std::size_t a = 0; a < names.size(); ++a)
    for (std::size_t b = a + 1; b < names.size(); ++b)
      if (names[a] == names[b]) return false;
  return true;
}

template <std::size_t N>
constexpr bool all_reachable(const std::array<StateBrief, N>& states, const auto& rows) {
  std::array<bool, N> reached{};
  const auto at = [&](std::string_view name) {
    std::size_t i = 0;
    while (states[i].name != name) ++i;
    return i;
  };
  reached[at(New::name)] = true;
  for (bool grew = true; grew;) {
    grew = false;
    for (const RowBrief& row : rows)
      if (reached[at(row.from)] && !reached[at(row.to)]) grew = reached[at(row.to)] = true;
  }
  return std::ranges::all_of(reached, [](bool b) { return b; });
}

// Rows are tried from the last to the first: a row without a guard hides every other row of its state and command.
constexpr bool none_shadowed(const auto& rows) {
  for (std::size_t a = 0; a < rows.size(); ++a)
    for (std::size_t b = 0; b < rows.size(); ++b)
      if (a != b && rows[a].from == rows[b].from && rows[a].command == rows[b].command && !(rows[a].guarded && rows[b].guarded))
        return false;
  return true;
}

// A state that is not final has a row to another state; a final one has no row.
constexpr bool each_leaves(const auto& states, const auto& rows) {
  for (const StateBrief& state : states) {
    bool leaves = false, any = false;
    for (const RowBrief& row : rows) {
      any = any || row.from == state.name;
      leaves = leaves || (row.from == state.name && row.to != state.name);
    }
    if (state.final ? any : !leaves) return false;
  }
  return true;
}

constexpr bool all_plain(const auto& states) {
  return std::ranges::all_of(states, [](const StateBrief& state) { return state.plain; });
}

// ---- one step ----------------------------------------------------------------------------------------------------------

struct Restore {  // MSM's own serialize hook, told which state to stand in
  int id;
  template <std::size_t N>
  Restore& operator&(int (&ids)[N]) {
    static_assert(N == 1, "one region");
    ids[0] = id;
    return *this;
  }
  template <class T>
  Restore& operator&(T&) {
    return *this;
  }
};

// MSM writes its whole table into the symbols of each function it makes. Rows and their functors therefore go to it under
// short names: by their place in the table. With the rows' own names a long table costs minutes and gigabytes to compile.
template <class Definition, std::size_t I>
using RowAt = mp::mp_at_c<typename Definition::transition_table, I>;

template <class Definition, std::size_t I>
struct GuardAt {
  template <class Event, class Fsm, class From, class To>
  bool operator()(const Event& event, Fsm& fsm, From&, To&) const {
    auto failed = RowAt<Definition, I>::guards::failures(*fsm.data, event, *fsm.context);
    if (failed.empty()) return true;
    fsm.refusals->push_back(std::move(failed));
    return false;
  }
};

template <class Definition, std::size_t I>
struct EffectsAt {
  template <class Event, class Fsm, class From, class To>
  void operator()(const Event& event, Fsm& fsm, From&, To&) const {
    RowAt<Definition, I>::effects::apply(*fsm.data, event, *fsm.context, *fsm.effects);
  }
};

template <class Definition, std::size_t I, class R = RowAt<Definition, I>>
using FrontRow = mf::Row<typename R::from, typename R::command,
                         std::conditional_t<std::is_same_v<typename R::from, typename R::to>, mf::none, typename R::to>,
                         std::conditional_t<R::effects::empty, mf::none, EffectsAt<Definition, I>>,
                         std::conditional_t<R::guards::empty, mf::none, GuardAt<Definition, I>>>;
template <class Definition, std::size_t I>
struct At : FrontRow<Definition, I> {};

template <class Definition, class Places>
struct FrontTable;
template <class Definition, std::size_t... I>
struct FrontTable<Definition, std::index_sequence<I...>> {
  using type = mp::mp_list<At<Definition, I>...>;
};

template <class Definition>
struct Front : mf::state_machine_def<Front<Definition>> {
  using initial_state = New;
  using transition_table =
      typename FrontTable<Definition, std::make_index_sequence<mp::mp_size<typename Definition::transition_table>::value>>::type;
  using no_exception_thrown = int;  // what an effect function throws reaches the caller; otherwise MSM reports it as handled
  using no_message_queue = int;     // a transition never raises another command

  typename Definition::Data* data = nullptr;
  const Context* context = nullptr;
  Effects* effects = nullptr;
  std::vector<std::vector<std::string>>* refusals = nullptr;

  template <class Fsm, class Event>
  void no_transition(const Event&, Fsm&, int) {}  // the return code says it; the default asserts
};

template <class Definition>
struct Tables {
  using Rows = typename Definition::transition_table;
  using States = StatesOf<Rows>;
  using Commands = CommandsOf<Rows>;
  using Data = typename Definition::Data;
  using Fsm = msm::back::state_machine<Front<Definition>>;

  struct Id {
    std::string_view name;
    int id;
  };
  template <class... Ss>
  static constexpr auto ids_of(mp::mp_list<Ss...>) {
    return std::array{Id{Ss::name, msm::back::get_state_id<typename Fsm::stt, Ss>::type::value}...};
  }
  static int id_of(std::string_view name) {
    for (const Id& known : ids_of(States{}))
      if (known.name == name) return known.id;
    throw std::logic_error("a stored state that this workflow does not know: " + std::string(name));
  }
  static std::string_view name_of(int id) {
    for (const Id& known : ids_of(States{}))
      if (known.id == id) return known.name;
    throw std::logic_error("a machine stands in a state without a name");
  }
};

std::string who_may(RoleSet roles);  // "Only a supervisor or Trade Compliance staff"
Refusal forbidden(std::string_view command, RoleSet may, const Actor& actor);
Refusal wrong_state(const Workflow& workflow, std::string_view command, std::string_view state);
Refusal unknown_command(const Workflow& workflow, std::string_view command);
Refusal unreadable(std::string_view command, std::vector<Problem> problems);
Refusal guard_refused(std::string_view command, const std::vector<std::vector<std::string>>& refusals);

template <class Definition, class Command>
Outcome run(const Workflow& workflow, const Case& on, const tradecase::Command& said, const Context& context) {
  using T = Tables<Definition>;
  if (!Command::roles.any_of(context.actor.roles)) return forbidden(Command::name, Command::roles, context.actor);
  auto read = described::from_body<Command>(said.body);
  if (!read.problems.empty()) return unreadable(Command::name, std::move(read.problems));

  auto data = described::from_stored<typename T::Data>(on.data);
  Effects effects;
  std::vector<std::vector<std::string>> refusals;
  typename T::Fsm fsm;
  fsm.data = &data;
  fsm.context = &context;
  fsm.effects = &effects;
  fsm.refusals = &refusals;
  Restore restore{T::id_of(on.state)};
  fsm.serialize(restore, 0U);

  const auto code = fsm.process_event(read.value);
  if (code == msm::back::HANDLED_TRUE)
    return Step{std::string(T::name_of(fsm.current_state()[0])), described::to_json(std::move(data)).as_object(), std::move(effects)};
  if (code == msm::back::HANDLED_GUARD_REJECT) return guard_refused(Command::name, refusals);
  return wrong_state(workflow, Command::name, on.state);
}

using Run = Outcome (*)(const Workflow&, const Case&, const Command&, const Context&);

template <class Definition, class... Commands>
Outcome step(const Workflow& workflow, const Case& on, const Command& said, const Context& context, mp::mp_list<Commands...>) {
  static constexpr std::pair<std::string_view, Run> runs[] = {{Commands::name, &run<Definition, Commands>}...};
  for (const auto& [name, run_it] : runs)
    if (name == said.name) return run_it(workflow, on, said, context);
  return unknown_command(workflow, said.name);
}

// ---- what is permitted now -----------------------------------------------------------------------------------------------

template <class Data>
struct RowGuards {
  std::string_view from, command;
  std::pair<std::vector<std::string>, bool> (*known_failures)(const Data&, const Context&);
};

template <class Data, class... Rows>
constexpr auto row_guards(mp::mp_list<Rows...>) {
  return std::array{RowGuards<Data>{Rows::from::name, Rows::command::name, &Rows::guards::template known_failures<Data>}...};
}

template <class Definition>
std::vector<Permission> permissions(const Workflow& workflow, const Case& on, const Context& context) {
  using T = Tables<Definition>;
  static constexpr auto guards = row_guards<typename T::Data>(typename T::Rows{});
  const auto data = described::from_stored<typename T::Data>(on.data);
  std::vector<Permission> all;
  for (const CommandInfo& command : workflow.commands) {
    Permission& answer = all.emplace_back(Permission{command.name, Permission::Verdict::no, {}});
    if (!command.roles.any_of(context.actor.roles)) {
      answer.reasons.push_back(forbidden(command.name, command.roles, context.actor).sentence);
      continue;
    }
    bool here = false, possible = false;
    bool needs_body = std::ranges::any_of(command.fields, [](const FieldInfo& field) { return field.required; });
    for (const auto& row : guards) {
      if (row.command != command.name || row.from != on.state) continue;
      here = true;
      auto [failures, complete] = row.known_failures(data, context);
      possible = possible || failures.empty();
      needs_body = needs_body || (failures.empty() && !complete);
      for (std::string& failure : failures) answer.reasons.push_back(std::move(failure));
    }
    if (!here) answer.reasons.push_back(wrong_state(workflow, command.name, on.state).sentence);
    if (possible) {
      answer.verdict = needs_body ? Permission::Verdict::needs_input : Permission::Verdict::yes;
      answer.reasons.clear();
    }
  }
  return all;
}

template <class State_>
StateInfo state_info() {
  using U = typename State_::until;
  return {std::string(State_::name), State_::final, std::string(U::kind), U::role, std::string(U::title), std::string(U::waits_for)};
}

template <class... States, class... Commands, class... Rows>
void describe(Workflow& workflow, mp::mp_list<States...>, mp::mp_list<Commands...>, mp::mp_list<Rows...>) {
  (workflow.states.push_back(state_info<States>()), ...);
  (workflow.commands.push_back({std::string(Commands::name), Commands::roles, described::fields_of<Commands>(), Commands::needs}), ...);
  (workflow.transitions.push_back({std::string(Rows::from::name), std::string(Rows::command::name), std::string(Rows::to::name),
                                   Rows::effects::names(), Rows::guards::infos()}),
   ...);
}

}  // namespace machine

template <class Definition>
Workflow make_workflow(std::string name, std::string title) {
  using T = machine::Tables<Definition>;
  constexpr auto states = machine::Briefs<typename T::States>::states();
  constexpr auto commands = machine::Briefs<typename T::Commands>::commands();
  constexpr auto rows = machine::Briefs<typename T::Rows>::rows();
  static_assert(machine::states_unique(states), "two states of one name");
  static_assert(machine::commands_unique(commands), "two commands of one name");
  static_assert(machine::all_reachable(states, rows), "a state that no command leads to");
  static_assert(machine::none_shadowed(rows), "two rows of one state and command, and one of them has no guard");
  static_assert(machine::each_leaves(states, rows), "a state that is not final needs a row that leaves it; a final one has none");
  static_assert(machine::all_plain(states), "a state holds no data, and says what it waits for");

  Workflow workflow{std::move(name), std::move(title), {}, {}, {}, {}, {}};
  machine::describe(workflow, typename T::States{}, typename T::Commands{}, typename T::Rows{});
  Workflow tables = workflow;  // what the functions below say in refusals
  workflow.permitted = [tables](const Case& on, const Context& context) { return machine::permissions<Definition>(tables, on, context); };
  workflow.step = [tables = std::move(tables)](const Case& on, const Command& said, const Context& context) {
    return machine::step<Definition>(tables, on, said, context, typename T::Commands{});
  };
  return workflow;
}

}  // namespace tradecase
