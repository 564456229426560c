#include "engine/verify.hpp"

#include "engine/store/verify_parts.hpp"

namespace tradecase {
namespace verifying {

void Findings::broken(const std::string& invariant, std::string_view case_id, std::string detail) {
  if (++counts_[invariant] <= violations_listed_max) report_.violations.push_back({invariant, std::string(case_id), std::move(detail)});
}

void Findings::row_done() {
  constexpr std::int64_t every = 1'000;
  if (++done_ % every == 0 && progress_) progress_(done_, std::max(done_, total_));
}

void Findings::finish() {
  for (const auto& [invariant, count] : counts_)
    if (count > violations_listed_max)
      report_.violations.push_back({invariant, "", "and " + std::to_string(count - violations_listed_max) + " more"});
  if (progress_) progress_(std::max(done_, total_), std::max(done_, total_));
}

namespace {

// All statements see one state of the database, whatever the writer does meanwhile.
class Snapshot {
 public:
  explicit Snapshot(Session& session) : session_(session), begun_(!session.in_transaction()) {
    if (begun_) session_.script("begin");
  }
  ~Snapshot() {
    try {
      if (begun_ && session_.in_transaction()) session_.script("rollback");
    } catch (const StoreFailure&) {  // a damaged file; nothing was written that could be lost
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Session& session_;
  bool begun_;
};

// A damaged page makes a part unreadable; the other parts are looked at all the same.
template <class Part>
void as_far_as_readable(Findings& found, Part&& part) {
  try {
    part();
  } catch (const StoreFailure& failure) {
    found.broken("integrity", "", failure.what());
  }
}

std::int64_t rows_to_read(Session& session) {
  return session
      .value<std::int64_t>(
          "select (select count(*) from cases) + (select count(*) from history) + (select count(*) from timers) + "
          "(select count(*) from receipts) + (select count(*) from documents) + (select count(*) from outbox)")
      .value_or(0);
}

}  // namespace
}  // namespace verifying

VerifyReport verify(Session& session, const Programme& programme, Instant now,
                    const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  using namespace verifying;
  const Snapshot snapshot(session);
  VerifyReport report;
  std::int64_t total = 0;
  try {
    total = rows_to_read(session);
  } catch (const StoreFailure&) {  // said by the check of the file
  }
  Findings found(report, total, progress);
  as_far_as_readable(found, [&] {
    if (const std::string problem = session.integrity_problem(); !problem.empty()) found.broken("integrity", "", problem);
  });
  const Reading reading{session, programme, now, found};
  for (const auto part : {check_record, check_cases, check_timers, check_receipts, check_documents, check_papers, check_fixed_letters,
                          check_mails, check_facts, check_people})
    as_far_as_readable(found, [&] { part(reading); });
  found.finish();
  return report;
}

}  // namespace tradecase
