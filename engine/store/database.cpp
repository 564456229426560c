#include "engine/store/database.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

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

// What one caller waits for. Counted and announced under its own lock, so that it may go as soon as nothing is left.
struct Call {
  std::mutex mutex;
  std::condition_variable done;
  std::size_t left = 0;

  void one_done() {
    const std::lock_guard lock(mutex);
    if (--left == 0) done.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    done.wait(lock, [this] { return left == 0; });
  }
};

struct Job {
  const std::function<void(Transaction&)>* work = nullptr;
  std::exception_ptr error;
  Call* call = nullptr;
};

}  // namespace

// One thread takes what waits, at most group_max works, and commits once for all of them.
struct Database::Writer {
  Writer(const std::filesystem::path& file, bool durable, std::chrono::seconds patience, std::atomic<std::uint64_t>& commit_count)
      : session(file, durable, false, patience), commits(commit_count) {}

  void start() {
    thread = std::thread([this] { loop(); });
  }
  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    arrived.notify_one();
    if (thread.joinable()) thread.join();
  }

  void loop() {
    std::vector<Job*> group;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return stopping || !waiting.empty(); });
        if (waiting.empty()) return;
        const std::size_t count = std::min(waiting.size(), group_max);
        group.assign(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
      }
      commit(group);
      for (const Job* job : group) job->call->one_done();
    }
  }

  void commit(const std::vector<Job*>& group) {
    try {
      session.run("begin immediate");
      if (group.size() == 1) {
        if (!run_alone(*group.front())) return;
      } else {
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

  Session session;
  std::atomic<std::uint64_t>& commits;
  std::mutex mutex;
  std::condition_variable arrived;
  std::vector<Job*> waiting;
  bool stopping = false;
  std::thread thread;
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
  writer_->start();
}

Database::~Database() {
  if (writer_) writer_->stop();
}

void Database::run_jobs(Jobs jobs) {
  if (jobs.count == 0) return;
  if (std::this_thread::get_id() == writer_->thread.get_id()) throw std::logic_error("a write within a write waits for itself");
  std::vector<Job> mine(jobs.count);
  Call call;
  call.left = jobs.count;
  {
    const std::lock_guard lock(writer_->mutex);
    for (std::size_t i = 0; i < jobs.count; ++i) {
      mine[i] = {&jobs.data[i], nullptr, &call};
      writer_->waiting.push_back(&mine[i]);
    }
  }
  writer_->arrived.notify_one();
  call.wait();
  for (const Job& job : mine)
    if (job.error) std::rethrow_exception(job.error);
}

Database::Lease Database::lease_reader() {
  const auto give_back = [this](Session* session) {
    const std::lock_guard lock(readers_->mutex);
    readers_->idle.emplace_back(session);
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
