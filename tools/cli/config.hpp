// Settings of one installation: a TOML file and the environment, unknown keys refused. Secrets come from files.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace tradecase {

struct ConfigError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Setting {
  std::string key;     // "mail.host"
  std::string value;   // as in force; a secret shows its file's name only
  std::string source;  // "default", "FILE line 3", "environment TRADECASE_MAIL_HOST"
  std::string effect;  // one sentence
};

// An identity provider (OpenID Connect): one [[oidc]] of the file.
struct ProviderConfig {
  std::string name;       // in addresses: "login-gov"
  std::string label;      // on the button
  std::string whom;       // companies, staff
  std::string issuer;     // exactly as the provider writes itself
  std::string client_id;  // who we are to it
  std::filesystem::path key_file;
  std::vector<std::string> acr;  // asked for, and one of these taken; empty: neither
  std::filesystem::path ca_file;
};

struct Config {
  std::filesystem::path home;        // holds workflows/ and templates/
  std::filesystem::path rules_file;  // default: home/workflows/rules.toml
  std::string portal_url;
  std::string mail_transport;  // none, smtp, folder
  std::string mail_host;
  int mail_port = 25;
  std::string mail_security;  // none, starttls, tls
  std::string mail_user;
  std::filesystem::path mail_password_file;
  std::filesystem::path mail_ca_file;
  std::filesystem::path mail_folder;
  int mail_timeout_seconds = 60;
  std::string mail_from_name;
  std::string mail_from_address;
  std::string mail_bounces_to;  // envelope sender; {id} becomes the message id
  std::string message_id_host;
  std::string chromium;           // makes PDFs: a file, or a name in PATH
  std::string webhooks_loopback;  // "yes": a sandbox tells programs on this machine, over http too
  std::filesystem::path webhooks_ca_file;
  std::string webhooks_type_prefix;       // before every event's name: a reversed domain
  std::vector<ProviderConfig> providers;  // of identity; none: people sign in with a password kept here
  std::vector<Setting> settings;          // all of the above, for `config explain`
};

// `file` may be empty: defaults and environment only. Throws ConfigError listing every problem.
Config load_config(const std::filesystem::path& file);

}  // namespace tradecase
