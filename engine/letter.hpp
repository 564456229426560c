// A letter as it goes into the record: rendered once, when the command commits, and never again.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/json.hpp"

namespace tradecase {

// html and text are made from one source, so they say the same; the mail parts carry no case content beyond the due date.
struct RenderedLetter {
  std::string title;
  std::string html;
  std::string text;  // lines end in \n and have at most 76 columns, unless one word is longer
  std::string mail_subject;
  std::string mail_text;
  std::string mail_html;
};

// A template that cannot be used, or fields that do not fit it. A mistake in the product or its configuration: the command fails.
struct TemplateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Renders one letter strictly: an unknown letter, a field the template names and `fields` lacks, a field it does not declare
// and a value of another shape all throw TemplateError. templates/letters/README.md lists letters and fields.
using Renderer = std::function<RenderedLetter(std::string_view letter, const json::object& fields)>;

}  // namespace tradecase
