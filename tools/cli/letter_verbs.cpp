// letters letter outbox
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "engine/store/papers.hpp"
#include "tools/cli/shell.hpp"

namespace tradecase {
namespace {

int list_letters(Shell& shell, const std::string& case_id) {
  const Case on = shell.find(case_id);
  const auto letters = shell.site().database().read([&](Session& session) { return letters_of(session, on.id); });
  if (shell.as_json) {
    json::array all;
    for (const Letter& letter : letters)
      all.push_back(json::object{{"case", on.id},
                                 {"letter", letter.letter},
                                 {"title", letter.title},
                                 {"hash", letter.hash},
                                 {"version", letter.version},
                                 {"at", to_text(letter.written_at)},
                                 {"about", letter.about},
                                 {"mails", letter.mails}});
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const Letter& letter : letters)
    rows.push_back({to_text(letter.written_at), letter.letter, letter.title, std::to_string(letter.mails), letter.hash.substr(0, 16)});
  print_table({"written", "letter", "title", "mails", "hash (letter show HASH)"}, rows);
  return 0;
}

Document document_or_stop(Shell& shell, const std::string& hash) {
  auto document = shell.site().database().read([&](Session& session) { return find_document(session, hash); });
  if (!document)
    stop(RefusalCode::not_found, "No letter, or more than one, has a hash that begins with " + hash + ". Give 8 digits or more.");
  return std::move(*document);
}

int show_letter(Shell& shell, const std::string& hash, bool html) {
  const Document document = document_or_stop(shell, hash);
  if (shell.as_json)
    shell.print(json::object{{"hash", document.hash}, {"title", document.title}, {"text", document.text}, {"html", document.html}});
  else
    std::cout << (html ? document.html : document.text);
  return 0;
}

void write_paper(Shell& shell, const PaperMaker& maker, const std::string& hash, const std::filesystem::path& file) {
  const auto pdf = paper_of(shell.site().engine(), hash, maker);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << pdf.value();
  out.close();
  if (!out) throw std::runtime_error("The file " + file.string() + " cannot be written.");
}

int print_letter(Shell& shell, const std::string& hash, const std::string& to) {
  const Document document = document_or_stop(shell, hash);
  write_paper(shell, paper_maker_of(shell.config()), document.hash, to);
  if (shell.as_json)
    shell.print(json::object{{"hash", document.hash}, {"file", to}});
  else
    std::cout << document.title << ": " << to << "\n";
  return 0;
}

// Numbered in the order they were written.
int print_letters(Shell& shell, const std::string& case_id, const std::string& to) {
  const Case on = shell.find(case_id);
  const auto letters = shell.site().database().read([&](Session& session) { return letters_of(session, on.id); });
  const PaperMaker maker = paper_maker_of(shell.config());
  std::filesystem::create_directories(to);
  json::array files;
  for (const Letter& letter : letters) {
    const auto file = std::filesystem::path(to) / fmt::format("{:03}_{}.pdf", files.size() + 1, letter.letter);
    write_paper(shell, maker, letter.hash, file);
    files.push_back(json::object{{"hash", letter.hash}, {"file", file.string()}});
  }
  if (shell.as_json)
    shell.print(files);
  else
    std::cout << files.size() << (files.size() == 1 ? " letter" : " letters") << " of " << on.id << " in " << to << "\n";
  return 0;
}

std::string waits_until(const OutboxRow& row) { return row.status == "queued" ? to_text(row.try_at) : "-"; }

int list_outbox(Shell& shell, const std::string& status, const std::string& case_id, int limit) {
  const auto rows = shell.site().database().read([&](Session& session) { return find_messages(session, status, case_id, limit); });
  if (shell.as_json) {
    json::array all;
    for (const OutboxRow& row : rows)
      all.push_back(json::object{{"id", row.id},
                                 {"case", row.case_id},
                                 {"status", row.status},
                                 {"to", row.message.to_address},
                                 {"subject", row.message.subject},
                                 {"message_id", row.message.message_id},
                                 {"attempts", row.attempts},
                                 {"written_at", to_text(row.written_at)},
                                 {"try_at", to_text(row.try_at)},
                                 {"detail", row.detail}});
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> table;
  for (const OutboxRow& row : rows)
    table.push_back({std::to_string(row.id), row.status, row.message.to_address, row.message.subject, std::to_string(row.attempts),
                     waits_until(row), row.detail});
  print_table({"id", "status", "to", "subject", "attempts", "next attempt", "detail"}, table);
  return 0;
}

OutboxRow mail_or_stop(Session& session, std::int64_t id) {
  const auto row = find_message(session, id);
  if (!row) stop(RefusalCode::not_found, "There is no mail " + std::to_string(id) + " in the outbox.");
  return *row;
}

// Puts a mail that was given up, or is known not to have arrived, back into the queue; or notes that it arrived.
int settle(Shell& shell, std::int64_t id, const std::string& as, const std::string& outcome, const std::string& note) {
  Engine& engine = shell.site().engine();
  const Person person = shell.person(as);
  const bool again = outcome != "arrived";
  shell.site().database().write([&](Transaction& tx) {
    const auto grants = grants_of(tx, person.id);
    const bool staff = std::ranges::any_of(
        grants, [](const Grant& grant) { return grant.company.empty() && (grant.role == "admin" || grant.role == "nam"); });
    if (!staff) stop(RefusalCode::forbidden, "Only the operator or a National Account Manager settles mail.");
    const OutboxRow row = mail_or_stop(tx, id);
    if (row.status != "given_up" && row.status != "unknown" && !(again && row.status == "queued"))
      stop(RefusalCode::wrong_state, "Mail " + std::to_string(id) + " is " + row.status +
                                         "; only mail that was given up or whose outcome is unknown is settled by a person.");
    set_message(tx, id, again ? "queued" : "sent", row.attempts, engine.now(),
                again ? "tried again by a person" : "a person found that it arrived", again ? std::nullopt : std::optional(engine.now()));
    close_task(tx, row.case_id, "mail:" + std::to_string(id), engine.now());
    record_line(tx, "mail", again ? "retry" : "resolve", person.id, engine.now(),
                {{"mail", id}, {"message_id", row.message.message_id}, {"was", row.status}, {"outcome", outcome}, {"note", note}});
  });
  if (shell.as_json)
    shell.print(json::object{{"id", id}, {"status", again ? "queued" : "sent"}});
  else
    std::cout << "Mail " << id << (again ? " waits to be sent again.\n" : " is noted as arrived.\n");
  return 0;
}

}  // namespace

void add_letter_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto case_id = std::make_shared<std::string>();
  auto pdfs = std::make_shared<bool>(false);
  auto folder = std::make_shared<std::string>();
  auto* letters = app.add_subcommand("letters", "the letters of a case, or their PDFs")
                      ->footer("Example:\n  tradecase letters TC-2026-000012 --pdf --to letters --db play.db");
  letters->add_option("case", *case_id, "the case")->required();
  auto* to_folder = letters->add_option("--to", *folder, "the folder for the PDFs");
  letters->add_flag("--pdf", *pdfs, "write them as PDFs")->needs(to_folder);
  letters->callback([&, case_id, pdfs, folder] {
    action = [&, case_id, pdfs, folder] { return *pdfs ? print_letters(shell, *case_id, *folder) : list_letters(shell, *case_id); };
  });

  auto* letter = app.add_subcommand("letter", "one letter")->require_subcommand(1);
  auto hash = std::make_shared<std::string>();
  auto html = std::make_shared<bool>(false);
  auto* shown = letter->add_subcommand("show", "its text as it was fixed; the hash is the SHA-256 of its HTML")
                    ->footer("Example:\n  tradecase letter show 1f3a9c0d2b4e5f60 --html --db play.db > letter.html");
  shown->add_option("hash", *hash, "the hash, or its first 8 digits or more")->required();
  shown->add_flag("--html", *html, "the HTML instead of the text");
  shown->callback([&, hash, html] { action = [&, hash, html] { return show_letter(shell, *hash, *html); }; });

  auto file = std::make_shared<std::string>();
  auto* printed = letter->add_subcommand("pdf", "the letter as a PDF/UA document, made by Chromium")
                      ->footer("Example:\n  tradecase letter pdf 1f3a9c0d2b4e5f60 --to letter.pdf --db play.db");
  printed->add_option("hash", *hash, "the hash, or its first 8 digits or more")->required();
  printed->add_option("--to", *file, "the file to write")->required();
  printed->callback([&, hash, file] { action = [&, hash, file] { return print_letter(shell, *hash, *file); }; });

  auto* outbox = app.add_subcommand("outbox", "mail: what became of it")->require_subcommand(1);
  auto status = std::make_shared<std::string>();
  auto of_case = std::make_shared<std::string>();
  auto limit = std::make_shared<int>(200);
  auto* listed =
      outbox->add_subcommand("list", "mails, oldest first")->footer("Example:\n  tradecase outbox list --status unknown --db live.db");
  listed->add_option("--status", *status, "queued, claimed, transmitting, sent, given_up or unknown")
      ->check(CLI::IsMember({"queued", "claimed", "transmitting", "sent", "given_up", "unknown"}));
  listed->add_option("--case", *of_case, "of this case");
  listed->add_option("--limit", *limit, "at most so many")->check(CLI::Range(1, 1'000'000));
  listed->callback(
      [&, status, of_case, limit] { action = [&, status, of_case, limit] { return list_outbox(shell, *status, *of_case, *limit); }; });

  auto id = std::make_shared<std::int64_t>();
  auto as = std::make_shared<std::string>();
  auto note = std::make_shared<std::string>();
  auto outcome = std::make_shared<std::string>();
  auto* retry = outbox->add_subcommand("retry", "send a mail again that was given up, or did not arrive");
  retry->add_option("id", *id, "the mail")->required();
  retry->add_option("--as", *as, "who says so: an e-mail address")->required();
  retry->add_option("--note", *note, "why");
  retry->callback([&, id, as, note] { action = [&, id, as, note] { return settle(shell, *id, *as, "try again", *note); }; });
  auto* resolve = outbox->add_subcommand("resolve", "say what a person found out about a mail whose outcome is unknown")
                      ->footer("Example:\n  tradecase outbox resolve 17 --outcome arrived --as op@agency.example --db live.db");
  resolve->add_option("id", *id, "the mail")->required();
  resolve->add_option("--as", *as, "who found out: an e-mail address")->required();
  resolve->add_option("--outcome", *outcome, "arrived, or lost (it is then sent again)")
      ->required()
      ->check(CLI::IsMember({"arrived", "lost"}));
  resolve->add_option("--note", *note, "how it was found out");
  resolve->callback(
      [&, id, as, note, outcome] { action = [&, id, as, note, outcome] { return settle(shell, *id, *as, *outcome, *note); }; });
}

}  // namespace tradecase
