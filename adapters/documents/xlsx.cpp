#include "adapters/documents/xlsx.hpp"

#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "adapters/documents/letter_source.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t text_size_max = 32'000;  // of a cell, in bytes; Excel takes 32,767 characters
constexpr std::size_t tab_name_max = 31;

class TemporaryFile {
 public:
  TemporaryFile() : name_((fs::temp_directory_path() / "tradecase-sheet-XXXXXX").string()) {
    const int file = mkstemp(name_.data());
    if (file < 0) throw std::runtime_error("no temporary file can be made");
    close(file);
  }
  ~TemporaryFile() {
    std::error_code ignored;  // it is temporary
    fs::remove(name_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string cut(std::string text) {
  if (text.size() <= text_size_max) return text;
  std::size_t end = text_size_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not within a character
  return text.substr(0, end) + " …";
}

struct Place {
  lxw_worksheet* tab;
  lxw_format* day;
  lxw_row_t row;
  lxw_col_t column;

  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const { worksheet_write_string(tab, row, column, cut(text).c_str(), nullptr); }
  void operator()(std::int64_t number) const { worksheet_write_number(tab, row, column, static_cast<double>(number), nullptr); }
  void operator()(double number) const { worksheet_write_number(tab, row, column, number, nullptr); }
  void operator()(Date date) const {
    const std::chrono::year_month_day ymd(date);
    lxw_datetime at{static_cast<int>(ymd.year()),
                    static_cast<int>(static_cast<unsigned>(ymd.month())),
                    static_cast<int>(static_cast<unsigned>(ymd.day())),
                    0,
                    0,
                    0};
    worksheet_write_datetime(tab, row, column, &at, day);
  }
};

double width_of(const Sheet& sheet, std::size_t column) {
  std::size_t widest = columns_of(sheet.head[column]) + 3;  // and the filter's button
  for (const auto& row : sheet.rows) {
    if (column >= row.size()) continue;
    if (const auto* text = std::get_if<std::string>(&row[column])) widest = std::max(widest, columns_of(*text));
    if (std::holds_alternative<Date>(row[column])) widest = std::max<std::size_t>(widest, 11);
  }
  return static_cast<double>(std::clamp<std::size_t>(widest, 8, 60));
}

void fill(lxw_workbook* book, const Sheet& sheet) {
  lxw_worksheet* tab = workbook_add_worksheet(book, sheet.name.substr(0, tab_name_max).c_str());
  if (tab == nullptr) throw std::logic_error("\"" + sheet.name + "\" cannot be the name of a tab");
  lxw_format* head = workbook_add_format(book);
  format_set_bold(head);
  format_set_bottom(head, LXW_BORDER_MEDIUM);
  lxw_format* day = workbook_add_format(book);
  format_set_num_format(day, "yyyy-mm-dd");
  for (std::size_t i = 0; i < sheet.head.size(); ++i) {
    const auto column = static_cast<lxw_col_t>(i);
    worksheet_set_column(tab, column, column, width_of(sheet, i), nullptr);
    worksheet_write_string(tab, 0, column, sheet.head[i].c_str(), head);
  }
  lxw_row_t at = 0;
  for (const auto& row : sheet.rows) {
    ++at;
    for (std::size_t i = 0; i < row.size(); ++i) std::visit(Place{tab, day, at, static_cast<lxw_col_t>(i)}, row[i]);
  }
  worksheet_freeze_panes(tab, 1, 0);
  if (!sheet.head.empty()) worksheet_autofilter(tab, 0, 0, at, static_cast<lxw_col_t>(sheet.head.size() - 1));
}

}  // namespace

std::string xlsx_of(const Sheet& sheet) {
  const TemporaryFile file;
  lxw_workbook* book = workbook_new(file.name().c_str());
  if (book == nullptr) throw std::bad_alloc();
  std::string title = sheet.title, author = "tradecase";
  lxw_doc_properties about{};
  about.title = title.data();
  about.author = author.data();
  workbook_set_properties(book, &about);
  fill(book, sheet);
  if (const lxw_error failed = workbook_close(book); failed != LXW_NO_ERROR)
    throw std::runtime_error(std::string("a spreadsheet cannot be written: ") + lxw_strerror(failed));
  return read_file(file.name());
}

}  // namespace tradecase
