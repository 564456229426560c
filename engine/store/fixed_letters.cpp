#include "engine/store/fixed_letters.hpp"

#include <cstdint>

#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

constexpr char fixed_letter_tables[] = R"sql(
create table fixed_letters (
  hash text not null,                   -- SHA-256 of html
  case_id text not null references cases (id),
  letter text not null,                 -- the template whose place it takes
  title text not null,
  html text not null,
  text text not null,
  mail_subject text not null,
  mail_text text not null,
  mail_html text not null,
  fixed_by text not null,
  fixed_at integer not null,
  primary key (hash, case_id, letter)
) strict;
)sql";

}  // namespace

std::vector<Migration> fixed_letter_migrations(int first_number) {
  return {{first_number, "letters fixed for approval", fixed_letter_tables}};
}

std::string keep_fixed_letter(Transaction& tx, std::string_view case_id, std::string_view letter, const RenderedLetter& rendered,
                              std::string_view by, Instant at) {
  std::string hash = sha256_hex(rendered.html);
  tx.session().run(
      "insert into fixed_letters (hash, case_id, letter, title, html, text, mail_subject, mail_text, mail_html, fixed_by, fixed_at) values "
      "(:hash, :case_id, :letter, :title, :html, :text, :subject, :mail_text, :mail_html, :by, :at) on conflict do nothing",
      {hash, case_id, letter, rendered.title, rendered.html, rendered.text, rendered.mail_subject, rendered.mail_text, rendered.mail_html,
       by, to_ms(at)});
  return hash;
}

std::optional<FixedText> find_fixed_letter(Session& session, std::string_view case_id, std::string_view hash) {
  using Text = std::string;
  auto row = session.row<Text, Text, Text, Text, Text, Text, Text, Text, std::int64_t>(
      "select letter, title, html, text, mail_subject, mail_text, mail_html, fixed_by, fixed_at from fixed_letters "
      "where hash = :hash and case_id = :case_id limit 1",
      {hash, case_id});
  if (!row) return std::nullopt;
  auto& [letter, title, html, text, subject, mail_text, mail_html, by, at] = *row;
  return FixedText{std::string(hash),
                   std::string(case_id),
                   std::move(letter),
                   {std::move(title), std::move(html), std::move(text), std::move(subject), std::move(mail_text), std::move(mail_html)},
                   std::move(by),
                   from_ms(at)};
}

}  // namespace tradecase
