#include "tools/simulation/bench_store.hpp"

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace tradecase::simulation {
namespace {

using Connection = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

void must(bool good, sqlite3* connection) {
  if (!good) throw std::runtime_error(std::string("The plain loop failed: ") + sqlite3_errmsg(connection));
}

Connection opened(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open(file.c_str(), &raw);
  Connection connection(raw, sqlite3_close);
  must(code == SQLITE_OK, raw);
  const char* setup =
      "pragma journal_mode = wal; pragma synchronous = full; create table plain (id integer primary key, content text not null)";
  must(sqlite3_exec(raw, setup, nullptr, nullptr, nullptr) == SQLITE_OK, raw);
  return connection;
}

}  // namespace

double plain_rows_per_second(const std::filesystem::path& file, double seconds) {
  const Connection connection = opened(file);
  sqlite3_stmt* raw = nullptr;
  must(sqlite3_prepare_v2(connection.get(), "insert into plain (content) values (?)", -1, &raw, nullptr) == SQLITE_OK, connection.get());
  const Statement insert(raw, sqlite3_finalize);
  const std::string content(600, 'x');
  const auto begin = std::chrono::steady_clock::now();
  std::int64_t rows = 0;
  double passed = 0;
  for (; passed < seconds; passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()) {
    must(sqlite3_bind_text(raw, 1, content.data(), static_cast<int>(content.size()), SQLITE_STATIC) == SQLITE_OK, connection.get());
    must(sqlite3_step(raw) == SQLITE_DONE, connection.get());
    sqlite3_reset(raw);
    ++rows;
  }
  return static_cast<double>(rows) / passed;
}

}  // namespace tradecase::simulation
