// letter docx, letter read, letter fields: letters and Word.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/documents/docx.hpp"
#include "adapters/documents/docx_template.hpp"
#include "adapters/documents/letter_source.hpp"
#include "tools/cli/shell.hpp"

namespace tradecase {
namespace {

std::string read_document(const std::string& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) stop(RefusalCode::not_found, "There is no file " + file + ".");
  return read_file(file);
}

int letter_to_word(Shell& shell, const std::string& hash, const std::string& to) {
  const auto document = shell.site().database().read([&](Session& session) { return find_document(session, hash); });
  if (!document)
    stop(RefusalCode::not_found, "No letter, or more than one, has a hash that begins with " + hash + ". Give 8 digits or more.");
  const std::string agency = shell.site().programme().rules.text("programme.agency");
  std::ofstream out(to, std::ios::binary | std::ios::trunc);
  out << docx_of(blocks_of_html(document->html), {document->title, agency, "", shell.site().engine().now()});
  out.close();
  if (!out) throw std::runtime_error("The file " + to + " cannot be written.");
  std::cout << document->title << ": " << to << "\n";
  return 0;
}

int read_from_word(Shell& shell, const std::string& file, bool html) {
  try {
    const BlocksText text = rendered(blocks_of_docx(read_document(file)));
    if (shell.as_json)
      shell.print(json::object{{"text", text.text}, {"html", text.html}});
    else
      std::cout << (html ? text.html : text.text);
    return 0;
  } catch (const DocumentRefused& refused) {
    stop(RefusalCode::invalid, refused.what());
  }
}

int list_fields(Shell& shell, const std::string& file, const std::vector<std::string>& known) {
  try {
    const DocxTemplate made = DocxTemplate::read(read_document(file));
    if (!known.empty())
      if (const auto problems = made.problems(known); !problems.empty())
        stop(RefusalCode::invalid, fmt::format("{}", fmt::join(problems, "\n")));
    json::array all;
    std::vector<std::vector<std::string>> rows;
    for (const MergeField& field : made.fields()) {
      all.push_back(json::object{{"field", field.name}, {"place", field.place}, {"paragraph", field.paragraph}});
      rows.push_back({field.name, field.place, field.paragraph});
    }
    if (shell.as_json)
      shell.print(all);
    else
      print_table({"field", "place", "paragraph"}, rows);
    return 0;
  } catch (const DocumentRefused& refused) {
    stop(RefusalCode::invalid, refused.what());
  }
}

}  // namespace

void add_document_verbs(CLI::App& app, Shell& shell, Action& action) {
  CLI::App* letter = app.get_subcommand("letter");
  auto hash = std::make_shared<std::string>();
  auto file = std::make_shared<std::string>();
  auto html = std::make_shared<bool>(false);
  auto known = std::make_shared<std::vector<std::string>>();
  auto* out = letter->add_subcommand("docx", "the letter as a Word document, to be worked on")
                  ->footer("Example:\n  tradecase letter docx 1f3a9c0d2b4e5f60 --to letter.docx --db play.db");
  out->add_option("hash", *hash, "the hash, or its first 8 digits or more")->required();
  out->add_option("--to", *file, "the file to write")->required();
  out->callback([&, hash, file] { action = [&, hash, file] { return letter_to_word(shell, *hash, *file); }; });

  auto* in = letter->add_subcommand("read", "the text of a Word document as a letter would have it")
                 ->footer("Example:\n  tradecase letter read letter.docx --html");
  in->add_option("file", *file, "the Word document")->required();
  in->add_flag("--html", *html, "the HTML instead of the text");
  in->callback([&, file, html] { action = [&, file, html] { return read_from_word(shell, *file, *html); }; });

  auto* fields = letter->add_subcommand("fields", "the merge fields of a Word template, with their places")
                     ->footer("Example:\n  tradecase letter fields request.docx --known company,case_id,due_on");
  fields->add_option("file", *file, "the Word document")->required();
  fields->add_option("--known", *known, "the fields it may use; another one is refused with its place")->delimiter(',');
  fields->callback([&, file, known] { action = [&, file, known] { return list_fields(shell, *file, *known); }; });
}

}  // namespace tradecase
