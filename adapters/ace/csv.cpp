#include "adapters/ace/csv.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/ace/utf8.hpp"

namespace tradecase::csv {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;
constexpr std::size_t shown_characters_max = 120;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r") == std::string_view::npos; }

// One row taken apart. Feed it lines until it wants no more.
class RowParser {
 public:
  explicit RowParser(Row& row) : row_(row) {}

  void take(const Lines::Line& line) {
    text_ = line.text;
    line_end_ = line.ended ? "\n" : "";
    at_ = 0;
    if (!inside_quotes_) begin_field();
    while (at_ <= text_.size() && step()) {
    }
  }
  bool inside_quotes() const { return inside_quotes_; }
  bool misquoted() const { return misquoted_; }

 private:
  // Each step takes a part of the line; false once the line is used up.
  bool step() {
    if (inside_quotes_) return take_quoted();
    return after_quotes_ ? take_after_quotes() : take_plain();
  }

  void begin_field() {
    row_.fields.emplace_back();
    after_quotes_ = false;
    inside_quotes_ = at_ < text_.size() && text_[at_] == '"';
    if (inside_quotes_) ++at_;
  }

  bool take_quoted() {
    const std::size_t mark = text_.find('"', at_);
    row_.fields.back() += text_.substr(at_, mark == std::string_view::npos ? mark : mark - at_);
    if (mark == std::string_view::npos) {
      row_.fields.back() += line_end_;
      return false;
    }
    const bool doubled = mark + 1 < text_.size() && text_[mark + 1] == '"';
    at_ = mark + (doubled ? 2 : 1);
    if (doubled) row_.fields.back() += '"';
    inside_quotes_ = doubled;
    after_quotes_ = !doubled;
    return true;
  }

  bool take_after_quotes() {
    const std::size_t comma = text_.find(',', at_);
    const std::string_view rest = text_.substr(at_, comma == std::string_view::npos ? comma : comma - at_);
    if (!is_blank(rest)) misquote("text follows the closing quotation mark; a quotation mark inside a field is written twice");
    return go_on(comma);
  }

  bool take_plain() {
    const std::size_t comma = text_.find(',', at_);
    std::string_view field = text_.substr(at_, comma == std::string_view::npos ? comma : comma - at_);
    if (comma == std::string_view::npos && field.ends_with('\r')) field.remove_suffix(1);
    row_.fields.back() = field;
    if (field.find('"') != std::string_view::npos) {
      misquote("a quotation mark stands inside a field that does not begin with one; such a field is put in quotation marks");
    } else if (field.find('\r') != std::string_view::npos) {
      fault("a carriage return stands inside a field that is not in quotation marks");
    }
    return go_on(comma);
  }

  bool go_on(std::size_t comma) {
    if (comma == std::string_view::npos) return false;
    at_ = comma + 1;
    begin_field();
    return true;
  }

  void misquote(std::string reason) {
    misquoted_ = true;
    fault(std::move(reason));
  }

  void fault(std::string reason) {
    if (!row_.fault) row_.fault = Fault{row_.fields.size() - 1, std::move(reason)};
  }

  Row& row_;
  std::string_view text_;
  std::string_view line_end_;
  std::size_t at_ = 0;
  bool inside_quotes_ = false;
  bool after_quotes_ = false;
  bool misquoted_ = false;
};

void check_text(Row& row) {
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    if (auto reason = unfit_text(row.fields[i])) row.unfit.push_back({i, std::move(*reason)});
  }
}

std::string counted(std::size_t number) { return std::to_string(number) + (number == 1 ? " field" : " fields"); }

}  // namespace

bool Lines::fill() {
  buffer_.resize(buffer_bytes);
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.resize(static_cast<std::size_t>(in_.gcount()));
  begin_ = 0;
  return !buffer_.empty();
}

std::optional<Lines::Line> Lines::read() {
  Line line;
  line.number = number_ + 1;
  bool any = false;
  while (begin_ < buffer_.size() || fill()) {
    any = true;
    const std::size_t end = buffer_.find('\n', begin_);
    const std::size_t count = std::min(end, buffer_.size()) - begin_;
    const std::size_t room = row_bytes_max - line.text.size();
    line.text.append(buffer_, begin_, std::min(count, room));
    line.too_long = line.too_long || count > room;
    begin_ += count + (end == std::string::npos ? 0 : 1);
    line.ended = end != std::string::npos;
    if (line.ended) break;
  }
  if (!any) return std::nullopt;
  ++number_;
  if (number_ == 1 && line.text.starts_with(byte_order_mark)) line.text.erase(0, byte_order_mark.size());
  return line;
}

std::optional<Lines::Line> Lines::take() {
  if (waiting_.empty()) return read();
  Line line = std::move(waiting_.front());
  waiting_.pop_front();
  return line;
}

void Lines::put_back(std::vector<Line> lines) {
  waiting_.insert(waiting_.begin(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

bool Reader::next(Row& row) {
  while (std::optional<Lines::Line> first = lines_.take()) {
    if (is_blank(first->text)) continue;
    read_row(row, std::move(*first));
    if (!row.fault) check_width(row);
    if (!row.fault) check_text(row);
    return true;
  }
  return false;
}

void Reader::read_row(Row& row, Lines::Line first) {
  row = Row{first.number, {}, {}, {}};
  RowParser parser(row);
  parser.take(first);
  bool too_long = first.too_long;
  std::size_t bytes = first.text.size();
  std::vector<Lines::Line> more;
  while (parser.inside_quotes() && !too_long && !parser.misquoted()) {
    std::optional<Lines::Line> line = lines_.take();
    if (!line) break;
    bytes += line->text.size() + 1;
    too_long = bytes > row_bytes_max || line->too_long;
    more.push_back(std::move(*line));
    if (!too_long) parser.take(more.back());
  }
  const std::size_t last = row.fields.size() - 1;
  if (first.too_long) {
    row.fault = Fault{last, "the row is longer than 1 MiB"};
  } else if (parser.inside_quotes() && !row.fault) {
    row.fault = Fault{last, "the quotation mark that opens this field is never closed"};
  }
  if (parser.inside_quotes() || parser.misquoted()) lines_.put_back(std::move(more));
}

void Reader::check_width(Row& row) {
  if (!width_) width_ = row.fields.size();
  if (row.fields.size() == *width_) return;
  row.fault = Fault{{}, "the row has " + counted(row.fields.size()) + " where the header has " + std::to_string(*width_)};
}

std::optional<std::string> unfit_text(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  for (std::size_t at = 0; at < text.size();) {
    if (is_plain(text[at])) {  // nearly all of it, hundreds of megabytes long
      ++at;
      continue;
    }
    const std::optional<char32_t> character = take_character(text, at);
    if (!character) return "this is not UTF-8 text; save the file as CSV UTF-8";
    if (*character == 0) return "there is a NUL character in it";
    if (is_control(*character)) return "there is a control character in it";
  }
  return std::nullopt;
}

std::string shown(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size(); ++count) {
    if (count == shown_characters_max) return out + "…";
    const std::size_t start = at;
    const std::optional<char32_t> character = take_character(text, at);
    if (!character || is_control(*character)) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(start, at - start);
    }
  }
  return out;
}

}  // namespace tradecase::csv
