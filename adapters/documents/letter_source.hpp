// One letter's file: the header, and the body below `---`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "adapters/documents/fields.hpp"

namespace tradecase {

struct LetterInfo {
  std::string name;           // of the file, without .md
  std::string title;          // may hold tags
  std::string to;             // company, nam, supervisor, compliance, auditor or internal
  std::vector<Field> fields;  // those it adds to the standard ones
  std::string about;          // name of the deadline it speaks of; "*": whichever the sender names; empty: none
  bool legal = false;         // a legal notice is mailed alone
};

struct LetterSource {
  LetterInfo info;
  std::string mail_subject;
  std::string mail_line;
  std::string body;
  int body_line = 1;  // of the file, where the body begins
};

// Throws TemplateError naming file and line.
LetterSource read_letter(const std::filesystem::path& file);
// Of another language: the header holds title, mail_subject and mail_line alone, the rest is the English letter's to say.
LetterSource read_translation(const std::filesystem::path& file);

// The whole file. Throws TemplateError when it cannot be read.
std::string read_file(const std::filesystem::path& file);

}  // namespace tradecase
