// Everybody who acts in a simulation: the agency's people, the members' and the applicants', all made up from the seed.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/engine.hpp"
#include "tools/simulation/dice.hpp"

namespace tradecase::simulation {

struct Someone {
  std::string id, name, email;
};

struct CompanyPeople {
  Someone officer;
  Someone preparer;  // empty where the officer fills in too
};

struct Away {
  Date from_on{}, to_on{};
  std::string delegate;
};

struct Cast {
  std::map<Role, std::vector<Someone>> staff;
  std::unordered_map<std::string, CompanyPeople> companies;
  std::vector<std::string> members, applicants;   // company ids
  std::map<std::string, std::vector<Away>> away;  // person id

  const std::vector<Someone>& with(Role role) const { return staff.at(role); }
  std::string present(const std::string& person, Date on) const;  // themselves, or their delegate
};

// Puts them into an empty database: staff and applicants as rows, members through the roster import. Absences are drawn for `years`.
Cast make_cast(Engine& engine, Dice& dice, int members, int years);

// The same people of a database that was made so before.
Cast find_cast(Engine& engine);

}  // namespace tradecase::simulation
