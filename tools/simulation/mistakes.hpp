// People err: the wrong person, an old screen, a forgotten field, a word that is no command, the button pressed twice.
#pragma once

#include <optional>
#include <string>

#include "engine/command.hpp"
#include "tools/simulation/cast.hpp"
#include "tools/simulation/dice.hpp"

namespace tradecase::simulation {

enum class Mistake { stranger, old_version, missing_field, unknown_command, pressed_twice, key_for_another };

struct Erring {
  Mistake mistake;
  Command command;
  bool before;  // sent before the right command, or after it
};

Erring err(Dice& dice, const Cast& cast, const Command& right, std::int64_t version);

// What must not come of it, in words; nothing where the answer is as it should be.
std::optional<std::string> wrong_answer(Mistake mistake, const Answer& to_mistake, const Answer& to_right);

}  // namespace tradecase::simulation
