// What the company's pages do without a server: word by word comparison, the calendar feed.
#include <catch2/catch.hpp>

#include "adapters/http/portal/ical.hpp"
#include "adapters/http/portal/word_diff.hpp"

using namespace tradecase;
using namespace tradecase::http;

namespace {

std::string put_together(const std::vector<DiffPart>& parts, DiffPart::Kind without) {
  std::string all;
  for (const DiffPart& part : parts)
    if (part.kind != without) all += part.text;
  return all;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    longest = std::max(longest, end - at);
    at = end + 2;
  }
  return longest;
}

const Date day = *parse_date("2026-03-16");
const Instant stamp = *parse_instant("2026-03-01T10:20:30.000Z");

}  // namespace

TEST_CASE("two texts are compared word by word, and both can be put together again") {
  const std::pair<std::string, std::string> pairs[] = {{"", ""},
                                                       {"", "new"},
                                                       {"gone", ""},
                                                       {"we have two brokers", "we have three brokers now"},
                                                       {"one\ntwo\n", "one\n\ntwo three\n"},
                                                       {"a b c d", "d c b a"}};
  for (const auto& [before, after] : pairs) {
    INFO(before << " -> " << after);
    const auto parts = word_diff(before, after);
    CHECK(put_together(parts, DiffPart::Kind::added) == before);
    CHECK(put_together(parts, DiffPart::Kind::removed) == after);
  }
  using Kind = DiffPart::Kind;
  CHECK(word_diff("two brokers", "three brokers") ==
        std::vector<DiffPart>{{Kind::removed, "two "}, {Kind::added, "three "}, {Kind::same, "brokers"}});
}

TEST_CASE("texts too long to compare are told apart as wholes") {
  std::string before, after;
  for (int i = 0; i < 1100; ++i) {
    before += "a" + std::to_string(i) + " ";
    after += "b" + std::to_string(i) + " ";
  }
  CHECK(word_diff(before, after).size() == 2);
}

TEST_CASE("a calendar feed escapes, folds and counts as RFC 5545 says") {
  const std::string long_text = "Señor, niños; a\\b\n" + std::string(200, 'x') + "ñññññññññññññññññññññññññññññññññññ";
  const std::string feed = icalendar(
      "Dates", {{"TC-1-due@x", day, "Due, now", long_text, "https://x/1", 2, false, 7}, {"TC-2-due@x", day, "Gone", "", "", 3, true, 7}},
      stamp);
  CHECK(longest_line(feed) <= 75);
  CHECK(feed.find("UID:TC-1-due@x\r\nDTSTAMP:20260301T102030Z\r\nDTSTART;VALUE=DATE:20260316\r\nDTEND;VALUE=DATE:20260317\r\n"
                  "SEQUENCE:2\r\nSTATUS:CONFIRMED\r\n") != std::string::npos);
  CHECK(feed.find("SUMMARY:Due\\, now\r\n") != std::string::npos);
  CHECK(feed.find("Señor\\, niños\\; a\\\\b\\n") != std::string::npos);
  CHECK(feed.find("TRIGGER:-P7D") != std::string::npos);
  CHECK(feed.find("STATUS:CANCELLED") != std::string::npos);
  CHECK(feed.find("TRIGGER", feed.find("TC-2-due@x")) == std::string::npos);
}
