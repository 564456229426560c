#include "adapters/http/pages.hpp"

#include <atomic>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>
#include <unordered_map>

#include "adapters/http/message.hpp"

namespace tradecase::http {
namespace {

namespace mustache = kainjow::mustache;

class Strict : public mustache::context<std::string> {
 public:
  Strict(const mustache::data* fields, const std::string& page) : mustache::context<std::string>(fields), page_(page) {}
  const mustache::data* get(const std::string& name) const override {
    const auto* found = mustache::context<std::string>::get(name);
    if (found == nullptr) throw PageError("the page " + page_ + " is not given \"" + name + "\"");
    return found;
  }

 private:
  const std::string& page_;
};

mustache::data data_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object: {
      mustache::data object(mustache::data::type::object);
      for (const auto& [key, item] : value.get_object()) object.set(std::string(key), data_of(item));
      return object;
    }
    case json::kind::array: {
      mustache::data list(mustache::data::type::list);
      for (const json::value& item : value.get_array()) list.push_back(data_of(item));
      return list;
    }
    case json::kind::string:
      if (value.get_string().empty()) return mustache::data(false);
      return mustache::data(std::string(value.get_string()));
    case json::kind::bool_:
      return mustache::data(value.get_bool());
    case json::kind::null:
      return mustache::data(false);
    default:
      return mustache::data(json::serialize(value));
  }
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw PageError("the page " + file.string() + " cannot be read");
  return text.str();
}

void replace_parts(std::string& source, const std::map<std::string, std::string>& files, const std::string& page) {
  for (int depth = 0; depth < 200; ++depth) {
    const auto begin = source.find("{{>");
    if (begin == std::string::npos) return;
    const auto end = source.find("}}", begin);
    if (end == std::string::npos) throw PageError(page + ": a part's tag is not closed");
    std::string name = source.substr(begin + 3, end - begin - 3);
    name.erase(0, name.find_first_not_of(' '));
    name.erase(name.find_last_not_of(' ') + 1);
    const auto part = files.find(name);
    if (part == files.end()) throw PageError(page + ": there is no part " + name);
    source.replace(begin, end + 2 - begin, part->second);
  }
  throw PageError(page + ": its parts contain each other");
}

void refuse_raw(const std::string& source, const std::string& page) {
  if (source.find("{{&") != std::string::npos) throw PageError(page + ": {{& writes a value unescaped");
  for (auto at = source.find("{{{"); at != std::string::npos; at = source.find("{{{", at + 3))
    if (source.compare(at + 3, 5, "html_") != 0) throw PageError(page + ": {{{ is for html_… only");
}

// Puts the language's wording in the place of each {{#_}}…{{/_}}.
std::string translated(const std::string& source, Language language, const Texts& texts, std::set<std::string>& english,
                       const std::string& page) {
  constexpr std::string_view open = "{{#_}}", close = "{{/_}}";
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const auto begin = source.find(open, at);
    out.append(source, at, begin == std::string::npos ? std::string::npos : begin - at);
    if (begin == std::string::npos) return out;
    const auto end = source.find(close, begin);
    if (end == std::string::npos) throw PageError(page + ": a text is not closed");
    const std::string text = source.substr(begin + open.size(), end - begin - open.size());
    english.insert(text);
    out += texts.in(language, text);
    at = end + close.size();
  }
}

}  // namespace

Pages Pages::load(const std::filesystem::path& folder, const Texts& texts) {
  static std::atomic<std::uint64_t> numbers = 0;
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".html") files[entry.path().stem().string()] = read_file(entry.path());
  Pages pages;
  pages.number_ = ++numbers;
  for (const auto& [name, text] : files) {
    std::string source = text;
    replace_parts(source, files, name);
    refuse_raw(source, name);
    for (const Language language : all_languages) {
      std::string in_language = translated(source, language, texts, pages.english_, name);
      mustache::mustache parsed(in_language);
      if (!parsed.is_valid()) throw PageError(name + ": " + parsed.error_message());
      pages.sources_[{name, language}] = std::move(in_language);
    }
  }
  return pages;
}

bool Pages::has(const std::string& page) const { return sources_.contains({page, Language::english}); }

std::string Pages::render(const std::string& page, Language language, const json::object& fields) const {
  // Rendering changes kainjow's object, so each thread keeps its own, parsed at first use.
  thread_local std::unordered_map<std::string, mustache::mustache> parsed;
  const std::string key = std::to_string(number_) + ":" + page + ":" + std::string(code_of(language));
  auto found = parsed.find(key);
  if (found == parsed.end()) {
    const auto source = sources_.find({page, language});
    if (source == sources_.end()) throw PageError("there is no page " + page);
    found = parsed.emplace(key, mustache::mustache(source->second)).first;
    found->second.set_custom_escape([](const std::string& text) { return html_escaped(text); });
  }
  const mustache::data data = data_of(json::value(fields));
  Strict context(&data, page);
  return found->second.render(context);
}

}  // namespace tradecase::http
