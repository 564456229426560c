#include "tools/cli/completion.hpp"

#include <iostream>

namespace tradecase {
namespace {

std::string words_of(const CLI::App& verb) {
  std::string words;
  for (const CLI::App* sub : verb.get_subcommands([](const CLI::App*) { return true; })) words += sub->get_name() + " ";
  for (const CLI::Option* option : verb.get_options())
    if (!option->get_lnames().empty()) words += "--" + option->get_lnames().front() + " ";
  return words + "--db --json";
}

void add_cases(const CLI::App& verb, const std::string& path) {
  std::cout << "    \"" << path << "\") words=\"" << words_of(verb) << "\" ;;\n";
  for (const CLI::App* sub : verb.get_subcommands([](const CLI::App*) { return true; }))
    add_cases(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name());
}

void print_bash(const CLI::App& app) {
  std::cout << "_tradecase() {\n"
               "  local path=\"\" words=\"\" i word\n"
               "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
               "    word=${COMP_WORDS[i]}\n"
               "    [[ $word == -* ]] && continue\n"
               "    case \"${path:+$path }$word\" in\n";
  std::string known;
  const std::function<void(const CLI::App&, const std::string&)> collect = [&](const CLI::App& verb, const std::string& path) {
    for (const CLI::App* sub : verb.get_subcommands([](const CLI::App*) { return true; })) {
      const std::string name = path.empty() ? sub->get_name() : path + " " + sub->get_name();
      known += (known.empty() ? "" : "|") + ("\"" + name + "\"");
      collect(*sub, name);
    }
  };
  collect(app, "");
  std::cout << "      " << known << ") path=\"${path:+$path }$word\" ;;\n    esac\n  done\n  case \"$path\" in\n";
  add_cases(app, "");
  std::cout << "  esac\n"
               "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
               "  [[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
               "}\n"
               "complete -F _tradecase tradecase\n";
}

}  // namespace

void add_completion_verb(CLI::App& app, Shell&, Action& action) {
  auto* verb =
      app.add_subcommand("completion", "completion for bash; source its output")->footer("Example:\n  source <(tradecase completion)");
  verb->callback([&app, &action] {
    action = [&app] {
      print_bash(app);
      return 0;
    };
  });
}

}  // namespace tradecase
