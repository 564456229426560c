// All invariants of the engine on live data, and the chain of the record. Reads only; memory does not grow with the database.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.hpp"

namespace tradecase {

// The invariants, by name:
//   integrity            SQLite's own check of the file, foreign keys included
//   record_line          every line of the record has exactly the form of record.md, and says what its columns say; n rises
//   data_hash            what stands beside a line has the hash that the line names (erased is fine)
//   version              the events of a case are numbered 1, 2, 3 …; the case's version is their number
//   chain                each event names the leaf of the one before it; the case names the leaf of its last
//   from_to              each event begins in the state that the one before ended in; the case stands where its last ended
//   known_state          the workflow knows the state; a case is closed where the state is final, and only there
//   readable_data        the workflow can read the case's data
//   no_silent_stall      a case that is not final has an open task, a pending timer or a declared wait
//   letter_event         a letter belongs to an event of its case, and was written at its moment
//   letter_document      a letter has its document, whose hash is that of its HTML
//   letter_paper         a letter's PDF is as it was made
//   letter_fixed         a letter fixed for approval has the text of its hash
//   letter_mail          a letter has its mails, or the task to name somebody who gets them
//   mail_content         a mail's content is the one that was fixed when it was written
//   message_id           no two mails have one message id
//   timer_unfired        no timer was left untried by the worker's last pass that was due then; one that failed is postponed
//   timer_early          no timer fired before it was due
//   timer_twice          each timer fired once at most, at the time it was set to
//   timer_receipt        a timer that fired or was refused has the receipt that says so
//   deadline_rule        each due day, superseded or not, equals its rule applied to its inputs
//   deadline_instant     each due instant is the end of the due day in the programme's zone
//   deadline_ledger      the entries of one deadline follow one another, the last is not superseded, an event set each
//   receipt              what was acknowledged stands: a receipt's case has that version
//   fact_current         one current fact a company and key; a superseded one leads to a later one of its key
//   task_of_absent       no open task belongs to somebody who has left, or is away without a delegate who is there
// That a refusal wrote nothing but its line follows from version, from_to, letter_event, deadline_ledger and timer_receipt.
struct Violation {
  std::string invariant;
  std::string case_id;  // empty where no case is meant
  std::string detail;
};

inline constexpr std::int64_t violations_listed_max = 1'000;  // of one invariant; a last entry says how many more there are

struct VerifyReport {
  std::int64_t cases = 0;
  std::int64_t events = 0;
  std::string root;  // of the hash tree over all lines (record.md point 4)
  std::vector<Violation> violations;
};

// One snapshot of the database. What cannot be read (a damaged page) is a violation of `integrity`, not an exception.
VerifyReport verify(Session& session, const Programme& programme, Instant now,
                    const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

}  // namespace tradecase
