// What the portal may ask of letters that people put together. Rendering them is the documents' business, and which day and which sample
// they name the workflows': the program hands these functions in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"
#include "engine/letter.hpp"

namespace tradecase::http {

struct LetterDesk {
  struct Part {
    std::string title, text;  // Markdown with merge fields
  };
  struct Body {
    std::string html, text;
  };
  struct Wrong {
    std::optional<std::size_t> part;  // its index; none: the letter as a whole
    std::string sentence;             // names the place
  };
  using Wrongs = std::vector<Wrong>;

  struct Asked {
    std::string letter, case_id, person;
    json::object fields;         // the letter's own
    std::optional<Date> due_on;  // where it names a day: as it was typed
    std::vector<Part> parts;
    std::optional<Body> word;  // takes the place of the parts
  };

  std::function<std::variant<RenderedLetter, Wrongs>(const Asked&)> compose;
  std::function<Wrongs(const std::string& letter, const std::vector<Part>&)> check;
  std::function<std::vector<std::string>(const std::string& letter)> fields;                   // that its paragraphs may use, as declared
  std::function<std::string(const std::string& letter, const Part&)> fields_used;              // of a part that is right, as declared
  std::function<std::variant<std::string, Wrongs>(const Asked&)> to_word;                      // the body as a DOCX
  std::function<std::variant<Body, Wrongs>(const Asked&, const std::string& docx)> from_word;  // nothing that the case puts on record lost
  // A template with merge fields: what is wrong with it, or the fields it uses; and a letter's body made of it.
  std::function<std::variant<std::string, Wrongs>(const std::string& letter, const std::string& docx)> check_word;
  std::function<std::variant<Body, Wrongs>(const Asked&, const std::string& docx)> from_template;

  std::function<Date(Date named)> due_day;                            // as the request counts it: a business day
  std::function<json::array(const std::string& case_id)> samples;     // [{sample, says, rows}]
  std::function<json::array(const std::string& sample)> sample_rows;  // [{entry_number, line}], as listed
};

}  // namespace tradecase::http
