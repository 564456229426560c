#include "adapters/http/file_check.hpp"

#include <magic.h>
#include <zip.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>

#include "adapters/http/file_names.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t ratio_counts_from = 10 * 1024 * 1024;

// ---- by the bytes --------------------------------------------------------------------------------------------------------------

// A handle serves one thread at a time.
class Magic {
 public:
  explicit Magic(int what) : handle_(magic_open(what)) {
    if (handle_ == nullptr || magic_load(handle_, nullptr) != 0) throw std::runtime_error("libmagic's list of file types cannot be read");
  }
  ~Magic() { magic_close(handle_); }
  Magic(const Magic&) = delete;
  Magic& operator=(const Magic&) = delete;

  std::string of(std::string_view bytes) const {
    const char* said = magic_buffer(handle_, bytes.data(), bytes.size());
    return said == nullptr ? "" : said;
  }

 private:
  magic_t handle_;
};

std::string type_by_bytes(std::string_view bytes) {
  static thread_local const Magic magic(MAGIC_MIME_TYPE);
  return magic.of(bytes);
}
std::string encoding_by_bytes(std::string_view bytes) {
  static thread_local const Magic magic(MAGIC_MIME_ENCODING);
  return magic.of(bytes);
}

bool ends_near(std::string_view bytes, std::string_view mark, std::size_t within) {
  return bytes.substr(bytes.size() - std::min(bytes.size(), within)).find(mark) != std::string_view::npos;
}

// Where a TIFF says its first directory begins.
bool tiff_reaches(std::string_view bytes) {
  if (bytes.size() < 8) return false;
  const bool little = bytes.front() == 'I';
  std::size_t at = 0;
  for (std::size_t i = 0; i < 4; ++i) at = at * 256 + static_cast<unsigned char>(bytes[little ? 7 - i : 4 + i]);
  return at + 2 <= bytes.size();
}

bool reads_as_text(std::string_view bytes) {
  const auto of_ascii_text = [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; };
  if (std::ranges::all_of(bytes, of_ascii_text)) return true;  // libmagic makes nothing of a very short file
  const std::string encoding = encoding_by_bytes(bytes);
  const bool wide = encoding.starts_with("utf-16") || encoding.starts_with("utf-32");
  return encoding != "binary" && (wide || bytes.find('\0') == std::string_view::npos);
}

// ---- packed ones ---------------------------------------------------------------------------------------------------------------

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

Archive opened(std::string_view bytes) {
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  if (source == nullptr) throw std::bad_alloc();
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, nullptr);
  if (archive == nullptr) zip_source_free(source);
  return {archive, &zip_discard};
}

struct Member {
  std::string name;
  std::string_view part;  // of its bytes; "" begins it
};

// Each member's bytes in parts, unpacked and counted: what a ZIP says of its sizes is not believed.
std::optional<FileProblem> each_part(std::string_view bytes, std::size_t members_max, const std::function<void(const Member&)>& take) {
  const Archive archive = opened(bytes);
  if (!archive) return FileProblem::damaged;
  const zip_int64_t members = zip_get_num_entries(archive.get(), 0);
  if (members < 1) return FileProblem::damaged;
  if (static_cast<std::size_t>(members) > members_max) return FileProblem::bomb;
  std::size_t all = 0;
  std::string part(64 * 1024, '\0');
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(members); ++i) {
    zip_stat_t about;
    if (zip_stat_index(archive.get(), i, 0, &about) != 0 || (about.valid & ZIP_STAT_NAME) == 0) return FileProblem::damaged;
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE) return FileProblem::locked;
    Member member{about.name, ""};
    take(member);
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(archive.get(), i, 0), &zip_fclose);
    if (!file) return FileProblem::damaged;
    for (;;) {
      const zip_int64_t got = zip_fread(file.get(), part.data(), part.size());
      if (got < 0) return FileProblem::damaged;  // its check sum too
      if (got == 0) break;
      all += static_cast<std::size_t>(got);
      if (all > unpacked_bytes_max || (all > ratio_counts_from && all > packed_ratio_max * bytes.size())) return FileProblem::bomb;
      member.part = std::string_view(part).substr(0, static_cast<std::size_t>(got));
      take(member);
    }
  }
  return std::nullopt;
}

// An Office document: the part that makes it one, and nothing that runs.
std::optional<FileProblem> document_problem(std::string_view bytes, std::string_view main_part) {
  bool has_types = false, has_main = false, runs = false;
  std::string types;
  const auto problem = each_part(bytes, 4 * packed_files_max, [&](const Member& member) {
    const std::string name = lower(member.name);
    has_types = has_types || name == "[content_types].xml";
    has_main = has_main || name == main_part;
    runs = runs || name.find("vbaproject") != std::string::npos || name.find("/macrosheets/") != std::string::npos ||
           name.find("/activex/") != std::string::npos;
    if (name == "[content_types].xml" && types.size() < ratio_counts_from) types += lower(member.part);
  });
  if (problem) return problem;
  if (!has_types || !has_main) return FileProblem::content_differs;
  return runs || types.find("macroenabled") != std::string::npos ? std::optional(FileProblem::macros) : std::nullopt;
}

std::optional<FileProblem> zip_problem(std::string_view bytes) {
  bool nested = false;
  const auto problem =
      each_part(bytes, packed_files_max, [&](const Member& member) { nested = nested || is_packed(cleaned_name(member.name)); });
  return problem || !nested ? problem : std::optional(FileProblem::nested);
}

// ---- the list ------------------------------------------------------------------------------------------------------------------

struct Kind {
  std::string_view ending, type;
  std::optional<FileProblem> (*problem)(std::string_view bytes);
};

std::optional<FileProblem> unless(bool right, FileProblem problem) { return right ? std::nullopt : std::optional(problem); }

std::optional<FileProblem> pdf_problem(std::string_view bytes) {
  if (type_by_bytes(bytes) != "application/pdf") return FileProblem::content_differs;
  return unless(ends_near(bytes, "%%EOF", 2'048), FileProblem::damaged);
}
std::optional<FileProblem> png_problem(std::string_view bytes) {
  if (type_by_bytes(bytes) != "image/png") return FileProblem::content_differs;
  return unless(ends_near(bytes, "IEND", 1'024), FileProblem::damaged);
}
std::optional<FileProblem> jpeg_problem(std::string_view bytes) {
  if (type_by_bytes(bytes) != "image/jpeg") return FileProblem::content_differs;
  return unless(ends_near(bytes, "\xFF\xD9", 64 * 1'024), FileProblem::damaged);
}
std::optional<FileProblem> tiff_problem(std::string_view bytes) {
  if (type_by_bytes(bytes) != "image/tiff") return FileProblem::content_differs;
  return unless(tiff_reaches(bytes), FileProblem::damaged);
}
std::optional<FileProblem> text_problem_of(std::string_view bytes) { return unless(reads_as_text(bytes), FileProblem::content_differs); }
bool begins_packed(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }
std::optional<FileProblem> docx_problem(std::string_view bytes) {
  return begins_packed(bytes) ? document_problem(bytes, "word/document.xml") : FileProblem::content_differs;
}
std::optional<FileProblem> xlsx_problem(std::string_view bytes) {
  return begins_packed(bytes) ? document_problem(bytes, "xl/workbook.xml") : FileProblem::content_differs;
}
std::optional<FileProblem> archive_problem(std::string_view bytes) {
  return begins_packed(bytes) ? zip_problem(bytes) : FileProblem::content_differs;
}

constexpr Kind kinds[] = {
    {"pdf", "application/pdf", pdf_problem},
    {"png", "image/png", png_problem},
    {"jpg", "image/jpeg", jpeg_problem},
    {"jpeg", "image/jpeg", jpeg_problem},
    {"tif", "image/tiff", tiff_problem},
    {"tiff", "image/tiff", tiff_problem},
    {"csv", "text/csv", text_problem_of},
    {"txt", "text/plain", text_problem_of},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx_problem},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_problem},
    {"zip", "application/zip", archive_problem},
};
constexpr std::string_view with_macros[] = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm"};

bool of_the_system(const std::string& path) {
  const std::string name = cleaned_name(path);
  return path.ends_with('/') || path.starts_with("__MACOSX/") || name == "DS_Store" || lower(name) == "thumbs.db";
}

}  // namespace

FileCheck check_file(std::string_view name, std::string_view bytes) {
  const std::string ending = ending_of(name);
  if (std::ranges::find(with_macros, ending) != std::end(with_macros)) return {"", FileProblem::macros};
  const auto kind = std::ranges::find(kinds, ending, &Kind::ending);
  if (kind == std::end(kinds)) return {"", FileProblem::ending_unknown};
  if (bytes.empty()) return {"", FileProblem::empty};
  if (bytes.size() > file_bytes_max) return {"", FileProblem::too_large};
  return {std::string(kind->type), kind->problem(bytes)};
}

std::variant<std::vector<PackedFile>, FileProblem> unpacked(std::string_view zip) {
  std::vector<PackedFile> files;
  bool wanted = false;
  const auto problem = each_part(zip, packed_files_max, [&](const Member& member) {
    if (member.part.empty()) {
      wanted = !of_the_system(member.name);
      if (wanted) files.push_back({cleaned_name(member.name), ""});
    } else if (wanted) {
      files.back().bytes += member.part;
    }
  });
  if (problem) return *problem;
  return files;
}

bool is_packed(std::string_view name) { return ending_of(name) == "zip"; }

std::string endings_taken() {
  std::vector<std::string> all;
  for (const Kind& kind : kinds) all.push_back("." + std::string(kind.ending));
  return join(all, ",");
}

}  // namespace tradecase::http
