#include "adapters/http/portal/load_chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/http/message.hpp"

namespace tradecase::http {
namespace {

constexpr int names_width = 170, week_width = 88, row_height = 56, head_height = 28, bar_width = 56, bar_most = 34;

std::string text(int x, int y, const std::string& anchor, const std::string& said) {
  return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"13\" fill=\"#1b1b1b\">{}</text>\n", x, y, anchor,
                     html_escaped(said));
}

std::string bar(int x, int floor, int height, std::int64_t value) {
  std::string out = fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", x, floor - height, bar_width, height,
                                value == 0 ? "#c6cace" : "#005ea2");
  return out + text(x + bar_width / 2, floor - height - 4, "middle", std::to_string(value));
}

}  // namespace

std::string load_chart(const std::vector<std::string>& weeks, const std::vector<LoadRow>& rows, const std::string& title,
                       const std::string& description) {
  std::int64_t most = 1;
  for (const LoadRow& row : rows)
    for (const std::int64_t value : row.weeks) most = std::max(most, value);
  const int width = names_width + static_cast<int>(weeks.size()) * week_width;
  const int height = head_height + static_cast<int>(rows.size()) * row_height + 4;
  std::string svg = fmt::format(
      "<svg role=\"img\" aria-labelledby=\"load-title load-description\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">"
      "<title id=\"load-title\">{2}</title><desc id=\"load-description\">{3}</desc>\n",
      width, height, html_escaped(title), html_escaped(description));
  for (std::size_t week = 0; week < weeks.size(); ++week)
    svg += text(names_width + static_cast<int>(week) * week_width + bar_width / 2, 16, "middle", weeks[week]);
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const int floor = head_height + static_cast<int>(at + 1) * row_height - 4;
    svg += text(0, floor - 4, "start", rows[at].name);
    svg += fmt::format("<line x1=\"0\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\" stroke=\"#c6cace\"/>\n", floor, width);
    for (std::size_t week = 0; week < rows[at].weeks.size(); ++week) {
      const std::int64_t value = rows[at].weeks[week];
      const int tall = value == 0 ? 1 : std::max(2, static_cast<int>(value * bar_most / most));
      svg += bar(names_width + static_cast<int>(week) * week_width, floor, tall, value);
    }
  }
  return svg + "</svg>";
}

}  // namespace tradecase::http
