// What is taken of the files that are sent, and what is not: by ending and by bytes.
#include "adapters/http/file_check.hpp"

#include <catch2/catch.hpp>

#include "tests/adapters/http/hostile_files.hpp"

using namespace tradecase::http;
using namespace tradecase::testing;

namespace {

using P = FileProblem;

struct Row {
  std::string what, name, bytes;
  std::optional<P> problem;
};

std::string cut(const std::string& bytes) { return bytes.substr(0, bytes.size() / 2); }

}  // namespace

TEST_CASE("a file is taken where its ending and its bytes say the same") {
  const std::string zeros(40 * 1024 * 1024, '\0');
  Members many;
  for (int i = 0; i < 501; ++i) many.emplace_back(std::to_string(i) + ".txt", "x");
  const std::vector<Row> rows{
      {"a PDF", "invoice.pdf", pdf_of("one"), {}},
      {"a PDF, shouting", "INVOICE.PDF", pdf_of("one"), {}},
      {"a picture", "page.png", png_of(), {}},
      {"a photograph", "page.jpg", jpeg_of(), {}},
      {"a photograph", "page.jpeg", jpeg_of(), {}},
      {"a scan", "page.tif", tiff_of(), {}},
      {"text", "note.txt", "Shipped on May 4.\n", {}},
      {"text in Latin-1", "note.txt", "Caf\xe9 bill\n", {}},
      {"a table", "lines.csv", "entry,line\nABC12345678,1\n", {}},
      {"a document", "note.docx", docx_of(), {}},
      {"a sheet", "lines.xlsx", xlsx_of(), {}},
      {"a ZIP of two", "all.zip", zip_of({{"a.pdf", pdf_of("a")}, {"b.txt", "b"}}), {}},

      {"nothing", "invoice.pdf", "", P::empty},
      {"too much", "invoice.pdf", std::string(file_bytes_max + 1, 'x'), P::too_large},
      {"a program", "setup.exe", exe_of(), P::ending_unknown},
      {"a page that runs", "page.html", "<script>alert(1)</script>", P::ending_unknown},
      {"a picture that runs", "page.svg", "<svg/>", P::ending_unknown},
      {"no ending", "invoice", pdf_of("one"), P::ending_unknown},
      {"two endings", "invoice.pdf.exe", exe_of(), P::ending_unknown},
      {"a program as a PDF", "invoice.pdf", exe_of(), P::content_differs},
      {"a program as a picture", "page.png", exe_of(), P::content_differs},
      {"a program as text", "note.txt", exe_of(), P::content_differs},
      {"a program as a ZIP", "all.zip", exe_of(), P::content_differs},
      {"a program before a ZIP", "all.zip", exe_of() + zip_of({{"a.txt", "a"}}), P::content_differs},
      {"a PDF as a sheet", "lines.xlsx", pdf_of("one"), P::content_differs},
      {"a sheet as a document", "note.docx", xlsx_of(), P::content_differs},
      {"a ZIP as a document", "note.docx", zip_of({{"a.txt", "a"}}), P::content_differs},
      {"a PDF cut off", "invoice.pdf", pdf_of("one").substr(0, 80), P::damaged},
      {"a picture cut off", "page.png", cut(png_of()), P::damaged},
      {"a photograph cut off", "page.jpg", cut(jpeg_of()), P::damaged},
      {"a scan cut off", "page.tif", tiff_of().substr(0, 9), P::damaged},
      {"a ZIP cut off", "all.zip", cut(zip_of({{"a.txt", "some text"}, {"b.txt", "more text"}})), P::damaged},
      {"a document cut off", "note.docx", cut(docx_of()), P::damaged},
      {"a document with macros", "note.docm", docx_of(), P::macros},
      {"a sheet with macros", "lines.xlsm", xlsx_of(), P::macros},
      {"macros under another ending", "note.docx", docx_of({{"word/vbaProject.bin", "x"}}), P::macros},
      {"macros in capitals", "lines.xlsx", xlsx_of({{"xl/VBAPROJECT.BIN", "x"}}), P::macros},
      {"old macros", "lines.xlsx", xlsx_of({{"xl/macrosheets/sheet1.xml", "x"}}), P::macros},
      {"a bomb", "all.zip", zip_of({{"a.txt", zeros}}), P::bomb},
      {"a bomb as a sheet", "lines.xlsx", xlsx_of({{"xl/worksheets/sheet1.xml", zeros}}), P::bomb},
      {"too many", "all.zip", zip_of(many), P::bomb},
      {"a ZIP in a ZIP", "all.zip", zip_of({{"inner.zip", zip_of({{"a.txt", "a"}})}}), P::nested},
      {"a locked ZIP", "all.zip", zip_of({{"a.txt", "a"}}, "secret"), P::locked},
      {"an empty ZIP", "all.zip", "PK\x05\x06" + std::string(18, '\0'), P::content_differs},
  };
  for (const Row& row : rows) {
    const FileCheck check = check_file(row.name, row.bytes);
    INFO(row.what << ": " << row.name << ", problem " << (check.problem ? static_cast<int>(*check.problem) : -1));
    CHECK(check.problem == row.problem);
    if (!row.problem) CHECK_FALSE(check.type.empty());
  }
}

TEST_CASE("a ZIP becomes its files, without folders and what a system adds, under names that lead nowhere") {
  const auto read = unpacked(zip_of({{"papers/", ""},
                                     {"papers/a.txt", "a"},
                                     {"../../etc/passwd.txt", "b"},
                                     {"__MACOSX/papers/._a.txt", "c"},
                                     {"papers/.DS_Store", "d"},
                                     {"C:\\windows\\e.txt", std::string(200'000, 'e')}}));
  const auto* files = std::get_if<std::vector<PackedFile>>(&read);
  REQUIRE(files != nullptr);
  std::vector<std::pair<std::string, std::size_t>> found;
  for (const PackedFile& file : *files) found.emplace_back(file.name, file.bytes.size());
  CHECK(found == std::vector<std::pair<std::string, std::size_t>>{{"a.txt", 1}, {"passwd.txt", 1}, {"e.txt", 200'000}});
}
