// What people do without being asked: no task stands behind it.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.hpp"
#include "tools/simulation/cast.hpp"
#include "tools/simulation/dice.hpp"

namespace tradecase::simulation {

enum class Idea {
  work,  // no idea of their own: a task waits
  survey,
  referral,
  breach,
  disclosure,
  withdraw,
  security,
  for_cause,
  propose_suspension,
  remove_at_once,
  reassign,
  launch,
  respond,
  appeal,
};

struct Occasion {
  Idea idea;
  int in_thousand;  // members a year
};
inline constexpr Occasion occasions[] = {
    {Idea::survey, 40},  {Idea::referral, 8},           {Idea::breach, 15},       {Idea::disclosure, 10},
    {Idea::withdraw, 5}, {Idea::security, 20},          {Idea::for_cause, 10},    {Idea::reassign, 30},
    {Idea::launch, 10},  {Idea::propose_suspension, 8}, {Idea::remove_at_once, 3}};

// The command it comes to; nothing where it does not apply any more. `about` is a company, for respond and appeal a case.
std::optional<Command> command_of(Session& session, const Programme& programme, const Cast& cast, Dice& dice, Date today, Idea idea,
                                  const std::string& about);

}  // namespace tradecase::simulation
