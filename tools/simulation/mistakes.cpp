#include "tools/simulation/mistakes.hpp"

namespace tradecase::simulation {

Erring err(Dice& dice, const Cast& cast, const Command& right, std::int64_t version) {
  auto mistake = static_cast<Mistake>(dice.below(6));
  if (mistake == Mistake::old_version && right.case_id.empty())
    mistake = Mistake::pressed_twice;  // a case to be opened has no older version
  Erring erring{mistake, right, true};
  Command& wrong = erring.command;
  switch (mistake) {
    case Mistake::stranger: {
      const CompanyPeople& other = cast.companies.at(dice.one_of(cast.members));
      wrong.actor = other.officer.id;
      wrong.key += ":stranger";
      break;
    }
    case Mistake::old_version:
      wrong.expected_version = version - 1;
      wrong.key += ":old";
      break;
    case Mistake::missing_field:
      if (!wrong.body.empty()) wrong.body.erase(wrong.body.begin());
      wrong.key += ":missing";
      break;
    case Mistake::unknown_command:
      wrong.name += "_it";
      wrong.key += ":unknown";
      break;
    case Mistake::pressed_twice:
      erring.before = false;
      break;
    case Mistake::key_for_another:
      erring.before = false;
      wrong.body["note_to_self"] = "another act";
      break;
  }
  return erring;
}

std::optional<std::string> wrong_answer(Mistake mistake, const Answer& to_mistake, const Answer& to_right) {
  const auto* refusal = std::get_if<Refusal>(&to_mistake);
  switch (mistake) {
    case Mistake::stranger:
    case Mistake::missing_field:
      return std::nullopt;  // may be lawful: the same company, or a field that need not be there
    case Mistake::old_version:
      return refusal ? std::nullopt : std::optional<std::string>("an old version was accepted");
    case Mistake::unknown_command:
      return refusal ? std::nullopt : std::optional<std::string>("a command that does not exist was accepted");
    case Mistake::pressed_twice:
      return to_mistake == to_right ? std::nullopt : std::optional<std::string>("the same key got another answer");
    case Mistake::key_for_another:
      return refusal && refusal->code == RefusalCode::key_reused ? std::nullopt
                                                                 : std::optional<std::string>("a key was taken for two acts");
  }
  return std::nullopt;
}

}  // namespace tradecase::simulation
