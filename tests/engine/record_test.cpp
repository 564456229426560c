#include "engine/merkle.hpp"
#include "engine/sha256.hpp"
#include "engine/store/export.hpp"
#include "tests/engine/fixture.hpp"

#include <fstream>
#include <sstream>

using namespace tradecase;
using namespace tradecase::testing;

namespace {

// The three lines of record.md, and their leaf hashes.
const std::string launch =
    R"({"enc":1,"n":0,"at":"2026-01-14T16:00:00.000Z","kind":"event","actor":"paul","command":"launch","case":"TC-2026-000001","v":1,"case_prev":"0000000000000000000000000000000000000000000000000000000000000000","from":"","to":"eligibility"})";
const std::string refusal =
    R"({"enc":1,"n":1,"at":"2026-01-14T16:00:01.000Z","kind":"refusal","actor":"nora","command":"submit","case":"TC-2026-000001","code":"forbidden"})";
const std::string answered =
    R"({"enc":1,"n":3,"at":"2026-01-14T16:05:00.000Z","kind":"event","actor":"paul","command":"answer_eligibility","case":"TC-2026-000001","v":2,"case_prev":"cc037723d250735f4de7d7b93d387fce2f94999aa3ee2be3eefaf83ef3515ff3","from":"eligibility","to":"drafting"})";
const std::vector<std::string> leaves{"cc037723d250735f4de7d7b93d387fce2f94999aa3ee2be3eefaf83ef3515ff3",
                                      "12f86558339547ed06f0f519296dece7cddbd42abff4dff0b8af1fd1b404ef7f",
                                      "2d2783a25dd5a3ce7c7541ab946550f54d41b58937247e9398c757f61ef9ee2c"};

std::vector<Event> lines_of(World& world) {
  std::vector<Event> all;
  world.database.read([&](Session& session) { each_line(session, [&](const Event& event) { all.push_back(event); }); });
  return all;
}

}  // namespace

TEST_CASE("lines of the record are written byte for byte as record.md shows them") {
  World world;
  world.database.write([](Transaction& tx) {
    Case on{"TC-2026-000001", "errand", "C-1", 0, "eligibility", 1, {}, at("2026-01-14T16:00:00Z"), std::string(64, '0'), true};
    insert_case(tx, on);
    record_event(tx, on, "", "launch", "paul", at("2026-01-14T16:00:00Z"), {});
    CHECK(on.leaf == leaves[0]);
    record_refusal(tx, on.id, "submit", "nora", at("2026-01-14T16:00:01Z"), {RefusalCode::forbidden, "Not you."}, {});
    record_line(tx, "read", "look", "nora", at("2026-01-14T16:00:02Z"), {});
    on.state = "drafting";
    on.version = 2;
    record_event(tx, on, "eligibility", "answer_eligibility", "paul", at("2026-01-14T16:05:00Z"), {});
    CHECK(on.leaf == leaves[2]);
  });
  const auto lines = lines_of(world);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].line == launch);
  CHECK(lines[2].line == R"({"enc":1,"n":2,"at":"2026-01-14T16:00:02.000Z","kind":"read","actor":"nora","command":"look"})");
  CHECK(lines[3].line == answered);
  // The refusal names by its hash what was refused and why.
  const std::string with_data = refusal.substr(0, refusal.size() - 1) + R"(,"data":")" + sha256_hex(lines[1].data.value()) + "\"}";
  CHECK(lines[1].line == with_data);
  CHECK(*lines[1].data == R"({"sentence":"Not you.","body":{}})");
}

TEST_CASE("a line read back is written the same, and one of another form is not read") {
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string line = std::vector{launch, refusal, answered}[i];
    CHECK(written(parse_line(line).value()) == line);
    CHECK(leaf_hash_hex(line) == leaves[i]);
  }
  for (const char* bad : {"", "[]", "{}", R"({"enc":1,"n":1.5,"at":"x","kind":"read","actor":"a","command":"c"})",
                          R"({"enc":1,"n":1,"at":"x","kind":"refusal","actor":"a","command":"c"})",
                          R"({"enc":1,"n":1,"at":"x","kind":"event","actor":"a","command":"c","case":"d","v":1})"})
    CHECK_FALSE(parse_line(bad));
}

TEST_CASE("text in a line is escaped as JSON") {
  RecordLine line;
  line.kind = "read";
  line.at = "2026-01-14T16:00:02.000Z";
  line.actor = "a\"b\\c\n\x01";
  line.command = "caf\xC3\xA9";
  const std::string text = written(line);
  CHECK(text ==
        "{\"enc\":1,\"n\":0,\"at\":\"2026-01-14T16:00:02.000Z\",\"kind\":\"read\",\"actor\":\"a\\\"b\\\\c\\n\\u0001\",\"command\":"
        "\"caf\xC3\xA9\"}");
  CHECK(parse_line(text)->actor == line.actor);
}

TEST_CASE("the root found leaf by leaf is the root of the whole tree") {
  MerkleRoot streamed;
  std::vector<std::string> all;
  CHECK(streamed.hex() == merkle_root_hex(all));
  for (int i = 0; i < 70; ++i) {
    all.push_back(leaf_hash_hex(std::to_string(i)));
    streamed.add(all.back());
    REQUIRE(streamed.hex() == merkle_root_hex(all));
  }
  CHECK(streamed.leaves() == 70);
}

TEST_CASE("what a command said stands beside its line, and the line names its hash") {
  World world;
  const std::string id = world.working();
  world.done(world.say(id, "note", {{"text", "free text with a name"}}, officer));
  const Event last = lines_of(world).back();
  CHECK(last.line.find("free text") == std::string::npos);
  CHECK(*last.data == R"({"body":{"text":"free text with a name"}})");
  CHECK(parse_line(last.line)->data == sha256_hex(*last.data));
  world.check_clean();
}

TEST_CASE("the record is exported line by line with its root") {
  World world;
  const std::string id = world.working();
  world.refused(world.say(id, "finish"));
  const auto dir = world.dir / "out";
  const std::string root = world.database.read([&](Session& session) { return export_record(session, dir); });
  std::ostringstream text;
  text << std::ifstream(dir / "history.jsonl").rdbuf();
  std::string expected;
  std::vector<std::string> hashes;
  for (const Event& event : lines_of(world)) {
    expected += event.line + "\n";
    hashes.push_back(leaf_hash_hex(event.line));
  }
  CHECK(hashes.size() == 3);
  CHECK(text.str() == expected);
  CHECK(root == merkle_root_hex(hashes));
  CHECK(world.database.read([&](Session& session) { return verify(session, world.programme, world.now()).root; }) == root);
  std::ofstream(world.dir / "file") << "x";
  CHECK_THROWS_AS(world.database.read([&](Session& session) { return export_record(session, world.dir / "file"); }), StoreFailure);
}
