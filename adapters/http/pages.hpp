// Page templates: Mustache files of templates/portal, read once, every name strict. {{#_}}…{{/_}} holds a text to be translated, in
// English; {{> name}} is another file. {{{…}}} is refused but for names that begin with "html_", which hold what a page of ours rendered.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "adapters/http/texts.hpp"
#include "engine/json.hpp"

namespace tradecase::http {

struct PageError : std::runtime_error {  // a mistake in a template or in what it is given
  using std::runtime_error::runtime_error;
};

class Pages {
 public:
  // Throws PageError naming the file for a part that is not there, a raw tag, a text that is not closed.
  static Pages load(const std::filesystem::path& folder, const Texts& texts);

  // Throws PageError for a name the template uses and `fields` lacks. Null, "" and false hide a section; numbers are written as they are.
  std::string render(const std::string& page, Language language, const json::object& fields) const;

  std::set<std::string> english() const { return english_; }  // every text of all pages, for the catalogue's test
  bool has(const std::string& page) const;

 private:
  std::map<std::pair<std::string, Language>, std::string> sources_;
  std::set<std::string> english_;
  std::uint64_t number_ = 0;  // of this set of pages, for each thread's parsed ones
};

}  // namespace tradecase::http
