// A letter on paper: its HTML made into a PDF by whom the program chose.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "engine/clock.hpp"

namespace tradecase {

// What stands on the paper beside the letter's own HTML.
struct Paper {
  std::string title;    // the document's, shown by readers in their window
  std::string running;  // at the foot of every page beside its number: the case
  std::string author;
  Instant written_at{};  // the PDF's date: a letter made again says the same
};

// No PDF just now: there is no maker on this machine, or it failed. The sentence is for the reader.
struct PaperFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The bytes of a PDF. Throws PaperFailure. May be called from any thread.
using PaperMaker = std::function<std::string(const std::string& html, const Paper& paper)>;

}  // namespace tradecase
