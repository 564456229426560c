// The Spanish translations of letters: put below the English letter of record, and below its mail.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "adapters/documents/template.hpp"
#include "engine/letter.hpp"

namespace tradecase {

// Immutable: any number of threads may use one.
class Translations {
 public:
  // The fields of an English letter; null where there is no such letter.
  using FieldsOf = std::function<const FieldSet*(std::string_view letter)>;
  // Reads letters/es/*.md with its parts and layouts, and mail/es/*, below the folder; nothing where it has none. Throws TemplateError
  // naming file and line: of a letter that is not there, of a tag without a field.
  static Translations load(const std::filesystem::path& templates, const FieldsOf& fields_of);

  bool has(std::string_view letter) const { return letters_.contains(letter); }
  // Adds the translation, merged with the letter's own fields, to the English letter. Nothing where there is none.
  void add_to(RenderedLetter& english, std::string_view letter, const json::object& fields) const;

 private:
  struct Wording {
    FieldSet fields;
    Template title, mail_subject, mail_line, body;
  };
  std::map<std::string, Wording, std::less<>> letters_;
  FieldSet layout_fields_;
  Template html_, text_, mail_html_, mail_text_;
};

// "Friday, February 28, 2025" → "viernes, 28 de febrero de 2025"; a text that is no day comes back as it is.
std::string spanish_text(std::string_view english);

}  // namespace tradecase
