#include "engine/sha256.hpp"

#include <rapidcheck/catch.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <span>
#include <thread>

using namespace tradecase;

namespace {

// RFC 6962 §2.1 word for word, to hold the level-by-level calculation to.
std::string root_by_definition(std::span<const std::string> leaves) {
  if (leaves.empty()) return sha256_hex("");
  if (leaves.size() == 1) return leaves[0];
  std::size_t k = 1;
  while (2 * k < leaves.size()) k *= 2;
  return node_hash_hex(root_by_definition(leaves.first(k)), root_by_definition(leaves.subspan(k)));
}

}  // namespace

TEST_CASE("SHA-256 gives the published hashes") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a line of history has the leaf hash that the description of the record gives for it") {
  const auto [line, hash] = GENERATE(table<std::string, std::string>({
      {R"({"enc":1,"n":0,"at":"2026-01-14T16:00:00.000Z","kind":"event","actor":"paul","command":"launch","case":"TC-2026-000001","v":1,)"
       R"("case_prev":"0000000000000000000000000000000000000000000000000000000000000000","from":"","to":"eligibility"})",
       "cc037723d250735f4de7d7b93d387fce2f94999aa3ee2be3eefaf83ef3515ff3"},
      {R"({"enc":1,"n":1,"at":"2026-01-14T16:00:01.000Z","kind":"refusal","actor":"nora","command":"submit","case":"TC-2026-000001",)"
       R"("code":"forbidden"})",
       "12f86558339547ed06f0f519296dece7cddbd42abff4dff0b8af1fd1b404ef7f"},
      {R"({"enc":1,"n":3,"at":"2026-01-14T16:05:00.000Z","kind":"event","actor":"paul","command":"answer_eligibility",)"
       R"("case":"TC-2026-000001","v":2,"case_prev":"cc037723d250735f4de7d7b93d387fce2f94999aa3ee2be3eefaf83ef3515ff3",)"
       R"("from":"eligibility","to":"drafting"})",
       "2d2783a25dd5a3ce7c7541ab946550f54d41b58937247e9398c757f61ef9ee2c"},
  }));
  CHECK(leaf_hash_hex(line) == hash);
}

TEST_CASE("the tree over the known leaves of Certificate Transparency has its known roots") {
  using namespace std::string_literals;
  const std::vector<std::string> entries{"", "\x00"s, "\x10", " !", "01", "@ABC", "PQRSTUVW", "`abcdefghijklmno"};
  const std::vector<std::string> roots{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                                       "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                       "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                       "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                       "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                       "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                       "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                       "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<std::string> leaves;
  for (std::size_t size = 0; size < roots.size(); ++size) {
    CAPTURE(size);
    CHECK(merkle_root_hex(leaves) == roots[size]);
    if (size < entries.size()) leaves.push_back(leaf_hash_hex(entries[size]));
  }
}

TEST_CASE("a tree of any size is the one that the RFC defines") {
  std::vector<std::string> leaves;
  for (int i = 0; i < 130; ++i) {
    CAPTURE(i);
    CHECK(merkle_root_hex(leaves) == root_by_definition(leaves));
    leaves.push_back(leaf_hash_hex(std::to_string(i)));
  }
}

TEST_CASE("what is not a hash is refused") {
  const auto good = sha256_hex("");
  const auto bad = GENERATE_COPY(
      values<std::string>({"", "00", good + "0", good.substr(1), std::string(64, 'A'), std::string(64, 'g'), std::string(64, '\0')}));
  CAPTURE(bad);
  CHECK_THROWS_AS(node_hash_hex(good, bad), std::invalid_argument);
  CHECK_THROWS_AS(node_hash_hex(bad, good), std::invalid_argument);
  CHECK_THROWS_AS(merkle_root_hex({good, bad}), std::invalid_argument);
  CHECK_THROWS_AS(merkle_root_hex({bad}), std::invalid_argument);
}

TEST_CASE("hashes are the same from every thread") {
  std::atomic<int> differing{0};
  const auto hash_many = [&] {
    for (int i = 0; i < 1'000; ++i)
      if (sha256_hex("abc") != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") ++differing;
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(hash_many);
  for (auto& thread : threads) thread.join();
  CHECK(differing == 0);
}
