// A small world for the engine's own tests: one tiny workflow written with engine/machine.hpp, a temporary database, a clock that
// is moved by hand, a renderer that shows what it was given.
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/verify.hpp"
#include "engine/worker.hpp"

namespace tradecase::testing {

// A folder of its own that goes when the test ends.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// "errand", as small as shows everything: waiting (a declared wait), working (its task is the account manager's), review (a
// supervisor's), done.
//   open  start{by, days}  note{text}  submit  finish{held}  return  nudge  burst (throws)  name_colleague{who, also}
//   perform{what, text}: one effect or several, by name; fixture.cpp lists them
Workflow errand();

Programme tiny_programme();

Instant at(std::string_view text);  // 2026-01-14T16:00:00Z
Date day(std::string_view text);

// The people: nam P-000001, deputy P-000002 (staff, a supervisor's colleague without roles of their own but compliance),
// supervisor P-000003, officer of C-1 P-000004, stranger P-000005 (officer of C-2), admin P-000006.
inline const std::string nam = "P-000001", deputy = "P-000002", supervisor = "P-000003", officer = "P-000004", stranger = "P-000005",
                         admin = "P-000006";

std::vector<Migration> world_migrations();  // the engine's own tables

struct World {
  explicit World(bool durable = false);

  Instant now() const { return from_ms(clock); }
  void move_to(Instant moment) { clock = to_ms(moment); }
  void move(std::chrono::milliseconds by) { clock += by.count(); }

  Answer say(const std::string& case_id, const std::string& command, json::object body = {}, const std::string& actor = nam,
             const std::string& key = "", std::optional<std::int64_t> expected_version = {});
  Answer open(const std::string& company = "C-1", const std::string& key = "", const std::string& actor = nam);
  std::string opened(const std::string& company = "C-1");                                       // its id
  std::string working(const std::string& company = "C-1", std::string_view by = "2026-02-02");  // opened and started
  Receipt done(const Answer& answer);                                                           // fails the test on a refusal
  Refusal refused(const Answer& answer);                                                        // fails the test on a receipt
  Receipt perform(const std::string& case_id, const std::string& what, const std::string& text = "x");

  void sql(const std::string& statements);
  std::int64_t count(const std::string& from_and_where);  // "tasks where closed_at is null"
  std::string text(const std::string& query);             // the first column of the first row
  Case the_case(const std::string& id);
  std::vector<Violation> violations();
  void check_clean();  // verify() finds nothing

  TempDir dir;
  std::atomic<std::int64_t> clock;
  Programme programme;
  Database database;
  Engine engine;
};

}  // namespace tradecase::testing
