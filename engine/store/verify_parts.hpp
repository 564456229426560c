// The parts of verify(): each reads one group of tables row by row and says what is broken. Used by engine/store/verify*.cpp only.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/verify.hpp"

namespace tradecase::verifying {

// What was found so far, and how far the reading is.
class Findings {
 public:
  Findings(VerifyReport& report, std::int64_t total, const std::function<void(std::int64_t, std::int64_t)>& progress)
      : report_(report), total_(total), progress_(progress) {}

  VerifyReport& report() { return report_; }
  void broken(const std::string& invariant, std::string_view case_id, std::string detail);
  void row_done();
  // Says how many more there are of what was cut short, and that all is read.
  void finish();

  // Runs a check that reads stored text; what cannot be read is broken, and the next row is looked at.
  template <class Check>
  void reading(const std::string& invariant, std::string_view case_id, Check&& check) {
    try {
      check();
    } catch (const StoreFailure&) {
      throw;  // the file, not the row
    } catch (const std::exception& unreadable) {
      broken(invariant, case_id, unreadable.what());
    }
  }

 private:
  VerifyReport& report_;
  std::int64_t total_ = 0, done_ = 0;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  std::map<std::string, std::int64_t, std::less<>> counts_;
};

struct Reading {
  Session& session;
  const Programme& programme;
  Instant now;
  Findings& found;
};

void check_record(const Reading& reading);         // verify_record.cpp
void check_cases(const Reading& reading);          // verify_cases.cpp
void check_timers(const Reading& reading);         // verify_timers.cpp
void check_receipts(const Reading& reading);       // verify_timers.cpp
void check_documents(const Reading& reading);      // verify_letters.cpp
void check_papers(const Reading& reading);         // verify_letters.cpp
void check_fixed_letters(const Reading& reading);  // likewise
void check_mails(const Reading& reading);          // verify_letters.cpp
void check_facts(const Reading& reading);          // verify_people.cpp
void check_people(const Reading& reading);         // verify_people.cpp

}  // namespace tradecase::verifying
