// The simulation: repeatable from its seed, clean over seeds, and able to see what is broken.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/folder.hpp"
#include "tools/cli/site.hpp"
#include "tools/simulation/mistakes.hpp"
#include "tools/simulation/post.hpp"
#include "tools/simulation/simulation.hpp"

using namespace tradecase;
namespace fs = std::filesystem;

namespace {

simulation::Report simulated(const fs::path& file, int members, int years, std::uint64_t seed) {
  simulation::Options options;
  options.file = file;
  options.members = members;
  options.years = years;
  options.seed = seed;
  return simulation::simulate(load_config({}), options);
}

std::string listed(const std::vector<Violation>& violations) {
  std::string all;
  for (const Violation& one : violations) all += one.invariant + " " + one.case_id + " " + one.detail + "\n";
  return all;
}

bool among(const std::vector<Violation>& violations, std::string_view invariant) {
  return std::ranges::any_of(violations, [&](const Violation& one) { return one.invariant == invariant; });
}

VerifyReport verified(Site& site) {
  return site.database().read([&](Session& session) { return verify(session, site.programme(), site.engine().now()); });
}

}  // namespace

TEST_CASE("the same seed gives the same record, another seed another one") {
  const test::Folder folder;
  const auto once = simulated(folder / "once.db", 5, 1, 11);
  const auto again = simulated(folder / "again.db", 5, 1, 11);
  const auto other = simulated(folder / "other.db", 5, 1, 12);
  CHECK(once.root.size() == 64);
  CHECK(once.root == again.root);
  CHECK(once.sums.mails == again.sums.mails);
  CHECK(once.root != other.root);
}

TEST_CASE("two years of twenty members break no invariant, whatever the seed") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const test::Folder folder;
    const auto report = simulated(folder / "years.db", 20, 2, seed);
    INFO("seed " << seed << "\n" << listed(report.violations));
    CHECK(report.violations.empty());
    CHECK(report.sums.transitions > 500);
    CHECK(report.sums.refusals > 0);
    CHECK(report.sums.mails > 0);
  }
}

TEST_CASE("a row edited behind the engine's back is found") {
  const test::Folder folder;
  REQUIRE(simulated(folder / "edited.db", 5, 1, 5).violations.empty());
  Site site(load_config({}), folder / "edited.db", false);
  REQUIRE(verified(site).violations.empty());

  const auto edit = [&](const char* sql) { site.database().write([&](Transaction& tx) { REQUIRE(tx.session().run(sql) == 1); }); };
  SECTION("a case's state") {
    edit("update cases set state = 'suspended' where id = (select min(id) from cases where workflow = 'membership' and state = 'active')");
    CHECK(among(verified(site).violations, "from_to"));
  }
  SECTION("a due day") {
    edit("update deadlines set due_on = '2031-03-03' where id = (select min(id) from deadlines where name = 'due')");
    CHECK(among(verified(site).violations, "deadline_rule"));
  }
  SECTION("a mail's text") {
    edit("update letter_mails set text = text || '!' where letter_id = (select min(letter_id) from letter_mails)");
    CHECK(among(verified(site).violations, "mail_content"));
  }
}

TEST_CASE("a sender that changes a mail between two attempts is found") {
  simulation::Post post(1, {});
  Message message;
  message.message_id = "1.P-000001.TC-2026-000001@tradecase.example";
  message.text = "Your letter is due on March 2, 2026.";
  post.take(message);
  post.take(message);
  CHECK(post.two_contents().empty());
  message.text = "Your letter is due on March 9, 2026.";
  post.take(message);
  CHECK(post.two_contents() == std::vector<std::string>{message.message_id});
}

TEST_CASE("an answer that a mistake must not get is found") {
  using simulation::Mistake;
  const Answer taken = Receipt{"TC-2026-000001", "save", 2, "open", "drafting", {}};
  const Answer later = Receipt{"TC-2026-000001", "save", 3, "drafting", "drafting", {}};
  const Answer reused = Refusal{RefusalCode::key_reused, "This idempotency key was used for another command before."};
  struct Row {
    Mistake mistake;
    Answer answer;
    bool found;
  };
  const Row rows[] = {{Mistake::pressed_twice, taken, false},    {Mistake::pressed_twice, later, true},
                      {Mistake::key_for_another, reused, false}, {Mistake::key_for_another, later, true},
                      {Mistake::old_version, later, true},       {Mistake::unknown_command, later, true},
                      {Mistake::stranger, later, false},         {Mistake::missing_field, later, false}};
  for (const Row& row : rows) {
    INFO("mistake " << static_cast<int>(row.mistake));
    CHECK(simulation::wrong_answer(row.mistake, row.answer, taken).has_value() == row.found);
  }
}
