#include "tools/cli/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "engine/nearest.hpp"
#include "engine/text.hpp"
#include "tools/cli/config_providers.hpp"

namespace tradecase {
namespace {

// One row a setting: its key, default, what it does, and how its text is put in force (returns the sentence when it cannot be).
struct Row {
  std::string key;
  std::string standard;
  std::string effect;
  std::function<std::string(Config&, const std::string&)> take;
};

auto text(std::string Config::*field) {
  return [field](Config& config, const std::string& value) {
    config.*field = value;
    return std::string();
  };
}

auto path(std::filesystem::path Config::*field) {
  return [field](Config& config, const std::string& value) {
    config.*field = value;
    return std::string();
  };
}

auto number(int Config::*field, int least, int most) {
  return [=](Config& config, const std::string& value) -> std::string {
    char* end = nullptr;
    const long read = std::strtol(value.c_str(), &end, 10);
    if (value.empty() || *end != '\0' || read < least || read > most)
      return "is a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    config.*field = static_cast<int>(read);
    return "";
  };
}

// "gov.cbp.tradecase": names of lower-case letters, digits and hyphens, parted by dots.
auto reversed_domain(std::string Config::*field) {
  return [field](Config& config, const std::string& value) -> std::string {
    const auto fits = [](char c) { return c == '.' || c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    const bool dots_part = value.find("..") == std::string::npos && !value.starts_with('.') && !value.ends_with('.');
    if (value.find('.') == std::string::npos || value.size() > 100 || !dots_part || !std::ranges::all_of(value, fits))
      return "is a domain turned round, such as gov.cbp.tradecase";
    config.*field = value;
    return "";
  };
}

auto word(std::string Config::*field, std::vector<std::string> words) {
  return [field, words](Config& config, const std::string& value) -> std::string {
    if (std::ranges::find(words, value) == words.end()) return "is one of: " + join(words, ", ");
    config.*field = value;
    return "";
  };
}

std::vector<Row> rows() {
  return {
      {"home", TRADECASE_HOME, "the folder that holds workflows/ and templates/", path(&Config::home)},
      {"rules.file", "", "the rules of the programme; empty: workflows/rules.toml under home", path(&Config::rules_file)},
      {"portal.url", "http://127.0.0.1:8080", "where links in letters and mails lead", text(&Config::portal_url)},
      {"mail.transport", "none", "how mail leaves: none (it waits in the outbox), smtp, or folder",
       word(&Config::mail_transport, {"none", "smtp", "folder"})},
      {"mail.host", "127.0.0.1", "the SMTP server", text(&Config::mail_host)},
      {"mail.port", "25", "its port", number(&Config::mail_port, 1, 65535)},
      {"mail.security", "none", "none, starttls (no mail without it), or tls", word(&Config::mail_security, {"none", "starttls", "tls"})},
      {"mail.user", "", "signs in at the SMTP server; empty: without", text(&Config::mail_user)},
      {"mail.password_file", "", "a file whose first line is the password", path(&Config::mail_password_file)},
      {"mail.ca_file", "", "the only authorities trusted (PEM); empty: the system's", path(&Config::mail_ca_file)},
      {"mail.folder", "mail", "where transport folder writes the mails", path(&Config::mail_folder)},
      {"mail.timeout_seconds", "60", "the longest wait for each answer of the server", number(&Config::mail_timeout_seconds, 1, 3600)},
      {"mail.from_name", "CTPAT Trade Compliance", "the sender's name", text(&Config::mail_from_name)},
      {"mail.from_address", "trade-compliance@agency.example", "the sender's address", text(&Config::mail_from_address)},
      {"mail.bounces_to", "", "the envelope sender; {id} becomes the message id; empty: the sender's address",
       text(&Config::mail_bounces_to)},
      {"pdf.chromium", "chromium", "the program that makes PDFs, a file or a name in PATH; empty or not there: letters are HTML only",
       text(&Config::chromium)},
      {"webhooks.loopback", "no", "yes: a sandbox's webhooks may go to this machine itself, over http too",
       word(&Config::webhooks_loopback, {"no", "yes"})},
      {"webhooks.type_prefix", "gov.cbp.tradecase", "stands before the name of every event: the agency's domain, turned round",
       reversed_domain(&Config::webhooks_type_prefix)},
      {"webhooks.ca_file", "", "the only authorities trusted (PEM); empty: the system's", path(&Config::webhooks_ca_file)},
      {"mail.message_id_host", "tradecase.example", "the right side of message ids", text(&Config::message_id_host)},
  };
}

std::string environment_name(const std::string& key) {
  std::string name = "TRADECASE_" + key;
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return name;
}

struct Found {
  std::string value, source;
};

using FoundSettings = std::vector<std::pair<std::string, Found>>;

// The file's settings by dotted key; complaints about keys that do not exist and values that are no text or number.
FoundSettings read_settings(const toml::table& root, const std::string& file, const std::vector<Row>& known,
                            std::vector<std::string>& complaints) {
  FoundSettings found;
  std::vector<std::string> keys;
  for (const Row& row : known) keys.push_back(row.key);
  keys.emplace_back(providers_key);
  const std::function<void(const toml::table&, const std::string&)> walk = [&](const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      const std::string key = prefix + std::string(name.str());
      if (key == providers_key) continue;
      const std::string at = file + " line " + std::to_string(node.source().begin.line);
      if (const auto* inner = node.as_table();
          inner != nullptr && std::ranges::any_of(keys, [&](const auto& k) { return k.starts_with(key + "."); })) {
        walk(*inner, key + ".");
      } else if (std::ranges::find(keys, key) == keys.end()) {
        complaints.push_back(at + ": there is no setting \"" + key + "\"" + did_you_mean(key, keys));
      } else if (const auto as_text = node.value<std::string>(); node.is_string()) {
        found.push_back({key, {*as_text, at}});
      } else if (node.is_integer()) {
        found.push_back({key, {std::to_string(*node.value<std::int64_t>()), at}});
      } else {
        complaints.push_back(at + ": " + key + " is text or a whole number");
      }
    }
  };
  walk(root, "");
  return found;
}

toml::table parsed(const std::filesystem::path& file, std::vector<std::string>& complaints) {
  if (file.empty()) return {};
  try {
    return toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    complaints.push_back(file.string() + " line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
    return {};
  }
}

}  // namespace

Config load_config(const std::filesystem::path& file) {
  Config config;
  std::vector<std::string> complaints;
  const auto known = rows();
  const toml::table root = parsed(file, complaints);
  const FoundSettings from_file = read_settings(root, file.string(), known, complaints);
  for (const Row& row : known) {
    Found in_force{row.standard, "default"};
    for (const auto& [key, found] : from_file)
      if (key == row.key) in_force = found;
    const std::string variable = environment_name(row.key);
    if (const char* value = std::getenv(variable.c_str())) in_force = {value, "environment " + variable};
    if (const std::string problem = row.take(config, in_force.value); !problem.empty())
      complaints.push_back(in_force.source + ": " + row.key + " = \"" + in_force.value + "\" " + problem);
    config.settings.push_back({row.key, in_force.value, in_force.source, row.effect});
  }
  read_providers(config, root, file.string(), complaints);
  if (config.rules_file.empty()) config.rules_file = config.home / "workflows" / "rules.toml";
  if (!complaints.empty()) throw ConfigError(join(complaints, "\n"));
  return config;
}

}  // namespace tradecase
