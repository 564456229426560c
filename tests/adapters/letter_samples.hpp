// The letters with their sample fields, as the tests of letters and of their translations merge them.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "adapters/documents/letters.hpp"

namespace tradecase::testing {

namespace fs = std::filesystem;
inline const fs::path home = TRADECASE_HOME;

inline std::string read(const fs::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline const Letters& letters() {
  static const Letters all = Letters::load(home / "templates");
  return all;
}

inline const json::object& samples() {
  static const json::value all = json::parse(read(home / "tests/adapters/letter_samples.json"));
  return all.get_object();
}

inline const json::array& samples_of(const std::string& letter) {
  const json::value* found = samples().at("letters").as_object().if_contains(letter);
  INFO("tests/adapters/letter_samples.json needs two sample sets of fields for the letter " << letter);
  REQUIRE(found);
  return found->as_array();
}

// Sample set `which` of a letter with the standard fields and those of its deadline.
inline json::object sample(const std::string& letter, std::size_t which) {
  json::object fields = samples().at("standard").at(which).as_object();
  const auto add = [&](const json::object& more) {
    for (const auto& [key, value] : more) fields[key] = value;
  };
  if (!letters().info(letter).about.empty()) add(samples().at("deadline").at(which).as_object());
  add(samples_of(letter).at(which).as_object());
  return fields;
}

template <class Check>
void for_every_sample(Check check) {
  for (const std::string& name : letters().names())
    for (std::size_t which = 0; which < samples_of(name).size(); ++which) {
      INFO(name << ", sample " << which);
      check(name, sample(name, which));
    }
}

inline std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// What is wrong with the nesting of the document's tags; empty when every tag that opens is closed in its turn.
inline std::string misnested(const std::string& html) {
  static const std::regex tag{R"(<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"<>]*")*)\s*(/?)>|<!doctype html>)"};
  std::vector<std::string> open;
  std::string rest;
  auto last = html.begin();
  for (auto found = std::sregex_iterator(html.begin(), html.end(), tag); found != std::sregex_iterator{}; ++found) {
    const auto& match = *found;
    rest.append(last, html.begin() + match.position());
    last = html.begin() + match.position() + match.length();
    if (match[2].length() == 0 || match[4].length() > 0) continue;
    if (match[1].length() == 0)
      open.push_back(match[2]);
    else if (open.empty() || open.back() != match[2])
      return "closes " + match[2].str();
    else
      open.pop_back();
  }
  rest.append(last, html.end());
  if (rest.find('<') != std::string::npos) return "a < is no tag: " + rest.substr(rest.find('<'), 30);
  if (std::regex_search(rest, std::regex{"&(?!(amp|lt|gt|quot|#39|#[0-9]+);)"})) return "an & begins no entity";
  return open.empty() ? "" : "leaves open " + open.back();
}

}  // namespace tradecase::testing
