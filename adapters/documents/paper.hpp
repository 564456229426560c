// Letters on paper: PDF/UA-1 by a Chromium of our own. Start here: PaperPress::print().
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/paper.hpp"

namespace tradecase {

struct PressSettings {
  std::filesystem::path program;                   // Chromium
  std::string style;                               // of letters on paper; "{running}" in it becomes Paper::running
  int letters_max = 500;                           // by one child process; then a new one is started
  std::chrono::milliseconds patience{20'000};      // for one letter, and for the program's start
  std::chrono::milliseconds idle{10 * 60 * 1000};  // after so long without a letter the child is ended
};

// One child process, started when the first letter is printed, watched and ended by a thread of its own.
class PaperPress {
 public:
  explicit PaperPress(PressSettings settings);
  ~PaperPress();
  PaperPress(const PaperPress&) = delete;
  PaperPress& operator=(const PaperPress&) = delete;

  // From any thread; letters are printed one after the other. A fault or a time-out ends the child, and the letter is tried
  // once more with a new one. Throws PaperFailure.
  std::string print(const std::string& html, const Paper& paper);

  int started() const;  // child processes so far
  int process() const;  // the child's id; -1 where there is none just now

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

// Where Chromium is: the file that is named, or found in PATH by that name. Empty where there is none.
std::filesystem::path find_program(const std::string& name);

// Empty where the machine has no such program. Throws std::runtime_error where the style sheet cannot be read.
PaperMaker paper_maker(const std::string& program, const std::filesystem::path& templates);

}  // namespace tradecase
