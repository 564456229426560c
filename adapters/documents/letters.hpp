// All letters, read once and rendered strictly. Start here: Letters::load(), then render() or renderer().
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/documents/letter_source.hpp"
#include "adapters/documents/markdown.hpp"
#include "adapters/documents/template.hpp"
#include "adapters/documents/translations.hpp"
#include "engine/letter.hpp"

namespace tradecase {

struct Letterhead {
  std::vector<std::string> office_address;  // its lines
};

// A piece of a letter that is put together by people: Markdown with merge fields, as the templates' own bodies are.
struct LetterPart {
  std::string title;  // names the place where something is wrong
  std::string text;
};
struct PartProblem {
  std::size_t part = 0;  // its index
  std::string sentence;  // with the line: "Line 3: there is no field …"
};

// Immutable: any number of threads may render with one.
class Letters {
 public:
  // Reads letters/*.md, letters/parts/*.md, letters/layout.*, mail/* below the folder. Throws TemplateError naming file and
  // line for a tag without a field, a field without a tag, an unescaped tag, raw HTML or an image.
  static Letters load(const std::filesystem::path& templates, Letterhead head = {});

  // Throws TemplateError naming letter and field. The field `language` is no letter's own: "es" puts the Spanish translation, where there
  // is one, below the English text of the letter and its mail.
  RenderedLetter render(std::string_view letter, const json::object& fields) const;

  // The same letter, with its mail, around a body made of other parts or around one that came back from Word. Throws TemplateError as
  // above, and for parts with problems.
  RenderedLetter compose(std::string_view letter, const json::object& fields, const std::vector<LetterPart>& parts) const;
  RenderedLetter lay_out(std::string_view letter, const json::object& fields, const Rendering& body) const;
  Rendering body_of(std::string_view letter, const json::object& fields, const std::vector<LetterPart>& parts) const;

  // What is wrong with the parts of a letter: fields that it does not have, HTML, pictures, tags that do not fit.
  std::vector<PartProblem> problems(std::string_view letter, const std::vector<LetterPart>& parts) const;
  std::vector<std::string> fields_used(std::string_view letter, const LetterPart& part) const;  // of a part without problems
  std::vector<Field> fields_of(std::string_view letter) const;                                  // that its text may use

  const LetterInfo& info(std::string_view letter) const;  // throws TemplateError for a letter that is not there
  std::vector<std::string> names() const;                 // ascending
  bool is_translated(std::string_view letter) const { return translations_.has(letter); }

 private:
  struct Letter {
    LetterInfo info;
    FieldSet fields;
    Template title, mail_subject, mail_line, body;
  };
  struct Layouts {
    Template mail_subject, html, text, mail_html, mail_text;
  };
  static Letter compile(const std::filesystem::path& file, const Parts& parts);
  static Layouts compile_layouts(const std::filesystem::path& templates);
  const Letter& find(std::string_view letter) const;
  struct Merge;  // one merge's values
  RenderedLetter finish(const Letter& letter, Merge& merge, Rendering body) const;
  static Template part_template(const Letter& letter, const LetterPart& part);
  static std::string parts_text(const Letter& letter, const std::vector<LetterPart>& parts, const Values& values);
  template <class Body>
  RenderedLetter merged(std::string_view letter, const json::object& fields, const Body& body) const;

  std::map<std::string, Letter, std::less<>> letters_;
  Layouts layouts_;
  json::array office_address_;
  Translations translations_;
};

Renderer renderer(std::shared_ptr<const Letters> letters);

}  // namespace tradecase
