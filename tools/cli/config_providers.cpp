#include "tools/cli/config_providers.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "engine/nearest.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

using Given = std::vector<std::string>;

// One row a key: what it does, whether it must be there, whether it is a list, and how its values are put in force (returns the sentence
// when they cannot be).
struct ProviderRow {
  std::string key;
  std::string effect;
  bool needed;
  bool is_list;
  std::function<std::string(ProviderConfig&, const Given&)> take;
};

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 30 && text.front() >= 'a' && text.front() <= 'z' &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_issuer(const std::string& text) {
  const bool safe = text.starts_with("https://") || text.starts_with("http://127.0.0.1:") || text.starts_with("http://localhost:");
  return safe && std::ranges::none_of(text, [](char c) { return c <= 0x20 || c >= 0x7F || c == '?' || c == '#'; });
}

template <class Field>
auto taken(Field ProviderConfig::*field) {
  return [field](ProviderConfig& provider, const Given& values) {
    provider.*field = values.front();
    return std::string();
  };
}

std::string take_name(ProviderConfig& provider, const Given& values) {
  provider.name = values.front();
  return is_name(provider.name) ? "" : "is 1 to 30 small letters, digits and dashes, a letter first";
}

std::string take_whom(ProviderConfig& provider, const Given& values) {
  provider.whom = values.front();
  return provider.whom == "companies" || provider.whom == "staff" ? "" : "is one of: companies, staff";
}

std::string take_issuer(ProviderConfig& provider, const Given& values) {
  provider.issuer = values.front();
  return is_issuer(provider.issuer) ? "" : "is an https address without ? and # (http on this machine only)";
}

std::string take_acr(ProviderConfig& provider, const Given& values) {
  provider.acr = values;
  const auto bad = [](const std::string& one) { return one.empty() || one.find(' ') != std::string::npos; };
  return std::ranges::any_of(values, bad) ? "is a list of values without blanks" : "";
}

std::vector<ProviderRow> provider_rows() {
  return {
      {"name", "its short name in addresses: /sign-in/oidc/NAME", true, false, take_name},
      {"label", "its name on the button", true, false, taken(&ProviderConfig::label)},
      {"for", "whom it signs in, and nobody else: companies (their people), or staff (of the agency)", true, false, take_whom},
      {"issuer", "its address, exactly as it writes itself", true, false, take_issuer},
      {"client_id", "who we are to it", true, false, taken(&ProviderConfig::client_id)},
      {"key_file", "our RSA private key (PEM), with which we prove that", true, false, taken(&ProviderConfig::key_file)},
      {"acr", "how people must be identified: asked for, and one of these taken; empty: neither", false, true, take_acr},
      {"ca_file", "the only authorities trusted (PEM); empty: the system's", false, false, taken(&ProviderConfig::ca_file)},
  };
}

std::string at_line(const std::string& file, const toml::node& node) { return file + " line " + std::to_string(node.source().begin.line); }

// The texts of a value; nothing where it is of another kind.
std::optional<Given> values_of(const toml::node& node, bool is_list) {
  if (!is_list) return node.is_string() ? std::optional(Given{*node.value<std::string>()}) : std::nullopt;
  const toml::array* list = node.as_array();
  if (list == nullptr) return std::nullopt;
  Given values;
  for (const toml::node& one : *list) {
    if (!one.is_string()) return std::nullopt;
    values.push_back(*one.value<std::string>());
  }
  return values;
}

// What is wrong with this key's value, "" where nothing is.
std::string take_value(const ProviderRow& row, const toml::node& node, ProviderConfig& provider) {
  const auto values = values_of(node, row.is_list);
  if (!values) return row.is_list ? "is a list of texts" : "is text";
  if (row.needed && values->front().empty()) return "is not empty";
  return row.take(provider, *values);
}

void read_provider(Config& config, const toml::table& table, const std::string& file, std::vector<std::string>& complaints) {
  const auto rows = provider_rows();
  std::vector<std::string> keys;
  for (const ProviderRow& row : rows) keys.push_back(row.key);
  for (const auto& [key, node] : table)
    if (const std::string name(key.str()); std::ranges::find(keys, name) == keys.end())
      complaints.push_back(at_line(file, node) + ": there is no setting \"" + name + "\" of an identity provider" +
                           did_you_mean(name, keys));
  ProviderConfig provider;
  std::vector<Setting> settings;
  for (const ProviderRow& row : rows) {
    const toml::node* node = table.get(row.key);
    if (node == nullptr && row.needed) complaints.push_back(at_line(file, table) + ": this identity provider has no " + row.key);
    if (node != nullptr)
      if (const std::string problem = take_value(row, *node, provider); !problem.empty())
        complaints.push_back(at_line(file, *node) + ": oidc." + row.key + " " + problem);
    const auto values = node != nullptr ? values_of(*node, row.is_list) : std::nullopt;
    settings.push_back(
        {row.key, values ? join(*values, " ") : "", node != nullptr ? at_line(file, *node) : std::string("default"), row.effect});
  }
  if (std::ranges::find(config.providers, provider.name, &ProviderConfig::name) != config.providers.end())
    complaints.push_back(at_line(file, table) + ": two identity providers have the name \"" + provider.name + "\"");
  for (Setting& setting : settings) {
    setting.key = "oidc." + provider.name + "." + setting.key;
    config.settings.push_back(std::move(setting));
  }
  config.providers.push_back(std::move(provider));
}

}  // namespace

void read_providers(Config& config, const toml::table& root, const std::string& file, std::vector<std::string>& complaints) {
  const toml::node* node = root.get(providers_key);
  const toml::array* list = node != nullptr ? node->as_array() : nullptr;
  if (node != nullptr && (list == nullptr || !list->is_array_of_tables())) {
    complaints.push_back(at_line(file, *node) + ": identity providers are a list: write [[oidc]] above each");
    return;
  }
  if (list != nullptr)
    for (const toml::node& one : *list) read_provider(config, *one.as_table(), file, complaints);
  if (config.providers.empty())
    config.settings.push_back({providers_key, "", "default",
                               "the identity providers (OpenID Connect), one [[oidc]] each, of the file only; none: people sign in with a "
                               "password kept here"});
}

}  // namespace tradecase
