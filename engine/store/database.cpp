#include "engine/store/database.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/sha256.hpp"

namespace tradecase {
namespace {

constexpr std::size_t group_max = 256;  // works that share one commit at most

constexpr char migrations_table[] =
    "create table if not exists migrations (number integer primary key, name text not null, checksum text not null) strict";

void migrate(Session& session, const std::vector<Migration>& migrations) {
  session.script("begin immediate");
  try {
    session.script(migrations_table);
    const auto applied = session.rows<std::int64_t, std::string>("select number, checksum from migrations order by number");
    if (applied.size() > migrations.size())
      throw StoreFailure("This database was written by a newer tradecase (step " + std::to_string(applied.size()) +
                         ", this program knows " + std::to_string(migrations.size()) + "). Use the newer program.");
    for (std::size_t i = 0; i < migrations.size(); ++i) {
      const Migration& migration = migrations[i];
      const std::string checksum = sha256_hex(migration.sql);
      if (i < applied.size()) {
        if (std::get<1>(applied[i]) != checksum)
          throw StoreFailure("Step " + std::to_string(migration.number) +
                             " of the database's making differs from this program's: it is not this program's database.");
        continue;
      }
      session.script(migration.sql);
      session.run("insert into migrations (number, name, checksum) values (:number, :name, :checksum)",
                  {migration.number, migration.name, checksum});
    }
    session.script("commit");
  } catch (...) {
    if (session.in_transaction()) session.script("rollback");
    throw;
  }
}

bool up_to_date(Session& session, const std::vector<Migration>& migrations) {
  const auto there = session.value<std::int64_t>("select count(*) from pragma_table_info('migrations') where name = 'checksum'");
  if (there.value_or(0) == 0) throw StoreFailure("The file is not a tradecase database.");
  const auto applied = session.rows<std::string>("select checksum from migrations order by number");
  if (applied.size() != migrations.size()) return false;
  for (std::size_t i = 0; i < migrations.size(); ++i)
    if (std::get<0>(applied[i]) != sha256_hex(migrations[i].sql)) return false;
  return true;
}

// Whose works these are: told when all of them are done, or that it is to lead, under its own lock, so that it may go at once. A caller
// waits for that; of works that were submitted, `ended` is called instead, and another thread leads.
class Call {
 public:
  explicit Call(std::size_t works, std::function<void()> ended = {}) : left_(works), awaited_(!ended), ended_(std::move(ended)) {}

  void one_done() {
    std::function<void()> ended;
    {
      const std::lock_guard lock(mutex_);
      if (--left_ > 0) return;
      ended = std::move(ended_);
      told_.notify_one();
    }
    if (ended) ended();
  }
  void lead_on() {
    const std::lock_guard lock(mutex_);
    to_lead_ = true;
    told_.notify_one();
  }
  bool ended() {
    const std::lock_guard lock(mutex_);
    return left_ == 0;
  }
  bool is_awaited() const { return awaited_; }  // by a caller who could lead
  // Whether it is to lead; otherwise all is done.
  bool wait() {
    std::unique_lock lock(mutex_);
    told_.wait(lock, [this] { return left_ == 0 || to_lead_; });
    return left_ > 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable told_;
  std::size_t left_;
  bool to_lead_ = false;
  const bool awaited_;
  std::function<void()> ended_;
};

struct Job {
  const std::function<void(Transaction&)>* work = nullptr;
  std::exception_ptr error;
  Call* call = nullptr;
  bool repeatable = false;  // may be run again after it was undone
};

}  // namespace

// Of the callers, one at a time leads. It takes what waits, its own works and those of others, at most group_max, commits once for all of
// them and tells the others; when its own are done, the first who still waits leads on. So a lone caller waits for nobody's thread, and
// whoever arrives while a leader is at the disk shares the next commit. For works that were submitted a stand-in leads, a thread that is
// begun with the first of them: it commits whatever waits until nothing does.
struct Database::Writer {
  Writer(const std::filesystem::path& file, bool durable, std::chrono::seconds patience, std::atomic<std::uint64_t>& commit_count)
      : session(file, durable, false, patience), commits(commit_count) {}
  ~Writer() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    summons.notify_one();
    if (stand_in.joinable()) stand_in.join();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Whether the caller is to lead, because nobody does.
  bool enqueue(std::vector<Job>& jobs) {
    const std::lock_guard lock(mutex);
    for (Job& job : jobs) waiting.push_back(&job);
    return !std::exchange(led, true);
  }

  void lead(Call& own) {
    leader = std::this_thread::get_id();
    std::vector<Job*> group;
    for (bool ended = false; !ended;) {
      take(group);
      commit(group);
      // The next begins before the others are told, for then they want the processor; only the last of the group may be that next one.
      const Call* last = group.back()->call;
      const auto others = std::ranges::partition(group, [&](const Job* job) { return job->call == &own || job->call == last; });
      for (auto told = group.begin(); told != others.begin(); ++told) (*told)->call->one_done();
      ended = own.ended();
      if (ended) {
        leader = std::thread::id();
        hand_over();
      }
      for (const Job* job : others) job->call->one_done();
    }
  }

  void submit(std::vector<Job>& jobs) {
    const std::lock_guard lock(mutex);
    if (!stand_in.joinable()) stand_in = std::thread([this] { lead_when_summoned(); });
    for (Job& job : jobs) waiting.push_back(&job);
    if (!std::exchange(led, true)) summon();
  }

  void summon() {  // under the lock
    summoned = true;
    summons.notify_one();
  }

  void lead_when_summoned() {
    std::vector<Job*> group;
    std::unique_lock lock(mutex);
    for (;;) {
      summons.wait(lock, [this] { return summoned || ending; });
      if (!summoned) return;
      summoned = false;
      leader = std::this_thread::get_id();
      while (!waiting.empty()) {
        lock.unlock();
        take(group);
        commit(group);
        for (const Job* job : group) job->call->one_done();
        lock.lock();
      }
      leader = std::thread::id();
      led = false;
    }
  }

  void take(std::vector<Job*>& group) {
    const std::lock_guard lock(mutex);
    const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), group_max));
    group.assign(waiting.begin(), end);
    waiting.erase(waiting.begin(), end);
  }

  void hand_over() {
    const std::lock_guard lock(mutex);
    if (waiting.empty())
      led = false;
    else if (waiting.front()->call->is_awaited())
      waiting.front()->call->lead_on();
    else
      summon();
  }

  void commit(const std::vector<Job*>& group) {
    try {
      session.run("begin immediate");
      if (group.size() == 1) {
        if (!run_alone(*group.front())) return;
      } else if (!run_together(group)) {
        for (Job* job : group) run_one(*job);
      }
      session.run("commit");
      ++commits;
    } catch (...) {
      for (Job* job : group) job->error = std::current_exception();  // nothing of the group stands
      if (session.in_transaction()) roll_back();
    }
  }

  // Needs no savepoint: to undo it is to undo all. Says whether there is something to commit.
  bool run_alone(Job& job) {
    try {
      Transaction transaction(session);
      (*job.work)(transaction);
      return true;
    } catch (...) {
      job.error = std::current_exception();
      if (session.in_transaction()) roll_back();
      return false;
    }
  }

  // Without savepoints, which take a while beside a small work. Where one throws, all are undone, and false says that each is to run anew.
  bool run_together(const std::vector<Job*>& group) {
    if (!std::ranges::all_of(group, &Job::repeatable)) return false;
    try {
      for (Job* job : group) {
        Transaction transaction(session);
        (*job->work)(transaction);
      }
      return true;
    } catch (...) {
      if (!session.in_transaction()) throw;  // a full disk or a damaged file
      session.run("rollback");
      session.run("begin immediate");
      return false;
    }
  }

  void run_one(Job& job) {
    session.run("savepoint work");
    try {
      Transaction transaction(session);
      (*job.work)(transaction);
    } catch (...) {
      job.error = std::current_exception();
      if (!session.in_transaction()) throw;  // a full disk or a damaged file ends the whole transaction
      session.run("rollback to work");
    }
    session.run("release work");
  }

  void roll_back() {
    try {
      session.run("rollback");
    } catch (const StoreFailure&) {  // the connection is beyond it; the group has its error already
    }
  }

  Session session;  // the leader's
  std::atomic<std::uint64_t>& commits;
  std::atomic<std::thread::id> leader;
  std::mutex mutex;
  std::deque<Job*> waiting;
  bool led = false;
  std::condition_variable summons;
  bool summoned = false, ending = false;  // of the stand-in
  std::thread stand_in;
};

struct Database::Readers {
  std::mutex mutex;
  std::vector<std::unique_ptr<Session>> idle;
};

void Database::create(const std::filesystem::path& file, const std::vector<Migration>& migrations) {
  if (std::filesystem::exists(file)) throw StoreFailure("There is a file " + file.string() + " already.");
  try {
    Session session(file, true, false, std::chrono::seconds(0));
    session.script("pragma page_size = 4096; pragma journal_mode = wal");
    migrate(session, migrations);
  } catch (...) {
    for (const char* more : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + more);  // a half-made file helps nobody
    throw;
  }
}

Database::Database(const std::filesystem::path& file, const std::vector<Migration>& migrations, bool durable, std::chrono::seconds patience)
    : file_(file), patience_(patience), readers_(std::make_unique<Readers>()) {
  if (!std::filesystem::exists(file))
    throw StoreFailure("There is no database " + file.string() + ". \"tradecase init --db FILE\" makes one.");
  writer_ = std::make_unique<Writer>(file, durable, patience, commits_);
  if (!up_to_date(writer_->session, migrations)) migrate(writer_->session, migrations);
}

Database::~Database() { writer_.reset(); }  // who hears of the last works may still read

std::vector<std::exception_ptr> Database::run_jobs(Jobs jobs) {
  if (jobs.count == 0) return {};
  if (std::this_thread::get_id() == writer_->leader) throw std::logic_error("a write within a write waits for itself");
  Call call(jobs.count);
  std::vector<Job> mine(jobs.count);
  for (std::size_t i = 0; i < jobs.count; ++i) mine[i] = {&jobs.data[i], nullptr, &call, false};
  if (writer_->enqueue(mine) || call.wait()) writer_->lead(call);
  std::vector<std::exception_ptr> errors;
  for (Job& job : mine) errors.push_back(std::move(job.error));
  return errors;
}

void Database::run_one(const std::function<void(Transaction&)>& work) {
  if (const auto errors = run_jobs({&work, 1}); errors.front()) std::rethrow_exception(errors.front());
}

std::vector<std::exception_ptr> Database::write_each(const std::vector<std::function<void(Transaction&)>>& works) {
  return run_jobs(works);
}

void Database::write_all(const std::vector<std::function<void(Transaction&)>>& works) {
  for (const std::exception_ptr& error : write_each(works))
    if (error) std::rethrow_exception(error);
}

namespace {

struct Submitted {
  std::vector<std::function<void(Transaction&)>> works;
  std::vector<Job> jobs;
  std::optional<Call> call;
};

}  // namespace

void Database::submit(std::vector<std::function<void(Transaction&)>> works, std::function<void(std::vector<std::exception_ptr>)> done) {
  if (works.empty()) return done({});
  auto all = std::make_shared<Submitted>();
  all->works = std::move(works);
  all->call.emplace(all->works.size(), [all, done = std::move(done)] {
    std::vector<std::exception_ptr> errors;
    for (Job& job : all->jobs) errors.push_back(std::move(job.error));
    done(std::move(errors));
  });
  for (const auto& work : all->works) all->jobs.push_back({&work, nullptr, &*all->call, true});
  writer_->submit(all->jobs);
}

// ---- readers ----------------------------------------------------------------------------------------------------------------------

namespace {

struct HeldSession {
  const Database* of = nullptr;
  Session* session = nullptr;
};
thread_local HeldSession held;

}  // namespace

Database::Held::Held(const Database& database, Session& session) {
  if (held.session != nullptr) throw std::logic_error("reads that are made together hold no others");
  session.run("begin");
  held = {&database, &session};
}

Database::Held::~Held() {
  Session& session = *std::exchange(held, {}).session;
  try {
    session.run("commit");
  } catch (const StoreFailure&) {  // nothing was written; whoever takes the session back drops it
  }
}

Session* Database::held_session() const { return held.of == this ? held.session : nullptr; }

Database::Lease Database::lease_reader() {
  const auto give_back = [this](Session* session) {
    std::unique_ptr<Session> back(session);
    if (back->in_transaction()) return;  // it would show a moment long past
    const std::lock_guard lock(readers_->mutex);
    readers_->idle.push_back(std::move(back));
  };
  {
    const std::lock_guard lock(readers_->mutex);
    if (!readers_->idle.empty()) {
      Session* session = readers_->idle.back().release();
      readers_->idle.pop_back();
      return {session, give_back};
    }
  }
  return {new Session(file_, true, true, patience_), give_back};  // NOLINT: the lease owns it at once
}

}  // namespace tradecase
