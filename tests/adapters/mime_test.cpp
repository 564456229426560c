#include "adapters/smtp/mime.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/Net/QuotedPrintableDecoder.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <regex>
#include <sstream>
#include <vector>

#include "adapters/smtp/encoding.hpp"
#include "tests/adapters/mails.hpp"

using namespace tradecase;
using namespace tradecase::test;

namespace {

json::object read_back(const Message& message) {
  const Folder folder;
  const fs::path file = folder.path() / "mail.eml";
  std::ofstream(file, std::ios::binary) << message_bytes(message);
  return read_mail(file);
}

json::value one_person(const std::string& name, const std::string& address) {
  json::array person;
  person.emplace_back(name);
  person.emplace_back(address);
  return person;
}

std::string decoded(const std::string& quoted) {
  std::istringstream in(quoted);
  Poco::Net::QuotedPrintableDecoder decoder(in);
  return {std::istreambuf_iterator<char>(decoder), {}};
}

std::vector<std::string> encoded_words(const std::string& header) {
  static const std::regex word(R"(=\?UTF-8\?B\?([A-Za-z0-9+/=]+)\?=)");
  std::vector<std::string> words;
  for (std::sregex_iterator at(header.begin(), header.end(), word), end; at != end; ++at) {
    std::istringstream in((*at)[1]);
    Poco::Base64Decoder decoder(in);
    words.emplace_back(std::istreambuf_iterator<char>(decoder), std::istreambuf_iterator<char>());
  }
  return words;
}

std::string with_crlf(const std::string& text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    lines += text[i] == '\r' || text[i] == '\n' ? "\r\n" : std::string(1, text[i]);
  }
  return lines.ends_with("\r\n") ? lines : lines + "\r\n";
}

std::size_t longest_line(const std::string& bytes) {
  std::istringstream in(bytes);
  std::size_t longest = 0;
  for (std::string line; std::getline(in, line);) longest = std::max(longest, line.size() - line.ends_with('\r'));
  return longest;
}

}  // namespace

TEST_CASE("a letter reads back as what was written, in both forms") {
  Message message = letter();
  message.references = "1.TC-2026-000123@tradecase.example";
  message.message_id = "7.TC-2026-000123@tradecase.example";
  const auto mail = read_back(message);

  CHECK(mail.at("defects").as_array().empty());
  CHECK(mail.at("type") == "multipart/alternative");
  const auto& headers = mail.at("headers").as_object();
  CHECK(text_of(headers.at("Subject")) == message.subject);
  CHECK(text_of(headers.at("Date")) == message.date);
  CHECK(headers.at("Message-ID") == "<7.TC-2026-000123@tradecase.example>");
  CHECK(headers.at("In-Reply-To") == "<1.TC-2026-000123@tradecase.example>");
  CHECK(headers.at("References") == "<1.TC-2026-000123@tradecase.example>");
  CHECK(headers.at("Auto-Submitted") == "auto-generated");
  CHECK(headers.at("MIME-Version") == "1.0");
  CHECK(mail.at("people") == json::parse(R"({"From": [["Trade Compliance", "notices@tradecase.example"]],
                                             "To": [["Olivia Officer", "olivia@acme.example"]]})"));
  CHECK(mail.at("parts").at(0) == json::value{{"type", "text/plain"}, {"charset", "utf-8"}, {"content", with_crlf(message.text)}});
  CHECK(mail.at("parts").at(1) == json::value{{"type", "text/html"}, {"charset", "utf-8"}, {"content", with_crlf(message.html)}});
}

TEST_CASE("the first mail of a thread refers to nothing, and a letter without HTML is plain text") {
  Message message = letter();
  message.html.clear();
  const auto mail = read_back(message);
  CHECK(mail.at("type") == "text/plain");
  CHECK(mail.at("names") == json::parse(R"(["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version",
                                            "Content-Type", "Content-Transfer-Encoding"])"));
}

TEST_CASE("names and subjects of any kind arrive as they are") {
  const std::string name =
      GENERATE(as<std::string>{}, "", "Olivia", "O'Hara, Olivia (acting)", R"(She said "C:\temp")", "Żaneta Łęcka",
               "Ελένη Παπαδοπούλου-Κωνσταντινίδου, Υπεύθυνη Εισαγωγών και Εξαγωγών", "=?UTF-8?B?QQ==?=", "admin@bank.example",
               "税関 🛃 事務所", "a name of plain letters that is so long that it fills a line and more");
  Message message = letter();
  message.to_name = message.from_name = name;
  message.subject = "Notice: " + name;
  const auto mail = read_back(message);
  CHECK(mail.at("people").at("To").at(0) == one_person(name, "olivia@acme.example"));
  CHECK(mail.at("people").at("From").at(0) == one_person(name, "notices@tradecase.example"));
  CHECK(text_of(mail.at("headers").at("Subject")) == message.subject);
  CHECK(longest_line(message_bytes(message)) <= 78);
}

TEST_CASE("every encoded word holds whole characters") {
  const auto words = encoded_words(mail::encoded_text("Ετήσια ειδοποίηση 2026: προθεσμία 22 Δεκεμβρίου 🛃🛃🛃🛃🛃🛃🛃🛃🛃🛃🛃🛃🛃"));
  REQUIRE(words.size() > 3);
  for (const auto& word : words) CHECK(mail::is_utf8(word));
}

TEST_CASE("subjects that folding could harm arrive unharmed") {
  const std::string subject = GENERATE(as<std::string>{}, "two  blanks", " blank before", "blank behind ", std::string(300, 'x'),
                                       "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
                                       std::string(64, 'a') + " " + std::string(64, 'b') + " c");
  Message message = letter();
  message.subject = subject;
  CHECK(text_of(read_back(message).at("headers").at("Subject")) == subject);
  CHECK(longest_line(message_bytes(message)) <= 78);
}

TEST_CASE("text of any kind arrives as it is, with lines as mail wants them") {
  const std::string text =
      GENERATE(as<std::string>{}, "no line end", ".\n..\n.leading dots\n", "From here\n--\n--=_x--\n", "a\rb\r\nc\nd\n",
               "blanks behind  \t \nmore ", "§ 484.2 – \"Σ\"\n", "= =3D =\n", std::string(5000, 'x'), "\n\n\n");
  Message message = letter();
  message.text = text;
  const auto mail = read_back(message);
  CHECK(text_of(mail.at("parts").at(0).at("content")) == with_crlf(text));
  CHECK(longest_line(message_bytes(message)) <= 78);
}

TEST_CASE("the bytes depend on the message alone, and the boundary on its id") {
  CHECK(message_bytes(letter()) == message_bytes(letter()));
  CHECK(message_bytes(letter("1")) != message_bytes(letter("2")));
}

TEST_CASE("what could add a header line or a recipient is refused, with the reason") {
  struct Row {
    std::string Message::*field;
    std::string value;
    std::string reason;
  };
  const std::string nul("a\0b", 3);
  const auto row = GENERATE_COPY(values<Row>({
      {&Message::subject, "Hello\r\nBcc: victim@else.example", "the subject holds a line break"},
      {&Message::subject, "Hello\nBcc: victim@else.example", "the subject holds a line break"},
      {&Message::subject, nul, "the subject holds"},
      {&Message::to_name, "Olivia\r\n\r\nbody", "the recipient's name holds a line break"},
      {&Message::from_name, "\x7F", "the sender's name holds"},
      {&Message::to_address, "olivia@acme.example>\r\nRCPT TO:<victim@else.example", "the recipient's address holds a line break"},
      {&Message::from_address, "a@b.example\r\nDATA", "the sender's address holds a line break"},
      {&Message::message_id, "1@b\r\nBcc: victim@else.example", "the message id holds a line break"},
      {&Message::references, "1@b\nBcc: victim@else.example", "the id of the thread holds a line break"},
      {&Message::date, "today\r\nBcc: victim@else.example", "the date holds a line break"},
      {&Message::subject, "\xC0\xAF", "the subject is not UTF-8"},
      {&Message::to_name, "M\xFCller", "the recipient's name is not UTF-8"},
      {&Message::text, "M\xFCller", "the plain text is not UTF-8"},
      {&Message::html, "\xED\xA0\x80", "the HTML is not UTF-8"},
      {&Message::text, nul, "the plain text holds a NUL"},
      {&Message::text, "", "no plain text"},
      {&Message::subject, std::string(1001, 'x'), "longer than 1,000"},
      {&Message::date, "2026-01-14", "not that of a mail"},
  }));
  Message message = letter();
  message.*row.field = row.value;
  const auto why = why_unsendable(message);
  REQUIRE(why);
  CHECK_THAT(*why, Catch::Contains(row.reason));
  CHECK_THROWS_AS(message_bytes(message), std::invalid_argument);
}

TEST_CASE("only plain addresses are written to") {
  struct Row {
    std::string address;
    bool plain;
  };
  const auto row = GENERATE(values<Row>({{"a@b", true},
                                         {"first.last+tag@sub.acme.example", true},
                                         {"o'hara@acme.example", true},
                                         {std::string(64, 'a') + "@acme.example", true},
                                         {std::string(65, 'a') + "@acme.example", false},
                                         {"a@" + std::string(253, 'b'), false},
                                         {"", false},
                                         {"olivia", false},
                                         {"@acme.example", false},
                                         {"olivia@", false},
                                         {"a@b@c", false},
                                         {"a b@acme.example", false},
                                         {"a@acme.example ", false},
                                         {"a@acme.example,b@acme.example", false},
                                         {"<a@acme.example>", false},
                                         {"\"a b\"@acme.example", false},
                                         {"a(comment)@acme.example", false},
                                         {".a@acme.example", false},
                                         {"a..b@acme.example", false},
                                         {"a@acme..example", false},
                                         {"a@-acme.example", false},
                                         {"a@[127.0.0.1]", false},
                                         {"ölivia@acme.example", false}}));
  CAPTURE(row.address);
  Message to = letter(), from = letter();
  to.to_address = from.from_address = row.address;
  CHECK(why_unsendable(to).has_value() != row.plain);
  CHECK(why_unsendable(from).has_value() != row.plain);
}

TEST_CASE("a message id names no folder and no second id") {
  const std::string id = GENERATE(as<std::string>{}, "", "1", "../1@host", "a/b@host", ".1@host", "1@host>", "1@host 2@host", "1@ho@st");
  CAPTURE(id);
  Message message = letter();
  message.message_id = id;
  CHECK(why_unsendable(message));
}

TEST_CASE("quoted-printable keeps every text", "[law]") {
  rc::prop("decoded it is the text with CRLF line ends, encoded it is ASCII in short lines", [](const std::string& noise) {
    std::string text = noise;
    std::erase(text, '\0');
    const std::string quoted = mail::quoted_printable(text);
    RC_ASSERT(decoded(quoted) == with_crlf(text));
    RC_ASSERT(longest_line(quoted) <= 76);
    RC_ASSERT(std::ranges::all_of(quoted, [](unsigned char c) { return c < 0x7F && (c >= 0x20 || c == '\r' || c == '\n' || c == '\t'); }));
  });
}
