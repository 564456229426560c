// One SQLite file: writers whose commits are grouped, and sessions of their own for readers, who never wait for them.
// No SOCI in this header: whoever reads or writes says SQL (only engine/store and *_store.cpp may) and gets plain values.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase {

// The world is broken, not the request: no such file, full disk, read-only file, corrupted page, another program holds the
// file. what() is a sentence for the operator.
struct StoreFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// The rows say no: a unique or foreign key, a check. Callers that expect it turn it into an answer.
struct ConstraintFailure : StoreFailure {
  using StoreFailure::StoreFailure;
};

// A value bound to a statement; refers to the argument, which outlives the call.
struct Bind {
  enum class Kind : std::uint8_t { null, number, text };
  Kind kind = Kind::null;
  std::int64_t number = 0;
  std::string_view text;

  template <std::integral T>
  Bind(T value) : kind(Kind::number), number(static_cast<std::int64_t>(value)) {}  // NOLINT: implicit on purpose
  Bind(std::string_view value) : kind(Kind::text), text(value) {}                  // NOLINT
  Bind(const std::string& value) : kind(Kind::text), text(value) {}                // NOLINT
  Bind(const char* value) : kind(Kind::text), text(value) {}                       // NOLINT
  Bind(std::nullptr_t) {}                                                          // NOLINT
  template <class T>
  Bind(const std::optional<T>& value) {  // NOLINT
    if (value) *this = Bind(*value);
  }
};

// A list of them, written in place or built beforehand.
class Binds {
 public:
  Binds() = default;
  Binds(std::initializer_list<Bind> list) : size_(list.size()) {  // NOLINT: the list lives as long as the call it stands in
    data_ = list.begin();
  }
  Binds(const std::vector<Bind>& list) : data_(list.data()), size_(list.size()) {}  // NOLINT
  const Bind* begin() const { return data_; }
  const Bind* end() const { return data_ + size_; }

 private:
  const Bind* data_ = nullptr;
  std::size_t size_ = 0;
};

struct Cell {
  bool null = true;
  std::int64_t number = 0;
  std::string text;
};

// One connection with its prepared statements. For one thread at a time.
class Session {
 public:
  // Waits up to `patience` for another program that is writing.
  Session(const std::filesystem::path& file, bool durable, bool read_only, std::chrono::seconds patience);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Rows changed.
  std::int64_t run(std::string_view sql, Binds binds = {});
  std::int64_t last_id();

  // All rows; Out are std::int64_t, std::string, bool, or std::optional of these.
  template <class... Out>
  std::vector<std::tuple<Out...>> rows(std::string_view sql, Binds binds = {}) {
    std::vector<std::tuple<Out...>> all;
    each<Out...>(sql, binds, [&](Out... out) { all.emplace_back(std::move(out)...); });
    return all;
  }
  template <class... Out>
  std::optional<std::tuple<Out...>> row(std::string_view sql, Binds binds = {}) {
    auto all = rows<Out...>(sql, binds);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }
  template <class Out>
  std::optional<Out> value(std::string_view sql, Binds binds = {}) {
    auto found = row<Out>(sql, binds);
    if (!found) return std::nullopt;
    return std::move(std::get<0>(*found));
  }
  // Row by row, for lists longer than memory. `f` may run other statements; the same one is std::logic_error.
  template <class... Out, class F>
  void each(std::string_view sql, Binds binds, F&& f) {
    constexpr bool numeric[] = {is_number<Out>()..., false};
    query(sql, binds, {numeric, sizeof...(Out)}, [&](Cell* cells) { call<Out...>(f, cells, std::index_sequence_for<Out...>{}); });
  }

  void script(const std::string& statements);  // several statements, no binds: migrations
  bool in_transaction() const;
  std::string integrity_problem();  // what SQLite's own check says; "" when the file is whole

 private:
  struct Outputs {
    const bool* numeric;
    std::size_t count;
  };
  void query(std::string_view sql, Binds binds, Outputs outputs, const std::function<void(Cell*)>& on_row);

  template <class T>
  static constexpr bool is_number() {
    return std::is_same_v<T, std::int64_t> || std::is_same_v<T, bool> || std::is_same_v<T, std::optional<std::int64_t>>;
  }
  template <class T>
  static T take(Cell& cell) {
    if constexpr (std::is_same_v<T, std::int64_t>)
      return cell.null ? 0 : cell.number;
    else if constexpr (std::is_same_v<T, bool>)
      return !cell.null && cell.number != 0;
    else if constexpr (std::is_same_v<T, std::string>)
      return cell.null ? std::string() : std::move(cell.text);
    else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>)
      return cell.null ? T() : T(cell.number);
    else
      return cell.null ? T() : T(std::move(cell.text));
  }
  template <class... Out, class F, std::size_t... I>
  static void call(F& f, Cell* cells, std::index_sequence<I...>) {
    f(take<Out>(cells[I])...);
  }

  struct Prepared;
  struct Connection;
  Prepared& prepared(std::string_view sql, Binds binds, Outputs outputs);
  std::unique_ptr<Connection> connection_;
};

// A session inside the writer's transaction: what takes one of these changes things and never commits.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) {}
  Session& session() { return session_; }
  operator Session&() { return session_; }  // NOLINT: whoever may write may read

  // A timer or a mail that waits from then on, so that whoever does such work can be told after the commit.
  void leaves_work(Instant due) { first_work_ = std::min(first_work_.value_or(due), due); }
  std::optional<Instant> first_work() const { return first_work_; }

 private:
  Session& session_;
  std::optional<Instant> first_work_;
};

// Numbered from 1, forward only. A changed text under an applied number is refused when the database is opened.
struct Migration {
  int number;
  std::string name;
  std::string sql;
};

class Database {
 public:
  // Makes the file and applies all migrations; the file must not exist. Throws StoreFailure.
  static void create(const std::filesystem::path& file, const std::vector<Migration>& migrations);

  // Opens an existing file, applying migrations it lacks. Refuses (StoreFailure) a database newer than `migrations`, a changed
  // migration, a file that is no database. `durable` false: no fsync, for simulations that nobody keeps. `patience`: how long
  // a write waits for another program that is writing, before it fails with a sentence.
  Database(const std::filesystem::path& file, const std::vector<Migration>& migrations, bool durable = true,
           std::chrono::seconds patience = std::chrono::seconds(20));
  ~Database();

  // Runs `fn`, on this thread or on that of another writer, in a savepoint of its own within a group's transaction, and returns what it
  // returned after the commit is durable. What fn throws undoes its savepoint and is thrown here. Called from within fn it would
  // wait for itself: std::logic_error.
  template <class F>
  auto write(F&& fn) -> std::invoke_result_t<F, Transaction&> {
    using Result = std::invoke_result_t<F, Transaction&>;
    if constexpr (std::is_void_v<Result>) {
      const std::function<void(Transaction&)> work = std::ref(fn);
      run_one(work);
    } else {
      std::optional<Result> result;
      const std::function<void(Transaction&)> work = [&](Transaction& tx) { result.emplace(fn(tx)); };
      run_one(work);
      return std::move(*result);
    }
  }
  // Many at once, in order, sharing commits. A failure of one is thrown after all have ended; the others stand.
  void write_all(const std::vector<std::function<void(Transaction&)>>& works);
  // Likewise; what each of them threw, null where it stands.
  std::vector<std::exception_ptr> write_each(const std::vector<std::function<void(Transaction&)>>& works);
  // Likewise, but comes back at once. A work may be run again after it was undone, because another that shares its commit threw. `done` is
  // called with what each of them threw when they have ended, on the thread that commits: it only passes the word, writes nothing and
  // throws nothing. The database's end waits for it.
  void submit(std::vector<std::function<void(Transaction&)>> works, std::function<void(std::vector<std::exception_ptr>)> done);

  template <class F>
  auto read(F&& fn) {
    if (Session* held = held_session()) return fn(*held);
    const Lease lease = lease_reader();
    return fn(*lease);
  }
  // All reads of `fn` on this thread see one moment of the database, that of the first: what is written meanwhile, by fn too, is not there.
  template <class F>
  void read_together(F&& fn) {
    const Lease lease = lease_reader();
    const Held held(*this, *lease);
    fn();
  }

  const std::filesystem::path& file() const { return file_; }
  std::uint64_t commits() const { return commits_; }  // groups committed since it was opened

 private:
  struct Jobs {
    const std::function<void(Transaction&)>* data;
    std::size_t count;
    Jobs(const std::function<void(Transaction&)>* d, std::size_t n) : data(d), count(n) {}
    Jobs(const std::vector<std::function<void(Transaction&)>>& all) : data(all.data()), count(all.size()) {}  // NOLINT
  };
  std::vector<std::exception_ptr> run_jobs(Jobs jobs);
  void run_one(const std::function<void(Transaction&)>& work);
  using Lease = std::unique_ptr<Session, std::function<void(Session*)>>;
  Lease lease_reader();
  Session* held_session() const;  // this thread's within read_together; null outside

  class Held {
   public:
    Held(const Database& database, Session& session);
    ~Held();
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
  };

  struct Writer;
  std::filesystem::path file_;
  std::chrono::seconds patience_;
  std::unique_ptr<Writer> writer_;
  struct Readers;
  std::unique_ptr<Readers> readers_;
  std::atomic<std::uint64_t> commits_ = 0;
};

}  // namespace tradecase
