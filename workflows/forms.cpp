#include "workflows/forms.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "engine/nearest.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

struct Problems {
  std::string all;
  void add(const std::string& what) { all += (all.empty() ? "" : "\n") + what; }
  void throw_if_any() const {
    if (!all.empty()) throw FormError(all);
  }
};

std::optional<std::string> contents_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.good() || fs::is_directory(file)) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Files in the order of their paths, so that problems always come in the same order.
std::vector<fs::path> form_files(const fs::path& workflows_dir) {
  std::vector<fs::path> files;
  if (!fs::is_directory(workflows_dir)) throw FormError(workflows_dir.string() + ": there is no such folder");
  for (const auto& folder : fs::directory_iterator(workflows_dir)) {
    if (!fs::is_directory(folder.path() / "forms")) continue;
    for (const auto& file : fs::directory_iterator(folder.path() / "forms"))
      if (file.path().extension() == ".json") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string place_of(const Form& form, const Section& section, const Question& question) {
  return form.name + ".v" + std::to_string(form.version) + ".json, section " + section.id + ", question " + question.id;
}

template <class Act>
void each_keyed_question(const Form& form, Act act) {
  for (const Section& section : form.sections)
    for (const Question& question : section.questions)
      if (!question.key.empty()) act(section, question);
}

void check_keys(const std::vector<Form>& forms, const std::vector<DataKey>& keys, Problems& problems) {
  std::vector<std::string> known;
  for (const DataKey& key : keys) known.push_back(key.key);
  for (const Form& form : forms)
    each_keyed_question(form, [&](const Section& section, const Question& question) {
      if (std::find(known.begin(), known.end(), question.key) == known.end())
        problems.add(place_of(form, section, question) + ": the data key \"" + question.key + "\" is not in facts/keys.json" +
                     did_you_mean(question.key, known));
    });
}

// One fact has one shape: what one form took down must fit where another shows it. Of each form its newest version counts.
void check_shapes(const std::vector<Form>& forms, Problems& problems) {
  std::map<std::string, const Form*> newest;
  for (const Form& form : forms) {
    const Form*& known = newest[form.name];
    if (known == nullptr || known->version < form.version) known = &form;
  }
  std::map<std::string, std::pair<Question::Type, std::string>> first;  // data key → how and where it is asked first
  for (const auto& [name, form] : newest)
    each_keyed_question(*form, [&](const Section& section, const Question& question) {
      const auto [seen, is_new] = first.emplace(question.key, std::pair{question.type, place_of(*form, section, question)});
      if (!is_new && seen->second.first != question.type)
        problems.add(place_of(*form, section, question) + ": asks for \"" + question.key + "\" as another type than " +
                     seen->second.second);
    });
}

std::optional<Form> read_form(const fs::path& file, Problems& problems) {
  const auto text = contents_of(file);
  if (!text) {
    problems.add(file.string() + ": cannot be read");
    return std::nullopt;
  }
  try {
    Form form = parse_form(*text, file.filename().string());
    const std::string name = form.name + ".v" + std::to_string(form.version) + ".json";
    if (name != file.filename().string()) problems.add(file.filename().string() + ": its content calls for the file name " + name);
    return form;
  } catch (const FormError& error) {
    problems.add(error.what());
    return std::nullopt;
  }
}

const json::array& key_list(const json::value& content, const fs::path& file) {
  const auto* object = content.if_object();
  const auto* list = object == nullptr || object->size() != 1 ? nullptr : object->if_contains("keys");
  if (list == nullptr || !list->is_array()) throw FormError(file.string() + ": must be an object with \"keys\", a list, and nothing else");
  return list->get_array();
}

std::optional<DataKey> read_key(const json::value& item) {
  const auto* object = item.if_object();
  if (object == nullptr || object->size() != 2) return std::nullopt;
  const auto* key = object->if_contains("key");
  const auto* meaning = object->if_contains("meaning");
  if (key == nullptr || meaning == nullptr || !key->is_string() || !meaning->is_string() || meaning->get_string().empty())
    return std::nullopt;
  return DataKey{std::string(key->get_string()), std::string(meaning->get_string())};
}

}  // namespace

std::vector<DataKey> load_data_keys(const fs::path& file) {
  const auto text = contents_of(file);
  if (!text) throw FormError(file.string() + ": cannot be read");
  json::error_code fault;
  const json::value content = json::parse(*text, fault);
  if (fault) throw FormError(file.string() + ": is not JSON: " + fault.message());

  Problems problems;
  std::vector<DataKey> keys;
  std::set<std::string> seen;
  for (const auto& item : key_list(content, file)) {
    const auto key = read_key(item);
    if (!key)
      problems.add(file.string() + ": each entry has a \"key\" and a \"meaning\" and nothing else, unlike " + json::serialize(item));
    else if (!is_data_key(key->key))
      problems.add(file.string() + ": \"" + key->key + "\" is no dotted lower-case name");
    else if (!seen.insert(key->key).second)
      problems.add(file.string() + ": \"" + key->key + "\" is given twice");
    else
      keys.push_back(*key);
  }
  problems.throw_if_any();
  return keys;
}

Forms load_forms(const fs::path& workflows_dir) {
  const auto keys = load_data_keys(workflows_dir / "facts" / "keys.json");
  Problems problems;
  std::vector<Form> forms;
  for (const auto& file : form_files(workflows_dir))
    if (auto form = read_form(file, problems)) forms.push_back(std::move(*form));
  check_keys(forms, keys, problems);
  check_shapes(forms, problems);
  problems.throw_if_any();
  return Forms(std::move(forms));
}

}  // namespace tradecase
