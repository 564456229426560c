#include "adapters/http/qr_code.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <stdexcept>
#include <vector>

#include "adapters/http/accounts.hpp"

using namespace tradecase::http;

namespace {

// The picture as rows of '#' and '.', drawn from its path.
std::vector<std::string> modules_of(const std::string& svg) {
  std::smatch found;
  REQUIRE(std::regex_search(svg, found, std::regex("viewBox=\"0 0 (\\d+) (\\d+)\"")));
  const auto size = std::stoul(found[1]);
  REQUIRE(found[1] == found[2]);
  std::vector<std::string> rows(size, std::string(size, '.'));
  const std::string path = svg.substr(svg.rfind(" d=\""));
  const std::regex run("M(\\d+) (\\d+)h(\\d+)v1h-(\\d+)z");
  for (std::sregex_iterator at(path.begin(), path.end(), run), end; at != end; ++at) {
    REQUIRE((*at)[3] == (*at)[4]);
    const auto x = std::stoul((*at)[1]), y = std::stoul((*at)[2]), length = std::stoul((*at)[3]);
    REQUIRE(x + length <= size);
    rows.at(y).replace(x, length, length, '#');
  }
  return rows;
}

constexpr char secret[] = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

}  // namespace

TEST_CASE("the QR code of an otpauth address is that which a telephone reads") {
  const std::string address = otpauth_address(secret, "op@agency.example");
  CHECK(address == "otpauth://totp/tradecase:op%40agency.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=tradecase");
  const auto rows = modules_of(qr_svg(address, "QR code"));
  const std::vector<std::string> read_by_zbar = {
      ".................................................", ".................................................",
      ".................................................", ".................................................",
      "....#######.#.#..#.####.###...###...#.#######....", "....#.....#.##...#..#.#....####..##.#.#.....#....",
      "....#.###.#.....##.#.#.##..###..#.##..#.###.#....", "....#.###.#.##..#.#.#...#.#..##..#.##.#.###.#....",
      "....#.###.#..#.#.##..#.#..#.#.###..#..#.###.#....", "....#.....#..####.##..###...##...####.#.....#....",
      "....#######.#.#.#.#.#.#.#.#.#.#.#.#.#.#######....", "............#.....#..##.....#.#..####............",
      "....#.##.###.....#..##.#.#.#.....#.#..#..#.##....", "....#...##....###.###..###.#.#..####.#.####......",
      "....#.#.####.####.##.##..#.##....#..##..##.#.....", "....#.##...##.####.#.........##...#........#.....",
      "....#.###.##########.##.#.#.#########....###.....", "....#....#.#.##.##.#..#.##..#..###.#..#..###.....",
      ".....##...#.#.######...##.#.##..#..#####...##....", "....#..#.#...##..##.#.#..####..##.##....#..##....",
      ".......#.##.##.##.#.###.##.##...###.##..##.......", "......##.#..##.##.#.#.###...##.....###.#.#.......",
      "....##....#....#####..#........#....#..#####.....", "....#...##.##..#.#.#.##.#.#......##..###.##......",
      ".......#.###..#.....#..#.#..#.#.####.##.#...#....", "....##.#.#.###..###..#.###.###..##.####.#..##....",
      "....##.####...#..#.#....#.####....#.##.#..##.....", "....####...###.###.##.......###.#.#.#.#....##....",
      ".....#.##.#...###....#..#.#.###.##.##..#.#.......", "....######.....##..##..#....#..##.####.#.####....",
      "....#....##...#..####.###....#...###...#.#..#....", "....#....#.##.##..###....####...#.#......#..#....",
      "....#...####....#..####.####.#.##.##.#.###..#....", "......##.#..#.#...#....##.###..#.#..##.#....#....",
      "....#.....#.#..#...##.##.....#.####.#...#........", "......#.##..###.##...#.#..###.#.#####..#..#.#....",
      ".....#.####.#.#.#.#...#.#...####.#.######.#......", "............##.##.#..##.##.....##...#...##..#....",
      "....#######.#.##.#.#..#.#.##....#...#.#.##.#.....", "....#.....#.#...####.#.##..#.#.##...#...#..#.....",
      "....#.###.#....#..#.....##..#######.######..#....", "....#.###.#.#.#..#..#..#....#.#####.##.##...#....",
      "....#.###.#.###..#.##.#####..##...##...#.#.##....", "....#.....#..#..#.#....#.##....##.#.#...##.#.....",
      "....#######.#.####.##...###.##....####.#.###.....", ".................................................",
      ".................................................", ".................................................",
      ".................................................",
  };
  CHECK(rows == read_by_zbar);
}

TEST_CASE("another secret is another picture") {
  CHECK(qr_svg(otpauth_address(secret, "op@agency.example"), "t") != qr_svg(otpauth_address(secret, "oq@agency.example"), "t"));
}

TEST_CASE("a QR code is a picture with a name, and a quiet zone around it") {
  const std::string svg = qr_svg("otpauth://totp/a", "QR code of <you>");
  CHECK(svg.find("role=\"img\" aria-labelledby=\"qr-title\"") != std::string::npos);
  CHECK(svg.find("<title id=\"qr-title\">QR code of &lt;you&gt;</title>") != std::string::npos);
  CHECK(svg.find("style=") == std::string::npos);  // the pages' policy forbids it
  const auto rows = modules_of(svg);
  for (std::size_t at : {0UL, 1UL, 2UL, 3UL, rows.size() - 4, rows.size() - 1}) {
    CHECK(rows.at(at).find('#') == std::string::npos);
    CHECK(std::ranges::all_of(rows, [&](const std::string& row) { return row.at(at) == '.'; }));
  }
  CHECK(rows.at(4).substr(4, 8) == "#######.");
  CHECK(rows.at(4).substr(rows.size() - 11, 7) == "#######");
}

TEST_CASE("a text that no QR code holds is told") {
  CHECK_THROWS_AS(qr_svg("", "t"), std::runtime_error);
  CHECK_THROWS_AS(qr_svg(std::string(4000, 'x'), "t"), std::runtime_error);
}
