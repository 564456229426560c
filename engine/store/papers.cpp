#include "engine/store/papers.hpp"

#include <cstdint>

#include "engine/engine.hpp"
#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

constexpr char paper_tables[] = R"sql(
create table letter_papers (
  hash text primary key references documents (hash),
  pdf_hash text not null,               -- SHA-256 of pdf
  made_at integer not null,
  pdf blob not null
) strict;
)sql";

struct Wanted {
  std::string html;
  Paper paper;
};

std::optional<Wanted> wanted(Session& session, const Programme& programme, std::string_view hash) {
  const auto row = session.row<std::string, std::string, std::string, std::int64_t>(
      "select d.title, d.html, l.case_id, l.written_at from letters l join documents d on d.hash = l.hash where l.hash = :hash "
      "order by l.id limit 1",
      {hash});
  if (!row) return std::nullopt;
  const auto& [title, html, case_id, written_at] = *row;
  return Wanted{html, {title, "Case " + case_id, programme.rules.text("programme.agency"), from_ms(written_at)}};
}

}  // namespace

std::vector<Migration> paper_migrations(int first_number) { return {{first_number, "letters on paper", paper_tables}}; }

std::optional<std::string> find_paper(Session& session, std::string_view letter_hash) {
  return session.value<std::string>("select pdf from letter_papers where hash = :hash", {letter_hash});
}

void keep_paper(Transaction& tx, std::string_view letter_hash, const std::string& pdf, Instant at) {
  tx.session().run(
      "insert into letter_papers (hash, pdf_hash, made_at, pdf) values (:hash, :pdf_hash, :at, cast(:pdf as blob)) "
      "on conflict (hash) do nothing",
      {letter_hash, sha256_hex(pdf), to_ms(at), pdf});
}

std::optional<std::string> paper_of(Engine& engine, std::string_view letter_hash, const PaperMaker& maker) {
  std::optional<Wanted> letter;
  auto kept = engine.database().read([&](Session& session) {
    auto found = find_paper(session, letter_hash);
    if (!found) letter = wanted(session, engine.programme(), letter_hash);
    return found;
  });
  if (kept || !letter) return kept;
  if (!maker) throw PaperFailure("This machine makes no PDF: Chromium is not installed. The letter is there as HTML, for printing.");
  const std::string pdf = maker(letter->html, letter->paper);
  return engine.database().write([&](Transaction& tx) {
    keep_paper(tx, letter_hash, pdf, engine.now());
    return find_paper(tx, letter_hash);  // another reader may have been first
  });
}

}  // namespace tradecase
