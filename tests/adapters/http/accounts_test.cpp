#include "adapters/http/accounts.hpp"

#include <catch2/catch.hpp>

using namespace tradecase;
using namespace tradecase::http;
using namespace std::chrono_literals;

TEST_CASE("a one-time code is that of RFC 6238") {
  struct Row {
    std::int64_t seconds;
    const char* code;
  };
  const Row rows[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const Row& row : rows) {
    INFO(row.seconds);
    CHECK(totp_code("12345678901234567890", totp_step_at(Instant(std::chrono::seconds(row.seconds))), 8) == row.code);
  }
}

TEST_CASE("base32 is that of RFC 4648, there and back") {
  const std::pair<const char*, const char*> rows[] = {{"", ""},         {"f", "MY"},         {"fo", "MZXQ"},
                                                      {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : rows) {
    CHECK(base32(bytes) == text);
    CHECK(from_base32(text) == std::string(bytes));
  }
  CHECK(from_base32("mzxw 6ytb oi==") == "foobar");
  CHECK_FALSE(from_base32("M1"));
}

TEST_CASE("a code counts once, and half a minute around its own") {
  const std::string secret = base32("12345678901234567890");
  const Instant now(1111111109s);
  const std::int64_t step = totp_step_at(now);
  const auto code = [](std::int64_t at) { return totp_code("12345678901234567890", at); };
  CHECK(totp_step_of(secret, code(step), now, 0) == step);
  CHECK(totp_step_of(secret, code(step - 1), now, 0) == step - 1);
  CHECK(totp_step_of(secret, code(step + 1), now, 0) == step + 1);
  CHECK_FALSE(totp_step_of(secret, code(step - 2), now, 0));
  CHECK_FALSE(totp_step_of(secret, code(step), now, step));
  CHECK_FALSE(totp_step_of(secret, "", now, 0));
  CHECK_FALSE(totp_step_of("", code(step), now, 0));
}

TEST_CASE("a password is long enough and not among the first tried") {
  struct Row {
    const char* password;
    bool second_factor;
    bool fine;
  };
  const Row rows[] = {{"a fine long sentence", false, true},
                      {"fourteen chars", false, false},
                      {"fifteen chars ok", false, true},
                      {"eight ch", true, true},
                      {"seven c", true, false},
                      {"ÄÖÜäöüß€ÄÖÜäöüß", false, true},
                      {"Password1234", true, false},
                      {"PASSWORDPASSWORD", false, false},
                      {"aaaaaaaaaaaaaaaa", false, false},
                      {"12345678901234567890", false, false},
                      {"abcdefghijklmnop", false, false},
                      {"abcabcabcabcabcabc", false, false},
                      {"correct horse battery staple", false, false},
                      {"paul.reyes1", true, false},
                      {"tradecase99", true, false},
                      {"paul.reyes likes long walks", false, true}};
  for (const Row& row : rows) {
    INFO(row.password);
    CHECK(password_problem(row.password, row.second_factor, "paul.reyes@cbp.example").has_value() != row.fine);
  }
  CHECK(password_problem(std::string(password_bytes_max + 1, 'x'), false, "a@b"));
  CHECK(password_problem("a sentence with\x01 control", false, "a@b"));
}

TEST_CASE("a password is kept as argon2id and fits its own hash alone") {
  const std::string hash = hash_password("a fine long sentence");
  CHECK(hash.starts_with("$argon2id$v=19$m=32768,t=3,p=1$"));
  CHECK(hash != hash_password("a fine long sentence"));
  CHECK(password_fits(hash, "a fine long sentence"));
  CHECK_FALSE(password_fits(hash, "a fine long sentence."));
  CHECK_FALSE(password_fits(hash, ""));
  CHECK_FALSE(password_fits("", "nobody has this password, whoever asks"));
}

TEST_CASE("who fails often waits, longer each time, an hour at most") {
  const Instant now(1111111109s);
  CHECK_FALSE(not_before({4, now}, 5, now));
  CHECK(not_before({5, now}, 5, now) == now + 1min);
  CHECK(not_before({6, now}, 5, now) == now + 2min);
  CHECK(not_before({10, now}, 5, now) == now + 32min);
  CHECK(not_before({100, now}, 5, now) == now + 60min);
  CHECK_FALSE(not_before({5, now - 61s}, 5, now));
  CHECK_FALSE(not_before({100, now - 25h}, 5, now));
}
