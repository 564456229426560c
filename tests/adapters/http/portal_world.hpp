// A portal over a simulated year of a few members, with somebody of every role signed in, and two companies to tell apart.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/portal.hpp"
#include "tools/cli/site.hpp"

namespace tradecase::testing {

struct Caller {
  std::string name;    // of the role: "officer", "nam", … "nobody"
  std::string person;  // id; empty: nobody
  std::string token;   // of the API
  std::string cookie;  // of a sign-in
  std::string csrf;
};

class PortalWorld {
 public:
  PortalWorld();
  ~PortalWorld();
  PortalWorld(const PortalWorld&) = delete;
  PortalWorld& operator=(const PortalWorld&) = delete;

  using Headers = std::vector<std::pair<std::string, std::string>>;
  http::Response ask(const Caller& caller, const std::string& method, const std::string& target, const std::string& body = "",
                     const Headers& headers = {}) const;
  // All at once, as the front begins acts that gathered: each request's answer, in its place.
  std::vector<http::Response> ask_together(const std::vector<http::Request>& requests) const;
  http::Request api_request(const Caller& caller, const std::string& method, const std::string& target, const std::string& body = "",
                            Headers headers = {}) const;
  // With the token; POST with a fresh key where none is given.
  http::Response api(const Caller& caller, const std::string& method, const std::string& target, const std::string& body = "",
                     Headers headers = {}) const;

  const Caller& who(const std::string& name) const { return callers_.at(name); }
  const std::map<std::string, Caller>& callers() const { return callers_; }
  Caller call(const std::string& name, const std::string& person, const std::string& scope = "write");
  std::vector<CaseRow> cases_of(const std::string& company) const;
  void sql(const std::string& statements) const;

  http::Portal& portal() { return *portal_; }
  Engine& engine() const { return site_->engine(); }
  Site& site() const { return *site_; }

  // Makes the PDFs; a test may put its own here, or take it away.
  PaperMaker paper = [](const std::string&, const Paper& on) { return "%PDF-1.7 " + on.title; };
  void without_paper();

  std::string own, other;  // companies of "officer" and "stranger"
  std::string membership;  // own's case, active
  Instant wall{};

 private:
  static Headers with_token(const Caller& caller, const std::string& method, Headers headers);

  std::filesystem::path folder_;
  std::unique_ptr<Site> site_;
  std::unique_ptr<http::Portal> portal_;
  std::map<std::string, Caller> callers_;
};

std::string header_of(const http::Response& response, std::string_view name);  // "" where there is none

}  // namespace tradecase::testing
