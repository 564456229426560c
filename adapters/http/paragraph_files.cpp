// The paragraphs that come with the program: templates/letters/paragraphs/NAME.md, a header, `---`, Markdown with merge fields.
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "adapters/http/letter_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void bad_paragraph(const fs::path& file, const std::string& what) { throw std::runtime_error(file.string() + ": " + what); }

Paragraph paragraph_from(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::map<std::string, std::string> header;
  std::string line;
  while (std::getline(in, line) && line != "---") {
    const auto colon = line.find(':');
    if (colon == std::string::npos) bad_paragraph(file, "\"" + line + "\" is no line of \"key: value\"");
    header[line.substr(0, colon)] = trimmed(line.substr(colon + 1));
  }
  if (line != "---") bad_paragraph(file, "the header does not end: there is no line ---");
  for (const char* key : {"title", "letter", "place", "standard", "fields", "effective"})
    if (!header.contains(key)) bad_paragraph(file, std::string("the header lacks \"") + key + "\"");
  if (header.size() != 6) bad_paragraph(file, "the header has a line that is not known");
  Paragraph made;
  made.name = file.stem().string();
  made.letter = header["letter"];
  made.title = header["title"];
  made.standard = header["standard"] == "yes";
  made.fields = header["fields"];
  const std::string& place = header["place"];
  if (std::from_chars(place.data(), place.data() + place.size(), made.place).ec != std::errc())
    bad_paragraph(file, "\"place\" is no number");
  const auto effective = parse_date(header["effective"]);
  if (!effective) bad_paragraph(file, "\"effective\" is no day");
  made.effective_on = *effective;
  std::ostringstream text;
  text << in.rdbuf();
  made.text = trimmed(text.str());
  if (made.text.empty()) bad_paragraph(file, "there is no text");
  return made;
}

}  // namespace

std::vector<Paragraph> read_paragraph_files(const fs::path& folder) {
  std::vector<Paragraph> all;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".md") all.push_back(paragraph_from(entry.path()));
  return all;
}

void seed_paragraphs(Database& database, const fs::path& folder, Instant at) {
  if (database.read(has_paragraphs)) return;
  const auto all = read_paragraph_files(folder);
  database.write([&](Transaction& tx) {
    if (has_paragraphs(tx)) return;
    for (Paragraph one : all) {
      one.changed_at = at;
      one.why = "came with the program";
      add_paragraph_version(tx, one);
    }
  });
}

}  // namespace tradecase::http
