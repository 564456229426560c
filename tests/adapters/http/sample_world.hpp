// A portal with an audit of the own company, entry lines made up for it, and what the pages of samples are asked.
#pragma once

#include <string>

#include "tests/adapters/http/portal_world.hpp"

namespace tradecase::testing {

inline constexpr char dice_seed[] = "83017441269550031742";

class SampleWorld : public PortalWorld {
 public:
  explicit SampleWorld(int lines = 200);

  http::Response post(const std::string& who, const std::string& path, const std::string& form) const;  // with its csrf
  http::Response get(const std::string& who, const std::string& path) const { return ask(this->who(who), "GET", path); }
  http::Response send(const std::string& who, const std::string& path, const json::object& body) const;  // the API, below /api/v1/cases/

  std::string population(const std::string& strata = "") const;                     // made and frozen, by the pages' forms
  std::string drawn(const std::string& population, const std::string& more) const;  // by the page; what the form says beside the seed
  std::string at(const std::string& rest) const { return "/cases/" + audit + "/" + rest; }  // an address of the audit
  std::string importer() const;                                                             // a number of the own company

  std::string audit;
};

json::object object_of(const http::Response& answer);              // of a 200
bool says(const http::Response& answer, std::string_view text);    // whether it stands in the body
std::string refusal_of(const http::Response& answer, int status);  // the body of an answer with that status

}  // namespace tradecase::testing
