// A DOCX as a ZIP file: limits, and what must not be in it.
#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <memory>
#include <pugixml.hpp>
#include <vector>

#include "adapters/documents/docx.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

constexpr std::size_t packed_size_max = 20U << 20U;
constexpr std::size_t part_size_max = 20U << 20U;
constexpr std::size_t all_size_max = 60U << 20U;
constexpr std::int64_t parts_max = 2'000;

struct Discard {
  void operator()(zip_t* zip) const { zip_discard(zip); }
};
struct Close {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Zip = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void broken() { throw DocumentRefused("The file is damaged or is no Word document (.docx)."); }

Zip opened(std::string_view bytes) {
  if (bytes.size() > packed_size_max)
    throw DocumentRefused(fmt::format("The file is larger than {} MB, the most a document may have.", packed_size_max >> 20U));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* zip = source != nullptr ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) : nullptr;
  if (zip == nullptr && source != nullptr) zip_source_free(source);
  zip_error_fini(&error);
  if (zip == nullptr) broken();
  return Zip(zip);
}

std::string unpacked(zip_t* zip, zip_uint64_t index, std::size_t room) {
  const std::unique_ptr<zip_file_t, Close> file(zip_fopen_index(zip, index, 0));
  if (!file) broken();
  std::string bytes;
  std::array<char, 65536> buffer{};
  for (;;) {
    const zip_int64_t count = zip_fread(file.get(), buffer.data(), buffer.size());
    if (count < 0) broken();
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > part_size_max || bytes.size() > room)  // counted as it is unpacked: what the file says of itself proves nothing
      throw DocumentRefused("The file unpacks to more than a letter can hold.");
  }
}

bool is_macro(const std::string& name) {
  return name.find("vbaproject") != std::string::npos || name.find("vbadata") != std::string::npos ||
         name.find("/activex/") != std::string::npos || name.ends_with(".bin");
}

void check_name(const std::string& name) {
  const std::string small = lower(name);
  if (name.empty() || name.front() == '/' || name.find("..") != std::string::npos || name.find('\\') != std::string::npos) broken();
  if (is_macro(small)) throw DocumentRefused("The document holds macros or controls. Save it as a Word document without macros (.docx).");
  if (small.find("/embeddings/") != std::string::npos)
    throw DocumentRefused("The document holds other files inside it. Remove them and save it again.");
}

// Word writes no document type; one would only be there to define entities.
void check_xml(const std::string& name, const std::string& bytes) {
  pugi::xml_document xml;
  if (!xml.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_doctype)) broken();
  for (const pugi::xml_node node : xml.children())
    if (node.type() == pugi::node_doctype)
      throw DocumentRefused("The document defines a document type of its own, which no Word document does.");
  if (name == "[Content_Types].xml" && lower(bytes).find("macroenabled") != std::string::npos)
    throw DocumentRefused("The document holds macros. Save it as a Word document without macros (.docx).");
  if (!name.ends_with(".rels")) return;
  for (const pugi::xml_node relation : xml.document_element().children()) {
    const std::string_view type = relation.attribute("Type").value(), target = relation.attribute("Target").value();
    if (type.ends_with("/aFChunk") || type.ends_with("/subDocument"))
      throw DocumentRefused("The document takes in another document. Put its text in place and save it again.");
    if (lower(relation.attribute("TargetMode").value()) != "external") continue;
    if (!type.ends_with("/hyperlink") || !is_safe_link(target))
      throw DocumentRefused(
          fmt::format("The document refers to something outside itself (\"{}\"). Only links to web pages and "
                      "e-mail addresses may stand in it.",
                      target.substr(0, 120)));
  }
}

}  // namespace

DocxParts unpack_office(std::string_view file) {
  const Zip zip = opened(file);
  const zip_int64_t count = zip_get_num_entries(zip.get(), 0);
  if (count > parts_max) throw DocumentRefused("The file holds more parts than a Word document has.");
  DocxParts parts;
  std::size_t room = all_size_max;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t about;
    zip_stat_init(&about);
    if (zip_stat_index(zip.get(), static_cast<zip_uint64_t>(i), 0, &about) != 0 || (about.valid & ZIP_STAT_NAME) == 0) broken();
    const std::string name = about.name;
    if (name.ends_with('/')) continue;
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE)
      throw DocumentRefused("The document is locked by a password. Remove it and save the document again.");
    check_name(name);
    std::string bytes = unpacked(zip.get(), static_cast<zip_uint64_t>(i), room);
    room -= bytes.size();
    if (name.ends_with(".xml") || name.ends_with(".rels")) check_xml(name, bytes);
    if (!parts.emplace(name, std::move(bytes)).second) broken();
  }
  if (!parts.contains("[Content_Types].xml")) broken();
  return parts;
}

DocxParts unpack_docx(std::string_view docx) {
  DocxParts parts = unpack_office(docx);
  if (!parts.contains("word/document.xml")) broken();
  return parts;
}

std::string pack_docx(const DocxParts& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (target == nullptr) throw std::bad_alloc();
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  const auto require = [](bool worked) {
    if (!worked) throw std::runtime_error("a document cannot be packed");
  };
  require(zip != nullptr);
  constexpr time_t first_of_2000 = 946'684'800;  // ZIP knows no time before 1980; the document's own date stands in its properties
  for (const auto& [name, bytes] : parts) {
    zip_source_t* source = zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
    const zip_int64_t at = source != nullptr ? zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    require(at >= 0);
    require(zip_file_set_mtime(zip, static_cast<zip_uint64_t>(at), first_of_2000, 0) == 0);
  }
  require(zip_close(zip) == 0);
  std::string out;
  require(zip_source_open(target) == 0);
  std::array<char, 65536> buffer{};
  for (zip_int64_t read = 0; (read = zip_source_read(target, buffer.data(), buffer.size())) > 0;)
    out.append(buffer.data(), static_cast<std::size_t>(read));
  zip_source_close(target);
  zip_source_free(target);
  zip_error_fini(&error);
  return out;
}

}  // namespace tradecase
