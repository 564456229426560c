// letter fix, letter send: letters that a second person approves
#include <algorithm>
#include <iostream>

#include "adapters/http/portal/letter_kinds.hpp"
#include "tools/cli/command_body.hpp"
#include "tools/cli/letter_desk.hpp"
#include "tools/cli/shell.hpp"
#include "tools/cli/standard_letter.hpp"

namespace tradecase {
namespace {

struct FixedLetterOptions {
  std::string case_id, letter, as, body_file, key;
  std::vector<std::string> set;
};

const http::LetterKind& kind_or_stop(const Case& on, const std::string& letter) {
  for (const http::LetterKind& kind : http::letter_kinds())
    if (kind.letter == letter && kind.workflow == on.workflow) return kind;
  stop(RefusalCode::invalid, "No letter \"" + letter + "\" is approved in a case of " + on.workflow + ".");
}

Receipt send_or_stop(Shell& shell, const Case& on, const std::string& name, json::object body, const std::string& actor,
                     const std::string& key) {
  Command command;
  command.case_id = on.id;
  command.name = name;
  command.body = std::move(body);
  command.actor = actor;
  command.key = key;
  const Answer answer = shell.site().engine().execute(command);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) stop(*refusal);
  return std::get<Receipt>(answer);
}

bool is_permitted(Shell& shell, const Case& on, std::string_view command, const std::string& actor) {
  const auto permitted = shell.site().engine().permitted(on.id, actor);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  return all != nullptr &&
         std::ranges::any_of(*all, [&](const Permission& one) { return one.command == command && one.verdict != Permission::Verdict::no; });
}

int fix_letter(Shell& shell, const FixedLetterOptions& options) {
  const Case on = shell.find(options.case_id);
  const Person person = shell.person(options.as);
  const http::LetterKind& kind = kind_or_stop(on, options.letter);
  Site& site = shell.site();
  const Workflow& workflow = site.programme().workflows.get(on.workflow);
  json::object says = command_body(options.body_file, options.set, workflow.command(kind.command));
  if (!is_permitted(shell, on, "fix_letter", person.id))  // the engine says why not, and nothing is kept
    send_or_stop(shell, on, "fix_letter", {{"letter", options.letter}, {"hash", std::string(64, '0')}, {"says", says}}, person.id, "");
  const auto desk = letter_desk(site.engine(), load_letters(site.config(), site.programme().rules));
  auto made = fix_standard_letter(site.engine(), *desk, on, options.letter, std::move(says), person);
  if (const auto* sentence = std::get_if<std::string>(&made)) stop(RefusalCode::invalid, *sentence);
  const json::object& body = std::get<json::object>(made);
  const std::string hash(body.at("hash").as_string());
  send_or_stop(shell, on, "fix_letter", body, person.id, options.key);
  if (shell.as_json)
    shell.print(json::object{{"case", on.id}, {"letter", options.letter}, {"hash", hash}, {"says", body.at("says")}});
  else
    std::cout << options.letter << " of " << on.id << " is fixed: " << hash << "\nA second person approves it: tradecase case send "
              << on.id << " approve_letter --set hash=" << hash << " --as EMAIL\n";
  return 0;
}

int send_letter(Shell& shell, const FixedLetterOptions& options) {
  const Case on = shell.find(options.case_id);
  const Person person = shell.person(options.as);
  const http::LetterKind& kind = kind_or_stop(on, options.letter);
  const auto* letters = on.data.if_contains("letters");
  const json::value* fixed = nullptr;
  if (letters != nullptr)
    for (const json::value& one : letters->as_array())
      if (one.at("letter").as_string() == options.letter) fixed = &one;
  if (fixed == nullptr) stop(RefusalCode::guard, "No letter \"" + options.letter + "\" is fixed in " + on.id + ".");
  json::object body = fixed->at("says").as_object();
  body["approved"] = fixed->at("hash");
  const Receipt receipt = send_or_stop(shell, on, kind.command, std::move(body), person.id, options.key);
  if (shell.as_json)
    shell.print(to_json(Answer(receipt)));
  else
    std::cout << on.id << ": " << options.letter << " is in the outbox, as it was approved; the case is " << receipt.to << ", version "
              << receipt.version << "\n";
  return 0;
}

}  // namespace

void add_fixed_letter_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* letter = app.get_subcommand("letter");
  auto options = std::make_shared<FixedLetterOptions>();
  const auto common = [&](CLI::App* verb) {
    verb->add_option("case", options->case_id, "the case")->required();
    verb->add_option("letter", options->letter, "audit_request, audit_sampling_plan, survey_documents_request or survey_outcome")
        ->required();
    verb->add_option("--as", options->as, "who acts: an e-mail address")->required();
    verb->add_option("--key", options->key, "idempotency key: said again with it, the same answer");
  };
  auto* fixed = letter->add_subcommand("fix", "write a letter of the library's standard paragraphs and fix its bytes for approval")
                    ->footer("Example:\n  tradecase letter fix TC-2026-000012 audit_request --as auda@cbp.example --body request.json");
  common(fixed);
  fixed->add_option("--body", options->body_file, "what the command says that will send it, as JSON; - for standard input");
  fixed->add_option("--set", options->set, "one field: name=value (lists and objects as JSON)")->take_all()->allow_extra_args(false);
  fixed->callback([&, options] { action = [&, options] { return fix_letter(shell, *options); }; });

  auto* sent = letter->add_subcommand("send", "send a letter that a second person approved, byte for byte")
                   ->footer("Example:\n  tradecase letter send TC-2026-000012 audit_request --as auda@cbp.example --db play.db");
  common(sent);
  sent->callback([&, options] { action = [&, options] { return send_letter(shell, *options); }; });
}

}  // namespace tradecase
