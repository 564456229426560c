#include "adapters/http/portal/command_page.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

// "Reasons: This is needed.": the summary stands apart from the fields.
std::string summary_words(const Visit& visit, const CommandWords& words, const Problem& problem) {
  const auto control = std::ranges::find(words.controls, problem.field.substr(0, problem.field.find('.')), &Control::name);
  const std::string sentence = visit.say(problem.sentence);
  return control == words.controls.end() || control->label.empty() ? sentence : visit.say(control->label) + ": " + sentence;
}

}  // namespace

Response command_page(const Visit& visit, const CommandWords& words, const CommandPage& page) {
  json::array summary;
  for (const Problem& problem : page.problems)
    if (!problem.field.empty())
      summary.push_back(json::object{{"field", problem.field}, {"sentence", summary_words(visit, words, problem)}});
  const std::string title = visit.say(words.title.empty() ? words.button : words.title);
  const std::string_view key = page.fields.get("key");
  return visit.page("command", page.status == 200 ? title : visit.say("Error: {}", title),
                    {{"back", page.back},
                     {"back_title", page.back_title},
                     {"heading", title},
                     {"action", page.action},
                     {"explain", words.explain.empty() ? "" : visit.say(words.explain)},
                     {"confirm", visit.say(words.confirm.empty() ? words.button : words.confirm)},
                     {"grave", words.grave},
                     {"any_about", !page.about.empty()},
                     {"about", page.about},
                     {"with_files", std::ranges::find(words.controls, "files", &Control::kind) != words.controls.end()},
                     {"sentence", page.sentence},
                     {"summary", summary},
                     {"controls", control_views(visit, words, page.fields, page.problems)},
                     {"key", key.empty() ? random_token() : std::string(key)},
                     {"version", page.version}},
                    page.status);
}

std::string nothing_sent(const Visit& visit) { return visit.say("There is something to mend before this can be sent."); }

int status_of(const Refusal& refusal) {
  const int status = info(refusal.code).http_status;
  return status == 400 ? 422 : status;
}

}  // namespace tradecase::http
