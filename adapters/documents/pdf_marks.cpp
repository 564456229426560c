#include "adapters/documents/pdf_marks.hpp"

#include <fmt/format.h>

#include "adapters/documents/pdf_finish.hpp"

namespace tradecase {
namespace {

std::string pdf_date(const std::string& text) {  // D:20260114160000Z of 2026-01-14T16:00:00.000Z
  return "D:" + text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2) + text.substr(11, 2) + text.substr(14, 2) + text.substr(17, 2) +
         "Z";
}

}  // namespace

std::string with_marks(const std::string& printed, const Paper& paper) {
  const std::string at = to_text(paper.written_at);
  try {
    return finished_pdf(printed, {paper.title, paper.author, at.substr(0, 19) + "Z", pdf_date(at)});
  } catch (const std::exception& error) {  // whatever the library throws
    throw PaperFailure(fmt::format("The PDF could not be finished: {}", error.what()));
  }
}

}  // namespace tradecase
