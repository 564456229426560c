// batch: many verbs in one start of the program, for scripts that would start it thousands of times.
#include "tools/cli/batch.hpp"

#include <iostream>
#include <sstream>

#include "engine/text.hpp"

namespace tradecase {
namespace {

// Stands in for one of the program's streams while a verb runs.
class Diverted {
 public:
  Diverted(std::ios& stream, std::streambuf* to) : stream_(stream), former_(stream.rdbuf(to)) {}
  Diverted(const Diverted&) = delete;
  Diverted& operator=(const Diverted&) = delete;
  ~Diverted() { stream_.rdbuf(former_); }

 private:
  std::ios& stream_;
  std::streambuf* former_;
};

struct Line {
  std::vector<std::string> words;
  std::string input;
};

std::optional<Line> read_line(const std::string& text) {
  boost::json::error_code failed;
  const json::value said = json::parse(text, failed);
  if (failed || !said.is_object()) return std::nullopt;
  const auto* words = said.get_object().if_contains("words");
  if (words == nullptr || !words->is_array()) return std::nullopt;
  Line line;
  for (const json::value& word : words->get_array()) {
    if (!word.is_string()) return std::nullopt;
    line.words.emplace_back(word.get_string());
  }
  if (const auto* input = said.get_object().if_contains("input"); input != nullptr && input->is_string()) line.input = input->get_string();
  return line;
}

json::object run_line(const std::string& text) {
  const auto line = read_line(text);
  if (!line)
    return {{"exit", info(RefusalCode::invalid).exit_code},
            {"out", ""},
            {"err", "A line of a batch is {\"words\": [the verb and its words], \"input\": what it reads, if anything}.\n"}};
  if (!line->words.empty() && line->words.front() == "batch")
    return {{"exit", info(RefusalCode::invalid).exit_code}, {"out", ""}, {"err", "A batch within a batch is not run.\n"}};
  std::vector<const char*> words{"tradecase"};
  for (const std::string& word : line->words) words.push_back(word.c_str());
  std::istringstream input(line->input);
  std::ostringstream out, err;
  int code = 0;
  {
    const Diverted reads(std::cin, input.rdbuf()), says(std::cout, out.rdbuf()), complains(std::cerr, err.rdbuf());
    std::cin.clear();
    code = run_command_line(static_cast<int>(words.size()), words.data());
  }
  return {{"exit", code}, {"out", out.str()}, {"err", err.str()}};
}

int run_batch() {
  std::cin.clear();
  for (std::string text; std::getline(std::cin, text); std::cin.clear())
    if (!text.empty()) std::cout << json::serialize(run_line(text)) << std::endl;  // flushed: somebody waits for each answer
  return 0;
}

}  // namespace

void add_batch_verb(CLI::App& app, Action& action) {
  auto* verb = app.add_subcommand("batch", "run verbs that standard input names, one JSON object a line; one JSON answer a line")
                   ->footer(
                       "Example:\n  echo '{\"words\": [\"case\", \"list\", \"--db\", \"play.db\", \"--json\"]}' | tradecase batch\n"
                       "Each answer is {\"exit\": CODE, \"out\": what it printed, \"err\": what it complained of}. \"input\" stands in for "
                       "the verb's standard input.");
  verb->callback([&action] { action = run_batch; });
}

}  // namespace tradecase
