#include "adapters/smtp/smtp.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "adapters/smtp/mime.hpp"
#include "tests/adapters/mail_sink.hpp"
#include "tests/adapters/mails.hpp"
#include "tests/adapters/scripted_server.hpp"

using namespace tradecase;
using namespace tradecase::test;
using Outcome = Delivery::Outcome;
using Security = SmtpSettings::Security;
using Catch::Contains;

namespace {

SmtpSettings to_port(std::uint16_t port) {
  SmtpSettings settings;
  settings.host = "localhost";
  settings.port = port;
  settings.helo = "tradecase.example";
  settings.timeout = std::chrono::seconds(20);
  return settings;
}

SmtpSettings impatient(std::uint16_t port) {
  SmtpSettings settings = to_port(port);
  settings.timeout = std::chrono::seconds(1);
  return settings;
}

// A certificate that vouches for itself, and its key.
class Certificate {
 public:
  explicit Certificate(const std::string& host) {
    const std::string make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + host +
                             " -addext subjectAltName=DNS:" + host + " -keyout " + key() + " -out " + file() + " 2>/dev/null";
    REQUIRE(std::system(make.c_str()) == 0);
  }
  std::string file() const { return (folder_.path() / "certificate.pem").string(); }
  std::string key() const { return (folder_.path() / "key.pem").string(); }

 private:
  Folder folder_;
};

const Script polite_start = {"220 hello\r\n", "250 hello\r\n"};

Script then(Script script, const Script& more) {
  script.insert(script.end(), more.begin(), more.end());
  return script;
}

const Script one_mail = {"250 ok\r\n", "250 ok\r\n", "354 go\r\n", "250 taken\r\n"};

}  // namespace

TEST_CASE("a mail arrives byte for byte, dots included, under its sender and recipient") {
  const MailSink sink;
  Message message = letter();
  message.text = ".\n..\n.dot at the front\nend\n.";
  const auto delivery = smtp_sender(to_port(sink.port()))(message);

  CHECK(delivery.outcome == Outcome::sent);
  CHECK_THAT(delivery.detail, Contains("250"));
  REQUIRE(sink.mails().size() == 1);
  CHECK(sink.mails()[0].filename() == "0001-1.TC-2026-000123@tradecase.example.eml");
  CHECK(bytes_of(sink.mails()[0]) == message_bytes(message));
  CHECK(read_mail(sink.mails()[0]).at("defects").as_array().empty());
  CHECK(sink.envelope(0).at("from") == "notices@tradecase.example");
  CHECK(sink.envelope(0).at("to") == json::parse(R"(["olivia@acme.example"])"));
}

TEST_CASE("bounces come back to an address that names the message") {
  const MailSink sink;
  SmtpSettings settings = to_port(sink.port());
  settings.envelope_from = "bounces+{id}@tradecase.example";
  CHECK(smtp_sender(settings)(letter("17")).outcome == Outcome::sent);
  CHECK(sink.envelope(0).at("from") == "bounces+17.TC-2026-000123@tradecase.example");
  CHECK(text_of(read_mail(sink.mails().at(0)).at("people").at("From").at(0).at(1)) == "notices@tradecase.example");
}

TEST_CASE("what the server answers decides what becomes of the mail") {
  struct Row {
    std::vector<std::string> fault;
    Outcome outcome;
    std::string detail;
    std::size_t taken;
  };
  const std::string to = "olivia@acme.example";
  const auto row = GENERATE_COPY(values<Row>({
      {{}, Outcome::sent, "250 2.0.0 OK", 1},
      {{"--fail-rcpt", "550", to}, Outcome::given_up, "RCPT TO:<olivia@acme.example>: 550 5.1.1", 0},
      {{"--fail-rcpt", "450", to}, Outcome::retry_later, "RCPT TO:<olivia@acme.example>: 450 4.1.1", 0},
      {{"--fail-rcpt", "550", "other@acme.example"}, Outcome::sent, "250", 1},
      {{"--greylist", "1"}, Outcome::retry_later, "451 4.7.1 Greylisted", 0},
      {{"--fail-data", "451"}, Outcome::retry_later, "answer to the mail: 451", 0},
      {{"--fail-data", "554"}, Outcome::given_up, "answer to the mail: 554", 0},
      {{"--close-at", "MAIL"}, Outcome::retry_later, "MAIL FROM:<notices@tradecase.example>: the server hung up", 0},
      {{"--close-at", "RCPT"}, Outcome::retry_later, "RCPT TO", 0},
      {{"--close-after-data"}, Outcome::unknown, "answer to the mail: the server hung up", 1},
      {{"--hang-at", "MAIL"}, Outcome::retry_later, "no answer within 1 seconds", 0},
      {{"--hang-at", "ANSWER"}, Outcome::unknown, "answer to the mail: no answer within 1 seconds", 1},
  }));
  CAPTURE(row.fault);
  const MailSink sink(row.fault);
  const bool hangs = !row.fault.empty() && row.fault[0] == "--hang-at";
  const auto delivery = smtp_sender(hangs ? impatient(sink.port()) : to_port(sink.port()))(letter());
  CHECK(delivery.outcome == row.outcome);
  CHECK_THAT(delivery.detail, Contains(row.detail));
  CHECK(sink.mails().size() == row.taken);
}

TEST_CASE("a greylisted mail is taken at a later try, under the same id and with the same bytes") {
  const MailSink sink({"--greylist", "2"});
  const auto send = smtp_sender(to_port(sink.port()));
  CHECK(send(letter()).outcome == Outcome::retry_later);
  CHECK(send(letter()).outcome == Outcome::retry_later);
  CHECK(send(letter()).outcome == Outcome::sent);
  REQUIRE(sink.mails().size() == 1);
  CHECK(bytes_of(sink.mails()[0]) == message_bytes(letter()));
}

TEST_CASE("one refused recipient does not touch the mail after it") {
  const MailSink sink({"--fail-rcpt", "550", "gone@acme.example"});
  const auto send = smtp_sender(to_port(sink.port()));
  Message gone = letter("1");
  gone.to_address = "gone@acme.example";
  CHECK(send(gone).outcome == Outcome::given_up);
  CHECK(send(letter("2")).outcome == Outcome::sent);
  CHECK(sink.envelope(0).at("to") == json::parse(R"(["olivia@acme.example"])"));
}

TEST_CASE("a batch goes through one connection, which ends politely with its Sender") {
  ScriptedServer server({then(then(then(polite_start, one_mail), {"250 reset\r\n"}), then(one_mail, {"221 bye\r\n"}))});
  {
    const auto send = smtp_sender(to_port(server.port()));
    CHECK(send(letter("1")).outcome == Outcome::sent);
    CHECK(send(letter("2")).outcome == Outcome::sent);
  }
  REQUIRE(server.heard().size() == 1);
  const auto& lines = server.heard()[0];
  REQUIRE(lines.size() == 11);
  CHECK(lines[0] == "EHLO tradecase.example");
  CHECK(lines[1] == "MAIL FROM:<notices@tradecase.example>");
  CHECK(lines[2] == "RCPT TO:<olivia@acme.example>");
  CHECK(lines[3] == "DATA");
  CHECK_THAT(lines[4], Catch::EndsWith("\r\n."));
  CHECK(lines[5] == "RSET");
  CHECK(lines[10] == "QUIT");
}

TEST_CASE("a server that hangs up between two mails is connected to anew") {
  const MailSink sink({"--close-after-each"});
  const auto send = smtp_sender(to_port(sink.port()));
  for (const auto* number : {"1", "2", "3"}) CHECK(send(letter(number)).outcome == Outcome::sent);
  CHECK(sink.mails().size() == 3);
}

TEST_CASE("a kept connection that ends before anything is taken is tried anew once, also after its reset was answered") {
  const Script ends =
      GENERATE(Script{"250 reset\r\n", "421 too many mails\r\n"}, Script{"250 reset\r\n", "250 ok\r\n"}, Script{"421 idle\r\n"}, Script{});
  ScriptedServer server({then(then(polite_start, one_mail), ends), then(polite_start, one_mail)});
  const auto send = smtp_sender(to_port(server.port()));
  CHECK(send(letter("1")).outcome == Outcome::sent);
  CHECK(send(letter("2")).outcome == Outcome::sent);
}

TEST_CASE("a kept connection that ends after the mail went out is never tried anew") {
  ScriptedServer server(
      {then(then(polite_start, one_mail), {"250 reset\r\n", "250 ok\r\n", "250 ok\r\n", "354 go\r\n", ""}), then(polite_start, one_mail)});
  {
    const auto send = smtp_sender(to_port(server.port()));
    CHECK(send(letter("1")).outcome == Outcome::sent);
    CHECK(send(letter("2")).outcome == Outcome::unknown);
  }
  CHECK(server.heard().size() == 1);
}

TEST_CASE("odd answers never count as sent") {
  struct Row {
    Script script;
    Outcome outcome;
    std::string detail;
  };
  const auto data = [](const std::string& answer) { return then(polite_start, {"250 ok\r\n", "250 ok\r\n", "354 go\r\n", answer}); };
  const auto row = GENERATE_COPY(values<Row>({
      {{"554 no mail here\r\n"}, Outcome::retry_later, "greeting: 554 no mail here"},
      {{"421 busy\r\n"}, Outcome::retry_later, "greeting: 421 busy"},
      {{"HTTP/1.1 400 Bad Request\r\n"}, Outcome::retry_later, "greeting: this is no answer of a mail server"},
      {{"220-first line\r\n220-and then"}, Outcome::retry_later, "greeting: the server hung up"},
      {{"220 hello\r\n", "502 what?\r\n"}, Outcome::retry_later, "EHLO tradecase.example: 502 what?"},
      {then(polite_start, {"354 go\r\n"}), Outcome::retry_later, "an answer out of turn: 354 go"},
      {then(polite_start, {"250 ok\r\n", "250 ok\r\n", "250 ok\r\n"}), Outcome::retry_later, "DATA: an answer out of turn: 250 ok"},
      {then(polite_start, {"250 ok\r\n", "250 ok\r\n", "554 no\r\n"}), Outcome::given_up, "DATA: 554 no"},
      {then(polite_start, {"553 not from you\r\n"}), Outcome::given_up, "MAIL FROM:<notices@tradecase.example>: 553 not from you"},
      {data("250-taken\r\n250-but"), Outcome::unknown, "the server hung up"},
      {data("taken, I think\r\n"), Outcome::unknown, "no answer of a mail server"},
      {data("354 more\r\n"), Outcome::unknown, "an answer out of turn"},
      {data("421 closing\r\n"), Outcome::retry_later, "421 closing"},
      {data("250-taken\r\n250 queued\tas 7\r\n"), Outcome::sent, "250 taken queued as 7"},
      {data(std::string(100'000, '2')), Outcome::unknown, ""},
  }));
  CAPTURE(row.script);
  ScriptedServer server({row.script});
  const auto delivery = smtp_sender(to_port(server.port()))(letter());
  CHECK(delivery.outcome == row.outcome);
  CHECK_THAT(delivery.detail, Contains(row.detail));
}

TEST_CASE("a connection that ends or stalls in the middle of a mail leaves it for later") {
  const bool stalls = GENERATE(true, false);
  Message large = letter();
  large.text = std::string(2'000'000, '=');  // three bytes each: more than both ends buffer
  Script script = then(polite_start, {"250 ok\r\n", "250 ok\r\n", "354 go\r\n"});
  if (stalls) script.push_back(deaf);
  ScriptedServer server({script});
  const auto delivery = smtp_sender(impatient(server.port()))(large);
  CHECK(delivery.outcome == Outcome::retry_later);
  CHECK_THAT(delivery.detail, Contains("sending the mail"));
}

TEST_CASE("no server, no name: later") {
  Poco::Net::ServerSocket taken(Poco::Net::SocketAddress("127.0.0.1", 0));
  const auto port = taken.address().port();
  taken.close();
  const auto refused = smtp_sender(to_port(port))(letter());
  CHECK(refused.outcome == Outcome::retry_later);
  CHECK_THAT(refused.detail, Contains("connecting to localhost:" + std::to_string(port)) && Contains("refused"));

  SmtpSettings nowhere = to_port(25);
  nowhere.host = "no..such..host";
  CHECK(smtp_sender(nowhere)(letter()).outcome == Outcome::retry_later);
}

TEST_CASE("what would add a recipient or a header line never reaches the server") {
  const MailSink sink;
  const auto send = smtp_sender(to_port(sink.port()));
  for (const auto field : {&Message::to_address, &Message::from_address, &Message::to_name, &Message::from_name, &Message::subject,
                           &Message::message_id, &Message::references, &Message::date}) {
    Message message = letter();
    message.*field += ">\r\nRCPT TO:<victim@else.example>\r\nBcc: victim@else.example";
    const auto delivery = send(message);
    CHECK(delivery.outcome == Outcome::given_up);
    CHECK_THAT(delivery.detail, Contains("line break"));
  }
  CHECK(sink.mails().empty());
}

TEST_CASE("encrypted mail goes to the server that the certificate names, and to no other") {
  const auto [security, option] = GENERATE(table<Security, std::string>({{Security::starttls, "--starttls"}, {Security::tls, "--tls"}}));
  const Certificate own("localhost"), others("localhost"), other_name("mail.else.example");
  CAPTURE(option);

  SECTION("with the right authority") {
    const MailSink sink({option, own.file(), own.key(), "--auth", "post:s3cret"});
    SmtpSettings settings = to_port(sink.port());
    settings.security = security;
    settings.ca_file = own.file();
    settings.user = "post";
    settings.password = "s3cret";
    const auto send = smtp_sender(settings);
    CHECK(send(letter("1")).detail == "250 2.0.0 OK: mail 1");
    CHECK(send(letter("2")).outcome == Outcome::sent);
    CHECK(sink.envelope(1).at("tls") == true);
    CHECK(sink.envelope(1).at("user") == "post");
  }
  SECTION("not with another authority, nor with the system's") {
    const MailSink sink({option, own.file(), own.key()});
    SmtpSettings settings = to_port(sink.port());
    settings.security = security;
    for (const auto& authority : {others.file(), std::string()}) {
      settings.ca_file = authority;
      const auto delivery = smtp_sender(settings)(letter());
      CHECK(delivery.outcome == Outcome::retry_later);
      CHECK_THAT(delivery.detail, Contains("certificate", Catch::CaseSensitive::No));
    }
    CHECK(sink.mails().empty());
  }
  SECTION("not with a certificate of another name") {
    const MailSink sink({option, other_name.file(), other_name.key()});
    SmtpSettings settings = to_port(sink.port());
    settings.security = security;
    settings.ca_file = other_name.file();
    const auto delivery = smtp_sender(settings)(letter());
    CHECK(delivery.outcome == Outcome::retry_later);
    CHECK_THAT(delivery.detail, Contains("certificate", Catch::CaseSensitive::No));
    CHECK(sink.mails().empty());
  }
  SECTION("and an answer that never comes is unknown there too") {
    const MailSink sink({option, own.file(), own.key(), "--hang-at", "ANSWER"});
    SmtpSettings settings = impatient(sink.port());
    settings.security = security;
    settings.ca_file = own.file();
    CHECK(smtp_sender(settings)(letter()).outcome == Outcome::unknown);
  }
  SECTION("and so is a connection dropped instead of an answer") {
    const MailSink sink({option, own.file(), own.key(), "--close-after-data"});
    SmtpSettings settings = to_port(sink.port());
    settings.security = security;
    settings.ca_file = own.file();
    CHECK(smtp_sender(settings)(letter()).outcome == Outcome::unknown);
  }
}

TEST_CASE("a server that is slow over TLS must bear the right name all the same") {
  const Certificate other_name("mail.else.example");
  const MailSink sink({"--starttls", other_name.file(), other_name.key(), "--slow-tls", "1.5"});
  SmtpSettings settings = impatient(sink.port());
  settings.security = Security::starttls;
  settings.ca_file = other_name.file();
  CHECK(smtp_sender(settings)(letter()).outcome == Outcome::retry_later);
  CHECK(sink.mails().empty());
}

TEST_CASE("where STARTTLS is asked for, nothing goes in the clear") {
  SECTION("not offered") {
    const MailSink sink;
    SmtpSettings settings = to_port(sink.port());
    settings.security = Security::starttls;
    const auto delivery = smtp_sender(settings)(letter());
    CHECK(delivery.outcome == Outcome::retry_later);
    CHECK_THAT(delivery.detail, Contains("STARTTLS: the server does not offer it"));
    CHECK(sink.mails().empty());
  }
  SECTION("offered and then refused, or answered by silence") {
    const auto [answer, detail] = GENERATE(table<std::string, std::string>(
        {{"454 not now\r\n", "STARTTLS: 454 not now"}, {"220 go\r\n", "STARTTLS: no answer within 1 seconds"}}));
    ScriptedServer server({Script{"220 hello\r\n", "250-hello\r\n250 starttls\r\n", answer, silence}});
    SmtpSettings settings = impatient(server.port());
    settings.security = Security::starttls;
    const auto delivery = smtp_sender(settings)(letter());
    CHECK(delivery.outcome == Outcome::retry_later);
    CHECK_THAT(delivery.detail, Contains(detail));
  }
}

TEST_CASE("user and password open the session, by whichever mechanism is offered") {
  const std::string mechanism = GENERATE(as<std::string>{}, "PLAIN", "LOGIN");
  const std::string password = GENERATE(as<std::string>{}, "s3cret", "pä:ss wörd");
  const MailSink sink({"--auth", "post:" + password, "--auth-only", mechanism});
  SmtpSettings settings = to_port(sink.port());
  settings.user = "post";
  settings.password = password;
  CHECK(smtp_sender(settings)(letter()).outcome == Outcome::sent);
  CHECK(sink.envelope(0).at("user") == "post");
}

TEST_CASE("a wrong password delays the mail, and is shown to nobody") {
  const std::string mechanism = GENERATE(as<std::string>{}, "PLAIN", "LOGIN");
  const MailSink sink({"--auth", "post:s3cret", "--auth-only", mechanism});
  SmtpSettings settings = to_port(sink.port());
  settings.user = "post";
  settings.password = "wrong";
  const auto delivery = smtp_sender(settings)(letter());
  CHECK(delivery.outcome == Outcome::retry_later);
  CHECK_THAT(delivery.detail, Contains("AUTH " + mechanism) && Contains("535"));
  CHECK_THAT(delivery.detail, !Contains("wrong") && !Contains("d3Jvbmc"));
  CHECK(sink.mails().empty());
}

TEST_CASE("a server without a mechanism we know gets no password") {
  ScriptedServer server({Script{"220 hello\r\n", "250-hello\r\n250 AUTH CRAM-MD5 XPLAIN\r\n"}});
  SmtpSettings settings = to_port(server.port());
  settings.user = "post";
  settings.password = "s3cret";
  CHECK_THAT(smtp_sender(settings)(letter()).detail, Contains("AUTH: the server offers neither PLAIN nor LOGIN"));
}

TEST_CASE("settings that cannot work are refused at once") {
  const auto [change, reason] = GENERATE(table<std::function<void(SmtpSettings&)>, std::string>({
      {[](SmtpSettings& s) { s.host.clear(); }, "host and port"},
      {[](SmtpSettings& s) { s.port = 0; }, "host and port"},
      {[](SmtpSettings& s) { s.timeout = std::chrono::seconds(0); }, "at least one second"},
      {[](SmtpSettings& s) { s.helo = "a\r\nMAIL FROM:<b>"; }, "control character"},
      {[](SmtpSettings& s) { s.helo = "a b"; }, "blank"},
      {[](SmtpSettings& s) { s.envelope_from = "a@b> SIZE=1"; }, "not an address for bounces"},
      {[](SmtpSettings& s) { s.envelope_from = "bounces"; }, "not an address for bounces"},
      {[](SmtpSettings& s) { s.user = "post", s.host = "mail.else.example"; }, "only over starttls or tls"},
      {[](SmtpSettings& s) { s.security = Security::tls, s.ca_file = "/no/such/file"; }, "trusted authorities"},
  }));
  SmtpSettings settings = to_port(25);
  change(settings);
  CHECK_THROWS_WITH(smtp_sender(settings), Contains(reason));
}

TEST_CASE("the mail sink ends by itself after as many mails as it was told") {
  MailSink sink({"--stop-after", "2"});
  const auto send = smtp_sender(to_port(sink.port()));
  CHECK(send(letter("1")).outcome == Outcome::sent);
  CHECK(send(letter("2")).outcome == Outcome::sent);
  CHECK(sink.ended() == 0);
  CHECK(sink.mails().size() == 2);
}
