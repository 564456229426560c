#include "adapters/smtp/folder.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "adapters/smtp/mime.hpp"
#include "tests/adapters/mails.hpp"

using namespace tradecase;
using namespace tradecase::test;
using Outcome = Delivery::Outcome;
using Catch::Contains;

TEST_CASE("a mail into a folder is one file, whole, under its message id") {
  const Folder folder;
  const auto send = folder_sender(folder.path() / "out" / "mail");
  CHECK(send(letter("1")).outcome == Outcome::sent);
  CHECK(send(letter("2")).outcome == Outcome::sent);
  const fs::path file = folder.path() / "out" / "mail" / "1.TC-2026-000123@tradecase.example.eml";
  CHECK(bytes_of(file) == message_bytes(letter("1")));
  CHECK(read_mail(file).at("defects").as_array().empty());
  CHECK(std::distance(fs::directory_iterator(file.parent_path()), {}) == 2);
}

TEST_CASE("the same mail again is sent, another one under its id is not") {
  const Folder folder;
  const auto send = folder_sender(folder.path());
  CHECK(send(letter()).outcome == Outcome::sent);
  CHECK(send(letter()).outcome == Outcome::sent);

  Message other = letter();
  other.text += "One more line.\n";
  const auto delivery = send(other);
  CHECK(delivery.outcome == Outcome::given_up);
  CHECK_THAT(delivery.detail, Contains("holds another mail with this message id"));
  CHECK(bytes_of(folder.path() / "1.TC-2026-000123@tradecase.example.eml") == message_bytes(letter()));
}

TEST_CASE("what was half written before a power cut is written anew") {
  const Folder folder;
  std::ofstream(folder.path() / ".1.TC-2026-000123@tradecase.example.eml.part") << std::string(100'000, 'x');
  CHECK(folder_sender(folder.path())(letter()).outcome == Outcome::sent);
  CHECK(bytes_of(folder.path() / "1.TC-2026-000123@tradecase.example.eml") == message_bytes(letter()));
}

TEST_CASE("a mail that cannot be sent as it is, is not written; one that cannot be written waits") {
  const Folder folder;
  Message message = letter();
  message.message_id = "../1@tradecase.example";
  CHECK(folder_sender(folder.path())(message).outcome == Outcome::given_up);
  CHECK(fs::is_empty(folder.path()));

  std::ofstream(folder.path() / "file") << "not a folder";
  const auto delivery = folder_sender(folder.path() / "file")(letter());
  CHECK(delivery.outcome == Outcome::retry_later);
  CHECK_THAT(delivery.detail, Contains("file"));
}
