// The form of a command as a page: of a case, or of a company for which a case is opened.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct CommandPage {
  std::string action;            // where the form goes
  std::string back, back_title;  // where it came from
  std::string version;           // of the case; empty where there is none yet
  const Fields& fields;          // as typed before, or none
  json::array about{};           // {label, value}: what is decided here, over the form
  std::string sentence{};        // why it was not sent
  std::vector<Problem> problems{};
  int status = 200;
};
Response command_page(const Visit& visit, const CommandWords& words, const CommandPage& page);

std::string nothing_sent(const Visit& visit);  // over a form with something to mend
int status_of(const Refusal& refusal);         // of the page that shows it: what was typed wrong is a 422

void add_opening_routes(Routes& routes);       // A1: a survey or an audit begins
json::array openings_for(const Visit& visit);  // those that the visitor may open for the visit's company: {href, label}

}  // namespace tradecase::http
