// What makes a printed letter a PDF/UA-1 document, added to what Chromium prints: identification, dates, names of its elements.
#pragma once

#include <string>

#include "engine/paper.hpp"

namespace tradecase {

// The same letter printed twice gives the same bytes: every date, name and id comes from the letter. Throws PaperFailure where
// `pdf` is none.
std::string with_marks(const std::string& pdf, const Paper& paper);

}  // namespace tradecase
