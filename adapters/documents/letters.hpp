// All letters, read once and rendered strictly. Start here: Letters::load(), then render() or renderer().
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/documents/letter_source.hpp"
#include "adapters/documents/template.hpp"
#include "adapters/documents/translations.hpp"
#include "engine/letter.hpp"

namespace tradecase {

struct Letterhead {
  std::vector<std::string> office_address;  // its lines
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
  RenderedLetter merge(const Letter& letter, const json::object& fields) const;

  std::map<std::string, Letter, std::less<>> letters_;
  Layouts layouts_;
  json::array office_address_;
  Translations translations_;
};

Renderer renderer(std::shared_ptr<const Letters> letters);

}  // namespace tradecase
