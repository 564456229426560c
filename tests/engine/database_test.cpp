#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <latch>
#include <thread>

#include "tests/engine/fixture.hpp"

using namespace tradecase;
using tradecase::testing::TempDir;

namespace {

const std::vector<Migration> first{{1, "things", "create table things (id integer primary key, name text, size integer) strict"}};
const std::vector<Migration> second{first[0],
                                    {2, "more", "create table more (name text unique, thing integer references things (id)) strict"}};

struct Store {
  explicit Store(bool durable = true, const std::vector<Migration>& migrations = second)
      : file((Database::create(dir / "s.db", migrations), dir / "s.db")), database(file, migrations, durable, std::chrono::seconds(0)) {}

  void add(const std::string& name) {
    database.write([&](Transaction& tx) { tx.session().run("insert into things (name) values (:name)", {name}); });
  }
  std::int64_t things() {
    return database.read([](Session& session) { return session.value<std::int64_t>("select count(*) from things").value(); });
  }

  TempDir dir;
  std::filesystem::path file;
  Database database;
};

void insert(Transaction& tx, std::string_view name) { tx.session().run("insert into things (name) values (:name)", {name}); }

std::string failure(const std::function<void()>& act) {
  try {
    act();
  } catch (const StoreFailure& said) {
    return said.what();
  }
  return "(no failure)";
}

}  // namespace

TEST_CASE("works that wait together share one commit") {
  Store store;
  const auto before = store.database.commits();
  std::vector<std::function<void(Transaction&)>> works(600, [](Transaction& tx) { insert(tx, "x"); });
  store.database.write_all(works);
  CHECK(store.things() == 600);
  CHECK(store.database.commits() - before == 3);  // 256, 256, 88
}

TEST_CASE("nobody sees or is told a change before its commit") {
  Store store;
  std::int64_t seen_from_outside = -1, seen_from_inside = -1;
  store.database.write_all({[&](Transaction& tx) { insert(tx, "a"); },
                            [&](Transaction& tx) {
                              seen_from_outside = store.things();
                              seen_from_inside = tx.session().value<std::int64_t>("select count(*) from things").value();
                            }});
  CHECK(seen_from_outside == 0);
  CHECK(seen_from_inside == 1);
  CHECK(store.things() == 1);
}

TEST_CASE("many callers get their own answers, in whatever groups") {
  Store store;
  constexpr int callers = 8, each = 50;
  std::latch ready(callers);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int caller = 0; caller < callers; ++caller)
    threads.emplace_back([&, caller] {
      ready.arrive_and_wait();
      for (int i = 0; i < each; ++i) {
        const std::string name = std::to_string(caller) + "/" + std::to_string(i);
        const auto id = store.database.write([&](Transaction& tx) {
          insert(tx, name);
          return tx.session().last_id();
        });
        const auto there = store.database.read(
            [&](Session& session) { return session.value<std::string>("select name from things where id = :id", {id}).value_or(""); });
        if (there != name) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
  CHECK(store.things() == callers * each);
}

TEST_CASE("a lone caller's work is done on its own thread, with a commit of its own") {
  Store store;
  const auto before = store.database.commits();
  for (int i = 0; i < 3; ++i)
    CHECK(store.database.write([](Transaction&) { return std::this_thread::get_id(); }) == std::this_thread::get_id());
  CHECK(store.database.commits() - before == 3);
}

TEST_CASE("each of several works is told what it threw itself") {
  Store store;
  const auto errors =
      store.database.write_each({[](Transaction& tx) { insert(tx, "a"); }, [](Transaction&) { throw std::runtime_error("b"); },
                                 [](Transaction& tx) { insert(tx, "c"); }});
  REQUIRE(errors.size() == 3);
  CHECK(!errors[0]);
  CHECK_THROWS_WITH(std::rethrow_exception(errors[1]), "b");
  CHECK(!errors[2]);
  CHECK(store.things() == 2);
}

TEST_CASE("works that are submitted are written by another thread, which is told of each when it is durable") {
  Store store;
  std::promise<std::vector<std::exception_ptr>> told;
  std::int64_t there = -1;
  std::thread::id by;
  store.database.submit({[&](Transaction& tx) {
                           by = std::this_thread::get_id();
                           insert(tx, "a");
                         },
                         [](Transaction&) { throw std::runtime_error("b"); }},
                        [&](std::vector<std::exception_ptr> errors) {
                          there = store.things();
                          told.set_value(std::move(errors));
                        });
  const auto errors = told.get_future().get();
  REQUIRE(errors.size() == 2);
  CHECK(!errors[0]);
  CHECK_THROWS_WITH(std::rethrow_exception(errors[1]), "b");
  CHECK(there == 1);
  CHECK(by != std::this_thread::get_id());
  bool none = false;
  store.database.submit({}, [&](const std::vector<std::exception_ptr>& errors_of_none) { none = errors_of_none.empty(); });
  CHECK(none);
}

TEST_CASE("a submitted work is run again only where one that shares its commit throws, and stands once") {
  Store store;
  const auto runs_beside = [&](const std::function<void(Transaction&)>& other) {
    int runs = 0;
    std::promise<void> ended;
    store.database.submit({[&](Transaction& tx) {
                             ++runs;
                             insert(tx, "a");
                           },
                           other},
                          [&](const std::vector<std::exception_ptr>&) { ended.set_value(); });
    ended.get_future().wait();
    return runs;
  };
  CHECK(runs_beside([](Transaction& tx) { insert(tx, "b"); }) == 1);
  CHECK(store.things() == 2);
  CHECK(runs_beside([](Transaction& tx) {
          insert(tx, "c");
          throw std::runtime_error("c");
        }) == 2);
  CHECK(store.things() == 3);
}

TEST_CASE("submitted works and callers who wait share commits, and each hears of its own") {
  Store store;
  constexpr int callers = 6, each = 40;
  std::atomic<int> wrong = 0, heard = 0;
  std::latch all_heard(callers / 2 * each);
  std::vector<std::thread> threads;
  for (int caller = 0; caller < callers; ++caller)
    threads.emplace_back([&, caller] {
      for (int i = 0; i < each; ++i) {
        if (caller % 2 == 0) {
          store.add("waited");
          continue;
        }
        store.database.submit({[](Transaction& tx) { insert(tx, "submitted"); }, [](Transaction&) { throw std::runtime_error("no"); },
                               [](Transaction& tx) { insert(tx, "submitted"); }},
                              [&](const std::vector<std::exception_ptr>& errors) {
                                if (errors.size() != 3 || errors[0] || !errors[1] || errors[2]) ++wrong;
                                ++heard;
                                all_heard.count_down();
                              });
      }
    });
  for (std::thread& thread : threads) thread.join();
  all_heard.wait();
  CHECK(wrong == 0);
  CHECK(heard == callers / 2 * each);
  CHECK(store.things() == callers / 2 * each * 3);
}

TEST_CASE("a database that ends writes first what was submitted to it") {
  TempDir dir;
  Database::create(dir / "s.db", second);
  std::atomic<int> told = 0;
  {
    Database database(dir / "s.db", second);
    for (int i = 0; i < 50; ++i)
      database.submit({[](Transaction& tx) { insert(tx, "a"); }}, [&](const std::vector<std::exception_ptr>&) {
        if (database.read([](Session& session) { return session.value<std::int64_t>("select count(*) from things"); })) ++told;
      });
  }
  CHECK(told == 50);
  Database again(dir / "s.db", second);
  CHECK(again.read([](Session& session) { return session.value<std::int64_t>("select count(*) from things").value(); }) == 50);
}

TEST_CASE("reads that are made together see one moment, and others see what was written since") {
  Store store;
  store.add("a");
  store.database.read_together([&] {
    CHECK(store.things() == 1);
    store.add("b");
    CHECK(store.things() == 1);
    std::thread([&] { CHECK(store.things() == 2); }).join();
  });
  CHECK(store.things() == 2);
  CHECK_THROWS_WITH(store.database.read_together([] { throw std::runtime_error("not now"); }), "not now");
  CHECK_THROWS_AS(store.database.read_together([&] { store.database.read_together([] {}); }), std::logic_error);
  CHECK(store.things() == 2);
  store.database.read([](Session& session) {  // left open, it would show two things for ever
    session.run("begin");
    CHECK(session.value<std::int64_t>("select count(*) from things") == 2);
  });
  store.add("c");
  CHECK(store.things() == 3);
}

TEST_CASE("a work that throws undoes itself alone") {
  Store store;
  const auto before = store.database.commits();
  CHECK_THROWS_WITH(store.database.write_all({[](Transaction& tx) { insert(tx, "a"); },
                                              [](Transaction& tx) {
                                                insert(tx, "b");
                                                throw std::runtime_error("b is no good");
                                              },
                                              [](Transaction& tx) { insert(tx, "c"); }}),
                    "b is no good");
  CHECK(store.things() == 2);
  CHECK(store.database.commits() - before == 1);
}

TEST_CASE("a constraint says no to one work and leaves the others") {
  Store store;
  const auto more = [](std::string name) {
    return [name](Transaction& tx) { tx.session().run("insert into more (name) values (:n)", {name}); };
  };
  CHECK_THROWS_AS(store.database.write_all({more("a"), more("a"), more("b")}), ConstraintFailure);
  CHECK(store.database.read([](Session& session) { return session.value<std::int64_t>("select count(*) from more").value(); }) == 2);
  CHECK_THROWS_AS(store.database.write([](Transaction& tx) { tx.session().run("insert into more (thing) values (7)"); }),
                  ConstraintFailure);
}

TEST_CASE("what ends the transaction fails the whole group, and the next one works") {
  Store store;
  CHECK_THROWS_WITH(store.database.write_all({[](Transaction& tx) { insert(tx, "a"); },
                                              [](Transaction& tx) {
                                                tx.session().script("rollback");
                                                throw StoreFailure("the disk went away");
                                              },
                                              [](Transaction& tx) { insert(tx, "c"); }}),
                    "the disk went away");
  CHECK(store.things() == 0);
  store.add("later");
  CHECK(store.things() == 1);
}

TEST_CASE("a write within a write is told, not waited for") {
  Store store;
  CHECK_THROWS_AS(store.database.write([&](Transaction&) { store.add("inner"); }), std::logic_error);
  store.add("outer");
  CHECK(store.things() == 1);
}

TEST_CASE("while another program writes, a write fails with a sentence and reads go on") {
  Store store;
  store.add("a");
  Session other(store.file, true, false, std::chrono::seconds(0));
  other.script("begin immediate");
  CHECK_THAT(failure([&] { store.add("b"); }), Catch::StartsWith("Another program holds the database: nothing was written."));
  CHECK(store.things() == 1);
  other.script("rollback");
  store.add("b");
  CHECK(store.things() == 2);
}

TEST_CASE("a full disk is said in a sentence, nothing is written, and the next write works") {
  Store store;
  const std::string big(1 << 20, 'x');
  store.database.write([](Transaction& tx) {
    const auto pages = tx.session().value<std::int64_t>("pragma page_count").value();
    tx.session().script("pragma max_page_count = " + std::to_string(pages + 4));
  });
  CHECK(failure([&] { store.add(big); }) == "The disk is full: nothing was written.");
  CHECK(store.things() == 0);
  store.add("small");
  CHECK(store.things() == 1);
  CHECK(store.database.read([](Session& session) { return session.integrity_problem(); }).empty());
}

TEST_CASE("a read-only file is read, and refuses writes with a sentence") {
  TempDir dir;
  const auto file = dir / "s.db";
  Database::create(file, second);
  const uid_t me = geteuid();
  constexpr uid_t nobody = 65534;
  if (me == 0) REQUIRE(chown((dir / "").c_str(), nobody, nobody) == 0);  // root may write what it likes; nobody may not
  REQUIRE(chmod(file.c_str(), 0444) == 0);
  if (me == 0) REQUIRE(seteuid(nobody) == 0);
  std::string said;
  {
    Database database(file, second, true, std::chrono::seconds(0));
    said = failure([&] { database.write([](Transaction& tx) { insert(tx, "a"); }); });
  }
  REQUIRE(seteuid(me) == 0);
  CHECK(said == "The database file is read-only: nothing was written.");
}

TEST_CASE("a file that is no database, an empty one and none are told apart from ours") {
  TempDir dir;
  const auto open = [](const std::filesystem::path& file) { return failure([&] { Database(file, second); }); };
  std::ofstream(dir / "text.db") << std::string(5000, 't');
  CHECK(open(dir / "text.db") == "The file is not a tradecase database.");
  std::ofstream(dir / "empty.db").close();
  CHECK(open(dir / "empty.db") == "The file is not a tradecase database.");
  CHECK_THAT(open(dir / "none.db"), Catch::StartsWith("There is no database "));
  CHECK_FALSE(std::filesystem::exists(dir / "none.db"));
  Session(dir / "other.db", true, false, std::chrono::seconds(0)).script("create table migrations (id integer)");
  CHECK(open(dir / "other.db") == "The file is not a tradecase database.");
}

TEST_CASE("a database is made once, brought up to date when opened, and never taken back") {
  TempDir dir;
  const auto file = dir / "s.db";
  Database::create(file, first);
  CHECK_THAT(failure([&] { Database::create(file, first); }), Catch::StartsWith("There is a file "));
  {
    Database newer(file, second);
    newer.write([](Transaction& tx) { tx.session().run("insert into more (name) values ('a')"); });
  }
  CHECK_THAT(failure([&] { Database(file, first); }),
             Catch::StartsWith("This database was written by a newer tradecase (step 2, this program knows 1)."));
  auto changed = second;
  changed[0].sql += " ";
  CHECK_THAT(failure([&] { Database(file, changed); }), Catch::StartsWith("Step 1 of the database's making differs"));
}

TEST_CASE("a step that fails leaves the database as it was, and no half-made file") {
  TempDir dir;
  const std::vector<Migration> broken{first[0], {2, "broken", "create table more (name text); create table things (id integer)"}};
  Database::create(dir / "s.db", first);
  CHECK_THROWS_AS(Database(dir / "s.db", broken), StoreFailure);
  const Database opened(dir / "s.db", second);  // "more" was not left behind
  CHECK_THROWS_AS(Database::create(dir / "new.db", broken), StoreFailure);
  CHECK_FALSE(std::filesystem::exists(dir / "new.db"));
}

TEST_CASE("what is bound comes back as it went in") {
  Store store(false);
  const auto back = [&](std::optional<std::string> name, std::optional<std::int64_t> size) {
    return store.database.write([&](Transaction& tx) {
      tx.session().run("insert into things (name, size) values (:name, :size)", {name, size});
      return tx.session()
          .row<std::optional<std::string>, std::optional<std::int64_t>>("select name, size from things order by id desc limit 1")
          .value();
    });
  };
  const std::vector<std::optional<std::string>> texts{std::nullopt,
                                                      "",
                                                      "a",
                                                      "caf\xC3\xA9 \xE6\x97\xA5\xE6\x9C\xAC",
                                                      "it's \"quoted\"; -- :name",
                                                      std::string("a\0b", 3),
                                                      std::string(1 << 20, 'y')};
  for (const auto& text : texts) CHECK((std::get<0>(back(text, 1)) == text));
  const std::vector<std::optional<std::int64_t>> numbers{
      std::nullopt, 0, -1, 5'000'000'000, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
  for (const auto& number : numbers) CHECK((std::get<1>(back("n", number)) == number));
}

TEST_CASE("one text of a query is read with different columns") {
  Store store(false);
  store.add("7");
  store.database.read([](Session& session) {
    CHECK(session.value<std::string>("select name from things").value() == "7");
    CHECK(session.value<std::int64_t>("select name from things").value() == 7);
    CHECK(session.value<std::string>("select name from things where id = :id", {1}).value() == "7");
    CHECK(session.value<std::string>("select name from things where id = :id", {"1"}).value() == "7");
    CHECK_FALSE(session.value<std::string>("select name from things where id = :id", {nullptr}));
  });
}

TEST_CASE("rows given to a function that throws leave the session fresh") {
  Store store(false);
  store.add("a");
  store.add("b");
  store.database.read([&](Session& session) {
    const auto stop = [&] {
      session.each<std::string>("select name from things", {}, [](const std::string&) { throw std::runtime_error("enough"); });
    };
    CHECK_THROWS_WITH(stop(), "enough");
    store.add("c");  // a snapshot left open would hide it
    CHECK(session.rows<std::string>("select name from things").size() == 3);
    const auto again = [&] {
      session.each<std::string>("select name from things", {},
                                [&](const std::string&) { session.rows<std::string>("select name from things"); });
    };
    CHECK_THROWS_AS(again(), std::logic_error);
    CHECK(session.rows<std::string>("select name from things").size() == 3);
  });
}

TEST_CASE("a reader cannot write") {
  Store store(false);
  CHECK(failure([&] { store.database.read([](Session& session) { session.run("insert into things (name) values ('a')"); }); }) ==
        "The database file is read-only: nothing was written.");
}

TEST_CASE("a damaged page is found") {
  TempDir dir;
  const auto file = dir / "s.db";
  Database::create(file, second);
  {
    Database database(file, second);
    database.write([](Transaction& tx) {
      for (int i = 0; i < 2000; ++i) insert(tx, "some name that fills the pages");
    });
  }
  {
    std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekp(4096L * 10);
    bytes << std::string(4096, '\xAA');
  }
  Session session(file, true, true, std::chrono::seconds(0));
  std::string said;
  try {
    said = session.integrity_problem();
  } catch (const StoreFailure& failed) {
    said = failed.what();
  }
  CHECK_FALSE(said.empty());
  CHECK_THAT(failure([&] { session.rows<std::string>("select name from things"); }), Catch::StartsWith("The database file is damaged"));
}
