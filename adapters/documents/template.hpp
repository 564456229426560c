// A Mustache template, read by kainjow's parser and compiled once against the fields it may use. Rendering is const and needs no
// lock: any number of threads may render one Template.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/documents/fields.hpp"

namespace tradecase {

enum class Escaping { none, html, markdown };

// Pieces that several templates share, by name: {{> why_this_date}}.
using Parts = std::map<std::string, std::string, std::less<>>;

class Template {
 public:
  // `place` and `first_line` say in error messages where the source stands. Throws TemplateError naming place and line for a tag
  // that the fields do not have, for {{{raw}}} and {{&raw}}, and for sections that do not fit their field.
  static Template compile(std::string_view source, const FieldSet& fields, Escaping escaping, const std::string& place, int first_line = 1,
                          const Parts& parts = {});

  // Every value goes in on one line: white space runs become one space, other control characters go.
  void render(const Values& values, std::string& out) const;
  std::string render(const Values& values) const;

  const std::set<std::size_t>& used() const { return used_; }  // positions in the FieldSet

 private:
  friend class TemplateCompiler;
  struct Step {
    enum class Kind { text, value, markup, item, part, each, if_any, if_none };
    Kind kind;
    std::string text{};     // text, or the name of the part
    std::size_t field = 0;  // position
    std::size_t after = 0;  // each, if_any, if_none: the step behind the section
  };
  void run(std::size_t begin, std::size_t end, const Values& values, const json::value* item, std::string& out) const;

  std::vector<Step> steps_;
  std::set<std::size_t> used_;
  Escaping escaping_ = Escaping::none;
  std::size_t text_size_ = 0;  // of the steps, to guess how long a rendering is
};

}  // namespace tradecase
