// One step for several cases, for the page and for the API: who would take it, who not and why, and taking it case by case.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct Chosen {
  Case on;
  std::string title;
  std::vector<Permission> permitted;
  const Permission* find(std::string_view command) const;
};
// Fault 404 for a case that the visitor does not see, 422 for too many. A case named twice is there once.
std::vector<Chosen> chosen_cases(const Visit& visit, const std::vector<std::string>& ids);

struct Step {
  std::string workflow, command;
  const CommandWords* words = nullptr;
};
bool fits_several(const CommandWords& words);
std::optional<Step> step_named(const Visit& visit,
                               const std::string& name);  // "membership.assign_nam"; Fault 404 where it is none for several

bool takes(const Chosen& one, const Step& step);
std::string why_not(const Visit& visit, const Chosen& one, const Step& step);
// {case, title, ok, sentence}. Each case has its own key: taken again, the same answer.
json::object take_step(const Visit& visit, const Chosen& one, const Step& step, const json::object& body, const std::string& key,
                       std::optional<std::int64_t> version);

}  // namespace tradecase::http
