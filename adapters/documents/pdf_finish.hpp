// The part of a PDF's marks that speaks to qpdf. In C++17, house headers kept out: clang 16 does not take qpdf's headers as C++20.
#pragma once

#include <string>

namespace tradecase {

struct PdfFacts {
  std::string title, author;
  std::string written_at;  // 2026-01-14T16:00:00Z
  std::string pdf_date;    // D:20260114160000Z
};

// Throws what qpdf throws, derived from std::exception, where `printed` is no PDF with a structure.
std::string finished_pdf(const std::string& printed, const PdfFacts& facts);

}  // namespace tradecase
