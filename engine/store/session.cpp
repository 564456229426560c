// The one file that speaks SOCI's syntax; its traps are held here (bound references, snapshots left open, error codes).
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <deque>
#include <unordered_map>

#include "engine/store/database.hpp"

namespace tradecase {

using namespace sqlite_api;  // SOCI keeps SQLite's own names in there

namespace {

struct Slot {  // what a statement is bound to: it keeps references, so this must not move
  bool number = false;
  long long value = 0;
  std::string text;
  soci::indicator present = soci::i_ok;
};

std::string failure_sentence(int code, const std::string& detail) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "The disk is full: nothing was written.";
    case SQLITE_READONLY:
      return "The database file is read-only: nothing was written.";
    case SQLITE_BUSY:
      return "Another program holds the database: nothing was written. Try again when it has finished.";
    case SQLITE_CORRUPT:
      return "The database file is damaged (" + detail + "). Restore it from a backup.";
    case SQLITE_NOTADB:
      return "The file is not a tradecase database.";
    case SQLITE_IOERR:
      return "The disk could not be read or written (" + detail + ").";
    case SQLITE_CANTOPEN:
      return "The database file cannot be opened.";
    case SQLITE_TOOBIG:
      return "A value is too large to be stored.";
    default:
      return "The database refused a statement: " + detail;
  }
}

std::exception_ptr failure_of(sqlite3* connection, const std::exception& error) {
  const int code = sqlite3_extended_errcode(connection);
  if ((code & 0xFF) == SQLITE_CONSTRAINT) return std::make_exception_ptr(ConstraintFailure(error.what()));
  return std::make_exception_ptr(StoreFailure(failure_sentence(code, error.what())));
}

// A session is one thread's at a time, so SQLite need not lock each call; nor count its memory. Must precede the first
// connection of the program; where it does not, SQLite goes on locking.
void without_locks() {
  static const bool once = [] {
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return true;
  }();
  static_cast<void>(once);
}

std::string connect_string(const std::filesystem::path& file, std::chrono::seconds patience) {  // a connect string ends a value at a blank
  const std::string path = file.string();
  if (path.find('"') != std::string::npos) throw StoreFailure("The name of a database file holds no quotation marks.");
  return "db=\"" + path + "\" timeout=" + std::to_string(patience.count());
}

}  // namespace

struct Session::Prepared {
  explicit Prepared(soci::session& session) : statement(session) {}
  soci::statement statement;
  std::deque<Slot> in;
  std::deque<Slot> out;
  std::vector<Cell> cells;
  bool under_way = false;

  // Left on a row it would keep its snapshot open. SOCI's own reset is not exported.
  void end() {
    under_way = false;
    sqlite3_reset(static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_);
  }
};

struct Session::Connection {
  soci::session soci;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> statements;
  std::string key;  // scratch for look-ups

  sqlite3* raw() { return static_cast<soci::sqlite3_session_backend*>(soci.get_backend())->conn_; }
};

Session::Session(const std::filesystem::path& file, bool durable, bool read_only, std::chrono::seconds patience)
    : connection_(std::make_unique<Connection>()) {
  without_locks();
  try {
    connection_->soci.open(soci::sqlite3, connect_string(file, patience));
  } catch (const soci::soci_error&) {
    throw StoreFailure("The database file " + file.string() + " cannot be opened.");
  }
  sqlite3_extended_result_codes(connection_->raw(), 1);
  try {
    script(std::string("pragma foreign_keys = on; pragma synchronous = ") + (durable ? "full" : "off") + "; pragma temp_store = memory;" +
           (read_only ? "pragma cache_size = -16384; pragma query_only = on;"                // KiB; many of them
                      : "pragma cache_size = -262144; pragma wal_autocheckpoint = 4000;"));  // one of them; a hot page goes home less often
  } catch (const StoreFailure&) {
    connection_->soci.close();
    throw;
  }
}

Session::~Session() {
  connection_->statements.clear();  // before the connection they belong to
}

Session::Prepared& Session::prepared(std::string_view sql, Binds binds, Outputs outputs) {
  std::string& key = connection_->key;
  key.assign(sql);
  for (const Bind& bind : binds) key += bind.kind == Bind::Kind::number ? '\1' : '\2';
  for (std::size_t i = 0; i < outputs.count; ++i) key += outputs.numeric[i] ? '\3' : '\4';
  if (const auto found = connection_->statements.find(key); found != connection_->statements.end()) return *found->second;

  auto made = std::make_unique<Prepared>(connection_->soci);
  for (const Bind& bind : binds) {
    Slot& slot = made->in.emplace_back();
    slot.number = bind.kind == Bind::Kind::number;
    if (slot.number)
      made->statement.exchange(soci::use(slot.value, slot.present));
    else
      made->statement.exchange(soci::use(slot.text, slot.present));
  }
  for (std::size_t i = 0; i < outputs.count; ++i) {
    Slot& slot = made->out.emplace_back();
    slot.number = outputs.numeric[i];
    if (slot.number)
      made->statement.exchange(soci::into(slot.value, slot.present));
    else
      made->statement.exchange(soci::into(slot.text, slot.present));
  }
  made->cells.resize(outputs.count);
  made->statement.alloc();
  made->statement.prepare(std::string(sql));
  made->statement.define_and_bind();
  return *connection_->statements.emplace(key, std::move(made)).first->second;
}

void Session::query(std::string_view sql, Binds binds, Outputs outputs, const std::function<void(Cell*)>& on_row) {
  Prepared* at_work = nullptr;
  try {
    Prepared& st = prepared(sql, binds, outputs);
    if (st.under_way) throw std::logic_error("a statement is run by what its own rows are given to");
    st.under_way = true;
    at_work = &st;
    std::size_t i = 0;
    for (const Bind& bind : binds) {
      Slot& slot = st.in[i++];
      slot.present = bind.kind == Bind::Kind::null ? soci::i_null : soci::i_ok;
      slot.value = bind.number;
      slot.text.assign(bind.text);
    }
    // Fetched to the end: a statement that stopped on a row would keep its snapshot open.
    for (bool more = st.statement.execute(true); more; more = st.statement.fetch()) {
      for (std::size_t c = 0; c < outputs.count; ++c) {
        Slot& slot = st.out[c];
        Cell& cell = st.cells[c];
        cell.null = slot.present == soci::i_null;
        cell.number = slot.value;
        if (!slot.number && !cell.null) cell.text = slot.text;
      }
      on_row(st.cells.data());
    }
    st.under_way = false;
  } catch (const soci::soci_error& error) {
    const auto failure = failure_of(connection_->raw(), error);
    if (at_work) at_work->end();
    std::rethrow_exception(failure);
  } catch (...) {  // what on_row threw
    if (at_work) at_work->end();
    throw;
  }
}

std::int64_t Session::run(std::string_view sql, Binds binds) {
  query(sql, binds, {nullptr, 0}, [](Cell*) {});
  return sqlite3_changes64(connection_->raw());
}

std::int64_t Session::last_id() { return sqlite3_last_insert_rowid(connection_->raw()); }

void Session::script(const std::string& statements) {
  char* message = nullptr;
  const int code = sqlite3_exec(connection_->raw(), statements.c_str(), nullptr, nullptr, &message);
  if (code == SQLITE_OK) return;
  const std::string detail = message != nullptr ? message : "";
  sqlite3_free(message);
  throw StoreFailure(failure_sentence(code, detail));
}

bool Session::in_transaction() const { return sqlite3_get_autocommit(connection_->raw()) == 0; }

std::string Session::integrity_problem() {
  std::string problems;
  each<std::string>("pragma integrity_check(20)", {},
                    [&](std::string line) { problems += line == "ok" ? "" : (problems.empty() ? "" : "; ") + line; });
  for (const auto& [table, rowid] : rows<std::string, std::int64_t>("pragma foreign_key_check"))
    problems += (problems.empty() ? "" : "; ") + table + " row " + std::to_string(rowid) + " refers to nothing";
  return problems;
}

}  // namespace tradecase
