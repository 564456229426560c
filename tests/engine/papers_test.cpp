// The PDFs kept beside letters: every byte comes back, and the first one stays.
#include <catch2/catch.hpp>

#include "engine/store/papers.hpp"
#include "engine/store/schema.hpp"
#include "engine/store/store.hpp"
#include "tests/folder.hpp"

using namespace tradecase;

TEST_CASE("a kept PDF comes back to the byte, and another for the same letter changes nothing") {
  const test::Folder folder;
  auto migrations = engine_migrations();
  for (Migration& one : paper_migrations(static_cast<int>(migrations.size()) + 1)) migrations.push_back(std::move(one));
  Database::create(folder / "papers.db", migrations);
  Database database(folder / "papers.db", migrations, false);
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7 % 256);
  const std::string hash(64, 'a');
  database.write([&](Transaction& tx) {
    tx.session().run("insert into documents (hash, title, html, text) values (:hash, 'T', 'h', 't')", {hash});
    keep_paper(tx, hash, bytes, Instant{});
    keep_paper(tx, hash, "another", Instant{});
  });
  const auto read = [&](const std::string& of) { return database.read([&](Session& session) { return find_paper(session, of); }); };
  REQUIRE(read(hash).has_value());
  CHECK(*read(hash) == bytes);
  CHECK_FALSE(read(std::string(64, 'b')).has_value());
  CHECK_THROWS_AS(database.write([&](Transaction& tx) { keep_paper(tx, std::string(64, 'b'), bytes, Instant{}); }), ConstraintFailure);
}
