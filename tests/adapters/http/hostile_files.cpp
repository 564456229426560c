#include "tests/adapters/http/hostile_files.hpp"

#include <zip.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tradecase::testing {
namespace {

void require(bool done) {
  if (!done) throw std::runtime_error("libzip could not write a test's archive");
}

}  // namespace

std::string zip_of(const Members& members, const std::string& password) {
  zip_source_t* into = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  require(into != nullptr);
  zip_source_keep(into);
  zip_t* archive = zip_open_from_source(into, ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  require(archive != nullptr);
  for (const auto& [name, bytes] : members) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t at = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    require(at >= 0);
    if (!password.empty()) require(zip_file_set_encryption(archive, static_cast<zip_uint64_t>(at), ZIP_EM_AES_256, password.c_str()) == 0);
  }
  require(zip_close(archive) == 0);
  zip_stat_t about;
  require(zip_source_stat(into, &about) == 0 && zip_source_open(into) == 0);
  std::string all(about.size, '\0');
  require(zip_source_read(into, all.data(), all.size()) == static_cast<zip_int64_t>(all.size()));
  zip_source_close(into);
  zip_source_free(into);
  return all;
}

namespace {

std::string document_of(const std::string& main_part, const Members& more) {
  Members members{{"[Content_Types].xml", "<?xml version=\"1.0\"?><Types><Override PartName=\"/" + main_part + "\"/></Types>"},
                  {"_rels/.rels", "<?xml version=\"1.0\"?><Relationships/>"},
                  {main_part, "<?xml version=\"1.0\"?><document>Invoice</document>"}};
  members.insert(members.end(), more.begin(), more.end());
  return zip_of(members);
}

}  // namespace

std::string docx_of(const Members& more) { return document_of("word/document.xml", more); }
std::string xlsx_of(const Members& more) { return document_of("xl/workbook.xml", more); }

std::string pdf_of(std::string_view text) {
  return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n% " + std::string(text) +
         "\ntrailer<</Root 1 0 R>>\n%%EOF\n";
}

std::string png_of() {
  using namespace std::string_literals;
  return "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\x0aIDAT\x78\x9c\x63\x60\0\0\0\2\0\1\xe2\x21\xbc\x33\0\0\0\0IEND\xae\x42\x60\x82"s;
}

std::string jpeg_of() {
  using namespace std::string_literals;
  return "\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"s + std::string(64, 'x') + "\xff\xd9";
}

std::string tiff_of() {
  using namespace std::string_literals;
  return "II*\0\x08\0\0\0\0\0\0\0\0\0"s;
}

std::string exe_of() {
  using namespace std::string_literals;
  std::string program = "MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0"s + std::string(44, '\0') + "\x80\0\0\0"s;
  program.resize(0x80, '\0');
  return program + "PE\0\0\x4c\1\3\0"s + std::string(256, '\0');
}

}  // namespace tradecase::testing
