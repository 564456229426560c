// The identity providers of a settings file.
#include "tools/cli/config.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/folder.hpp"

using namespace tradecase;

namespace {

class File {
 public:
  explicit File(const std::string& text) { std::ofstream(path()) << text; }
  std::filesystem::path path() const { return folder_ / "c.toml"; }

 private:
  test::Folder folder_;
};

constexpr char good[] =
    "[[oidc]]\nname = \"login-gov\"\nlabel = \"Login.gov\"\nfor = \"companies\"\nissuer = \"https://idp.example/\"\n"
    "client_id = \"urn:us\"\nkey_file = \"us.pem\"\nacr = [\"urn:a\", \"urn:b\"]\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string complaint_of(const std::string& text) {
  const File file(text);
  try {
    load_config(file.path());
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("identity providers are a list, each with its own keys, and all are explained") {
  const File file(std::string(good) + replaced(replaced(replaced(good, "login-gov", "agency"), "companies", "staff"),
                                               "acr = [\"urn:a\", \"urn:b\"]", "ca_file = \"ca.pem\""));
  const Config config = load_config(file.path());
  REQUIRE(config.providers.size() == 2);
  const ProviderConfig &first = config.providers.front(), &second = config.providers.back();
  CHECK(first.name == "login-gov");
  CHECK(first.label == "Login.gov");
  CHECK(first.whom == "companies");
  CHECK(first.issuer == "https://idp.example/");
  CHECK(first.client_id == "urn:us");
  CHECK(first.key_file == "us.pem");
  CHECK(first.acr == std::vector<std::string>{"urn:a", "urn:b"});
  CHECK(first.ca_file.empty());
  CHECK(second.whom == "staff");
  CHECK(second.acr.empty());
  CHECK(second.ca_file == "ca.pem");
  const auto explained = [&](const std::string& key) {
    const auto found = std::ranges::find(config.settings, key, &Setting::key);
    return found == config.settings.end() ? "" : found->value + ", " + found->source.substr(found->source.rfind('/') + 1);
  };
  CHECK(explained("oidc.login-gov.acr") == "urn:a urn:b, c.toml line 8");
  CHECK(explained("oidc.agency.for") == "staff, c.toml line 12");
  CHECK(explained("oidc.agency.acr") == ", default");
  CHECK(explained("mail.port") == "25, default");
}

TEST_CASE("without identity providers the settings say so") {
  const Config config = load_config({});
  CHECK(config.providers.empty());
  CHECK(std::ranges::find(config.settings, "oidc", &Setting::key) != config.settings.end());
}

TEST_CASE("a slip in an identity provider is told with its line") {
  struct Row {
    const char *what, *by, *complaint;
  };
  const Row rows[] = {
      {"issuer =", "isuer =", "c.toml line 5: there is no setting \"isuer\" of an identity provider (did you mean \"issuer\"?)"},
      {"issuer =", "isuer =", "c.toml line 1: this identity provider has no issuer"},
      {"name = \"login-gov\"\n", "", "this identity provider has no name"},
      {"for = \"companies\"\n", "", "this identity provider has no for"},
      {"key_file = \"us.pem\"\n", "", "this identity provider has no key_file"},
      {"\"login-gov\"", "\"Login gov\"", "c.toml line 2: oidc.name is 1 to 30 small letters, digits and dashes, a letter first"},
      {"\"companies\"", "\"everybody\"", "c.toml line 4: oidc.for is one of: companies, staff"},
      {"https://", "http://", "c.toml line 5: oidc.issuer is an https address without ? and # (http on this machine only)"},
      {"idp.example/", "idp.example/?a", "oidc.issuer is an https address"},
      {"\"urn:us\"", "\"\"", "oidc.client_id is not empty"},
      {"\"urn:us\"", "7", "oidc.client_id is text"},
      {"[\"urn:a\", \"urn:b\"]", "\"urn:a\"", "oidc.acr is a list of texts"},
      {"\"urn:a\", \"urn:b\"", "\"urn:a urn:b\"", "oidc.acr is a list of values without blanks"},
      {"[[oidc]]", "[oidc]", "c.toml line 1: identity providers are a list: write [[oidc]] above each"},
  };
  CHECK(complaint_of(good).empty());
  for (const Row& row : rows) {
    INFO(row.by);
    CHECK_THAT(complaint_of(replaced(good, row.what, row.by)), Catch::Contains(row.complaint));
  }
  CHECK_THAT(complaint_of(std::string(good) + good), Catch::Contains("two identity providers have the name \"login-gov\""));
  CHECK_THAT(complaint_of("[oid]\nissuer = \"x\"\n"), Catch::Contains("there is no setting \"oid\""));
}
