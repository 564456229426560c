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

#include <boost/mp11/mpl.hpp>  // first: a list of rows becomes an MPL sequence
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
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
    [[maybe_unused]] const auto one = [&]<auto const& G>() {
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

  template <class Event, class Fsm, class From, class To>
  bool operator()(const Event& event, Fsm& fsm, From&, To&) const {
    auto failed = failures(*fsm.data, event, *fsm.context);
    if (failed.empty()) return true;
    fsm.refusals->push_back(std::move(failed));
    return false;
  }
};

template <auto... Fs>
struct Do {
  template <class Event, class Fsm, class From, class To>
  void operator()(const Event& event, Fsm& fsm, From&, To&) const {
    ((*fsm.effects += machine::apply<Fs>(*fsm.data, event, *fsm.context)), ...);
  }
  static std::vector<std::string> names() { return {std::string(machine::name_of_function<Fs>())...}; }
};

// From, command, to, effects, guards; To = From stays in the state (its task stays open).
template <class From, class Command, class To, class Effects_ = Do<>, class Guards = If<>>
struct Row : mf::Row<From, Command, std::conditional_t<std::is_same_v<From, To>, mf::none, To>, Effects_, Guards> {
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

template <class Definition, class DataType>
struct Machine : mf::state_machine_def<Definition> {
  using Data = DataType;
  using initial_state = New;
  using no_exception_thrown = int;  // what an effect function throws reaches the caller; otherwise MSM reports it as handled
  using no_message_queue = int;     // a transition never raises another command

  Data* data = nullptr;
  const Context* context = nullptr;
  Effects* effects = nullptr;
  std::vector<std::vector<std::string>>* refusals = nullptr;

  template <class Fsm, class Event>
  void no_transition(const Event&, Fsm&, int) {}  // the return code says it; the default asserts
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

template <class List>
constexpr bool names_unique() {
  constexpr std::size_t n = mp::mp_size<List>::value;
  std::array<std::string_view, n> names{};
  std::size_t i = 0;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, List>>([&](auto type) { names[i++] = decltype(type)::type::name; });
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b)
      if (names[a] == names[b]) return false;
  return true;
}

template <class Table_>
constexpr bool all_reachable() {
  using States = StatesOf<Table_>;
  std::array<bool, mp::mp_size<States>::value> reached{};
  reached[mp::mp_find<States, New>::value] = true;
  for (std::size_t pass = 0; pass < reached.size(); ++pass)
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, Table_>>([&](auto row) {
      using R = typename decltype(row)::type;
      if (reached[mp::mp_find<States, typename R::from>::value]) reached[mp::mp_find<States, typename R::to>::value] = true;
    });
  return std::ranges::all_of(reached, [](bool b) { return b; });
}

// Rows are tried from the last to the first: a row without a guard hides every other row of its state and command.
template <class Table_>
constexpr bool none_shadowed() {
  constexpr std::size_t n = mp::mp_size<Table_>::value;
  bool good = true;
  mp::mp_for_each<mp::mp_iota_c<n>>([&]<class I>(I) {
    mp::mp_for_each<mp::mp_iota_c<n>>([&]<class J>(J) {
      using A = mp::mp_at_c<Table_, I::value>;
      using B = mp::mp_at_c<Table_, J::value>;
      if constexpr (I::value != J::value && std::is_same_v<typename A::from, typename B::from> &&
                    std::is_same_v<typename A::command, typename B::command>)
        if (A::guards::empty || B::guards::empty) good = false;
    });
  });
  return good;
}

template <class Table_>
constexpr bool each_leaves() {  // a state that is not final has a row to another state; a final one has none to another
  bool good = true;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, StatesOf<Table_>>>([&](auto state) {
    using S = typename decltype(state)::type;
    bool leaves = false;
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, Table_>>([&](auto row) {
      using R = typename decltype(row)::type;
      leaves = leaves || (std::is_same_v<typename R::from, S> && !std::is_same_v<typename R::to, S>);
    });
    if (leaves == S::final) good = false;
  });
  return good;
}

template <class Table_>
constexpr bool states_plain() {
  bool good = true;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, StatesOf<Table_>>>([&](auto state) {
    using S = typename decltype(state)::type;
    good = good && sizeof(S) == sizeof(mf::state<>) && (S::final || !S::until::kind.empty() || !S::until::waits_for.empty());
  });
  return good;
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

template <class Definition>
struct Tables {
  using Rows = typename Definition::transition_table;
  using States = StatesOf<Rows>;
  using Commands = CommandsOf<Rows>;
  using Data = typename Definition::Data;
  using Fsm = msm::back::state_machine<Definition>;

  static int id_of(std::string_view name) {
    int id = -1;
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, States>>([&](auto state) {
      using S = typename decltype(state)::type;
      if (S::name == name) id = msm::back::get_state_id<typename Fsm::stt, S>::type::value;
    });
    if (id < 0) throw std::logic_error("a stored state that this workflow does not know: " + std::string(name));
    return id;
  }
  static std::string_view name_of(int id) {
    std::string_view name;
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, States>>([&](auto state) {
      using S = typename decltype(state)::type;
      if (msm::back::get_state_id<typename Fsm::stt, S>::type::value == id) name = S::name;
    });
    return name;
  }
};

std::string who_may(RoleSet roles);                                         // "Only a supervisor or Trade Compliance staff"
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

  auto data = described::from_stored<typename T::Data>(json::value(on.data));
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
    return Step{std::string(T::name_of(fsm.current_state()[0])), described::to_json(data).as_object(), std::move(effects)};
  if (code == msm::back::HANDLED_GUARD_REJECT) return guard_refused(Command::name, refusals);
  return wrong_state(workflow, Command::name, on.state);
}

template <class Definition>
Outcome step(const Workflow& workflow, const Case& on, const Command& said, const Context& context) {
  std::optional<Outcome> outcome;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename Tables<Definition>::Commands>>([&](auto command) {
    using C = typename decltype(command)::type;
    if (!outcome && C::name == said.name) outcome = run<Definition, C>(workflow, on, said, context);
  });
  return outcome ? std::move(*outcome) : Outcome(unknown_command(workflow, said.name));
}

// ---- what is permitted now -----------------------------------------------------------------------------------------------

template <class Definition, class Command>
Permission permission(const Workflow& workflow, const Case& on, const Context& context) {
  using T = Tables<Definition>;
  Permission answer{std::string(Command::name), Permission::Verdict::no, {}};
  if (!Command::roles.any_of(context.actor.roles)) {
    answer.reasons.push_back(forbidden(Command::name, Command::roles, context.actor).sentence);
    return answer;
  }
  const auto data = described::from_stored<typename T::Data>(json::value(on.data));
  bool here = false, possible = false;
  bool needs_body = std::ranges::any_of(described::fields_of<Command>(), [](const FieldInfo& field) { return field.required; });
  std::vector<std::string> reasons;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename T::Rows>>([&](auto row) {
    using R = typename decltype(row)::type;
    if constexpr (std::is_same_v<typename R::command, Command>) {
      if (R::from::name != on.state) return;
      here = true;
      auto [failures, complete] = R::guards::known_failures(data, context);
      if (failures.empty()) {
        possible = true;
        needs_body = needs_body || !complete;
      }
      for (std::string& failure : failures) reasons.push_back(std::move(failure));
    }
  });
  if (!here) {
    answer.reasons.push_back(wrong_state(workflow, Command::name, on.state).sentence);
  } else if (possible) {
    answer.verdict = needs_body ? Permission::Verdict::needs_input : Permission::Verdict::yes;
  } else {
    answer.reasons = std::move(reasons);
  }
  return answer;
}

template <class State_>
StateInfo state_info() {
  using U = typename State_::until;
  return {std::string(State_::name), State_::final, std::string(U::kind), U::role, std::string(U::title), std::string(U::waits_for)};
}

template <class Definition>
void describe(Workflow& workflow) {
  using T = Tables<Definition>;
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename T::States>>(
      [&](auto state) { workflow.states.push_back(state_info<typename decltype(state)::type>()); });
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename T::Commands>>([&](auto command) {
    using C = typename decltype(command)::type;
    workflow.commands.push_back({std::string(C::name), C::roles, described::fields_of<C>(), C::needs});
  });
  mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename T::Rows>>([&](auto row) {
    using R = typename decltype(row)::type;
    workflow.transitions.push_back(
        {std::string(R::from::name), std::string(R::command::name), std::string(R::to::name), R::effects::names(), R::guards::infos()});
  });
}

}  // namespace machine

template <class Definition>
Workflow make_workflow(std::string name, std::string title) {
  using T = machine::Tables<Definition>;
  static_assert(machine::names_unique<typename T::States>(), "two states of one name");
  static_assert(machine::names_unique<typename T::Commands>(), "two commands of one name");
  static_assert(machine::all_reachable<typename T::Rows>(), "a state that no command leads to");
  static_assert(machine::none_shadowed<typename T::Rows>(), "two rows of one state and command, and one of them has no guard");
  static_assert(machine::each_leaves<typename T::Rows>(), "a state that is not final needs a row that leaves it; a final one has none");
  static_assert(machine::states_plain<typename T::Rows>(), "a state holds no data, and says what it waits for");

  Workflow workflow{std::move(name), std::move(title), {}, {}, {}, {}, {}};
  machine::describe<Definition>(workflow);
  Workflow tables = workflow;  // what the functions below say in refusals
  workflow.permitted = [tables](const Case& on, const Context& context) {
    std::vector<Permission> all;
    mp::mp_for_each<mp::mp_transform<mp::mp_identity, typename T::Commands>>(
        [&](auto command) { all.push_back(machine::permission<Definition, typename decltype(command)::type>(tables, on, context)); });
    return all;
  };
  workflow.step = [tables = std::move(tables)](const Case& on, const Command& said, const Context& context) {
    return machine::step<Definition>(tables, on, said, context);
  };
  return workflow;
}

}  // namespace tradecase
