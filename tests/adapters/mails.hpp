// What the tests of mail share: a message, a mail read back.
#pragma once

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "engine/delivery.hpp"
#include "engine/json.hpp"
#include "tests/folder.hpp"

namespace tradecase::test {

namespace fs = std::filesystem;

inline std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Message letter(const std::string& number = "1") {
  Message message;
  message.message_id = number + ".TC-2026-000123@tradecase.example";
  message.from_name = "Trade Compliance";
  message.from_address = "notices@tradecase.example";
  message.to_name = "Olivia Officer";
  message.to_address = "olivia@acme.example";
  message.subject = "[TC-2026-000123] Your annual notification is due on December 22, 2026";
  message.date = "Wed, 14 Jan 2026 16:00:00 +0000";
  message.text = "Dear Ms. Officer,\n\nyour annual notification is due.\n";
  message.html = "<p>Dear Ms. Officer,</p>\n<p>your annual notification is due.</p>\n";
  return message;
}

// Read by Python's parser, which a program of its own shares no mistakes with.
inline json::object read_mail(const fs::path& file) {
  const std::string command = std::string(TRADECASE_HOME "/tests/adapters/read_mail.py ") + file.string() + " 2>&1";
  FILE* reader = popen(command.c_str(), "r");
  REQUIRE(reader != nullptr);
  std::string said;
  std::array<char, 4096> some{};
  while (const std::size_t count = fread(some.data(), 1, some.size(), reader)) said.append(some.data(), count);
  INFO(said);
  REQUIRE(pclose(reader) == 0);
  return json::parse(said).as_object();
}

inline std::string text_of(const json::value& value) { return std::string(value.as_string()); }

}  // namespace tradecase::test
