#include "adapters/documents/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "adapters/documents/escape.hpp"
#include "engine/nearest.hpp"

namespace tradecase {
namespace mustache = kainjow::mustache;
namespace {

using Kind = mustache::tag_type;
using Shape = Field::Shape;

struct Token {
  Kind kind = Kind::text;
  std::string text;  // or the tag's name
  std::size_t position = 0;
};

// kainjow's tree as a list; each section's end is put back.
void flatten(const mustache::component<std::string>& node, std::vector<Token>& tokens) {
  for (const auto& child : node.children) {
    tokens.push_back({child.tag.type, child.is_text() ? child.text : child.tag.name, child.position});
    if (!child.tag.is_section_begin()) continue;
    flatten(child, tokens);
    tokens.push_back({Kind::section_end, child.tag.name, child.position});
  }
}

bool is_blank(const Token& token) { return token.kind == Kind::text && token.text.find_first_not_of(" \t\r\n") == std::string::npos; }
bool stands_alone(const Token& token) {
  return token.kind != Kind::text && token.kind != Kind::variable && token.kind != Kind::unescaped_variable;
}

// Mustache's rule: a line that holds nothing but a section tag or a comment leaves no empty line behind.
std::vector<Token> without_tag_lines(const std::vector<Token>& tokens) {
  std::vector<Token> kept;
  for (auto line = tokens.begin(); line != tokens.end();) {
    auto end = std::find_if(line, tokens.end(), [](const Token& token) { return token.kind == Kind::text && token.text.ends_with('\n'); });
    if (end != tokens.end()) ++end;
    const bool only_tags = std::all_of(line, end, [](const Token& token) { return is_blank(token) || stands_alone(token); }) &&
                           std::any_of(line, end, stands_alone);
    std::copy_if(line, end, std::back_inserter(kept), [&](const Token& token) { return !only_tags || !is_blank(token); });
    line = end;
  }
  return kept;
}

std::string_view as_text(const json::value& value, fmt::memory_buffer& scratch) {
  if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
  scratch.clear();
  if (value.is_int64()) fmt::format_to(std::back_inserter(scratch), "{}", value.get_int64());
  if (value.is_uint64()) fmt::format_to(std::back_inserter(scratch), "{}", value.get_uint64());
  if (value.is_double()) fmt::format_to(std::back_inserter(scratch), "{}", value.get_double());
  return {scratch.data(), scratch.size()};
}

bool is_any(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_array()) return !value.get_array().empty();
  return !value.is_string() || value.get_string().find_first_not_of(" \t\r\n") != json::string::npos;
}

// A value such as "Harbor Lane Imports, Inc." brings its own period to the end of a sentence.
void append_text(std::string& out, std::string_view text) {
  const bool ends_twice = out.ends_with('.') && text.starts_with('.') && !text.starts_with("..");
  out += text.substr(ends_twice ? 1 : 0);
}

}  // namespace

class TemplateCompiler {
 public:
  TemplateCompiler(Template& made, const FieldSet& fields, const Parts& parts)
      : made_(made), fields_(fields), parts_(parts), section_start_(made.steps_.size()) {}

  void read(std::string_view source, const std::string& place, int first_line) {
    source_ = source, place_ = place, first_line_ = first_line;
    for (const Token& token : without_tag_lines(parse(std::string{source}))) take(token);
  }

 private:
  using Step = Template::Step;
  struct Section {
    std::size_t step;
    const Field* list;  // whose items it repeats over; null: shown once or not at all
  };

  [[noreturn]] void fail(std::size_t position, std::string_view message) const {
    const auto lines = std::ranges::count(source_.substr(0, std::min(position, source_.size())), '\n');
    throw TemplateError(fmt::format("{}:{}: {}", place_, first_line_ + lines, message));
  }

  std::vector<Token> parse(const std::string& source) const {
    mustache::context<std::string> nothing;
    mustache::context_internal<std::string> context{nothing};
    mustache::component<std::string> root;
    std::string error;
    mustache::parser<std::string>{source, context, root, error};
    if (!error.empty()) {  // "Unclosed section "x" at 123"
      const auto at = error.rfind(" at ");
      fail(at == error.npos ? 0 : std::stoul(error.substr(at + 4)), error.substr(0, at));
    }
    std::vector<Token> tokens;
    flatten(root, tokens);
    return tokens;
  }

  void take(const Token& token) {
    switch (token.kind) {
      case Kind::text:
        return text(token.text);
      case Kind::variable:
        return variable(token);
      case Kind::section_begin:
        return open(token, false);
      case Kind::section_begin_inverted:
        return open(token, true);
      case Kind::section_end:
        return close();
      case Kind::partial:
        return part(token);
      case Kind::comment:
        return;
      case Kind::unescaped_variable:
        fail(token.position, fmt::format("{{{{{{{}}}}}}} would put a value in unescaped; write {{{{{}}}}}", token.text, token.text));
      case Kind::set_delimiter:
        fail(token.position, "other delimiters than {{ }} are not read");
    }
  }

  void text(const std::string& text) {
    const bool joins = !made_.steps_.empty() && made_.steps_.back().kind == Step::Kind::text && made_.steps_.size() != section_start_;
    if (joins)
      made_.steps_.back().text += text;
    else
      made_.steps_.push_back({Step::Kind::text, text});
  }

  const Field* list() const {  // the list whose item is at hand
    const auto found = std::find_if(sections_.rbegin(), sections_.rend(), [](const Section& section) { return section.list; });
    return found == sections_.rend() ? nullptr : found->list;
  }

  std::size_t position_of(const std::string& name, std::size_t at) {
    const auto position = fields_.find(name);
    if (!position || !fields_.visible(*position))
      fail(at, fmt::format("there is no field \"{}\"{}", name, did_you_mean(name, fields_.names())));
    made_.used_.insert(*position);
    return *position;
  }

  void variable(const Token& token) {
    const Field* around = list();
    if (token.text == ".") {
      if (!around || around->shape != Shape::texts) fail(token.position, "{{.}} stands only inside a list of texts");
      made_.steps_.push_back({Step::Kind::item});
    } else if (around && std::ranges::count(around->parts, token.text) > 0) {
      made_.steps_.push_back({Step::Kind::part, token.text});
    } else {
      const auto position = position_of(token.text, token.position);
      const Shape shape = fields_.at(position).shape;
      if (shape == Shape::texts || shape == Shape::objects)
        fail(token.position, fmt::format("\"{}\" is a list; write {{{{#{}}}}}", token.text, token.text));
      made_.steps_.push_back({shape == Shape::markup ? Step::Kind::markup : Step::Kind::value, {}, position});
    }
  }

  void open(const Token& token, bool inverted) {
    const bool asks = token.text.ends_with('?');
    const std::string name = asks ? token.text.substr(0, token.text.size() - 1) : token.text;
    const auto position = position_of(name, token.position);
    const Field& field = fields_.at(position);
    const bool is_list = field.shape == Shape::texts || field.shape == Shape::objects;
    if (!asks && (inverted || !is_list)) fail(token.position, fmt::format("write \"{}?\" to ask whether there is any", name));
    if (asks && !is_list && field.shape != Shape::optional)
      fail(token.position, fmt::format("\"{}\" is always there: declare it as \"{}?\"", name, name));
    if (!asks && list()) fail(token.position, "a list inside a list is not read");
    sections_.push_back({made_.steps_.size(), asks ? nullptr : &field});
    made_.steps_.push_back({inverted ? Step::Kind::if_none : asks ? Step::Kind::if_any : Step::Kind::each, {}, position});
  }

  void close() {
    section_start_ = made_.steps_.size();  // text behind a section is no part of it
    made_.steps_[sections_.back().step].after = section_start_;
    sections_.pop_back();
  }

  void part(const Token& token) {
    const auto found = parts_.find(token.text);
    if (found == parts_.end()) fail(token.position, fmt::format("there is no part \"{}\"", token.text));
    TemplateCompiler{made_, fields_, {}}.read(found->second, "parts/" + token.text + ".md", 1);
    section_start_ = made_.steps_.size();
  }

  Template& made_;
  const FieldSet& fields_;
  const Parts& parts_;
  std::string_view source_;
  std::string place_;
  int first_line_ = 1;
  std::vector<Section> sections_;
  std::size_t section_start_;  // text from this step on may be joined to the step before, text at it may not
};

Template Template::compile(std::string_view source, const FieldSet& fields, Escaping escaping, const std::string& place, int first_line,
                           const Parts& parts) {
  Template made;
  made.escaping_ = escaping;
  TemplateCompiler{made, fields, parts}.read(source, place, first_line);
  for (const Step& step : made.steps_) made.text_size_ += step.text.size();
  return made;
}

void Template::run(std::size_t begin, std::size_t end, const Values& values, const json::value* item, std::string& out) const {
  fmt::memory_buffer scratch;
  const auto put = [&](const json::value& value) { append_escaped(out, as_text(value, scratch), escaping_); };
  for (std::size_t i = begin; i < end;) {
    const Step& step = steps_[i];
    const auto skip_unless = [&](bool wanted) { i = wanted ? i + 1 : step.after; };
    switch (step.kind) {
      case Step::Kind::text:
        append_text(out, step.text), ++i;
        break;
      case Step::Kind::value:
        put(*values[step.field]), ++i;
        break;
      case Step::Kind::markup:
        out += as_text(*values[step.field], scratch), ++i;
        break;
      case Step::Kind::item:
        put(*item), ++i;
        break;
      case Step::Kind::part:
        put(item->get_object().at(step.text)), ++i;
        break;
      case Step::Kind::if_any:
        skip_unless(is_any(*values[step.field]));
        break;
      case Step::Kind::if_none:
        skip_unless(!is_any(*values[step.field]));
        break;
      case Step::Kind::each:
        if (const json::array* items = values[step.field]->if_array())
          for (const json::value& one : *items) run(i + 1, step.after, values, &one, out);
        i = step.after;
        break;
    }
  }
}

void Template::render(const Values& values, std::string& out) const { run(0, steps_.size(), values, nullptr, out); }

std::string Template::render(const Values& values) const {
  std::string out;
  out.reserve(text_size_ * 2);
  render(values, out);
  return out;
}

}  // namespace tradecase
