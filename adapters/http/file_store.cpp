#include "adapters/http/file_store.hpp"

#include <algorithm>

#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr std::size_t part_bytes = 1024 * 1024, parts_a_commit = 4;
constexpr char file_columns[] =
    "select f.case_id, f.hash, f.name, f.type, c.size, f.person, p.name, f.internal, f.belongs_to, f.kept_at, f.attached_version "
    "from files f join file_contents c on c.hash = f.hash join people p on p.id = f.person ";

std::vector<CaseFile> find_files(Session& session, const std::string& where, Binds binds) {
  std::vector<CaseFile> all;
  session.each<Text, Text, Text, Text, std::int64_t, Text, Text, bool, Text, std::int64_t, std::optional<std::int64_t>>(
      file_columns + where, binds,
      [&](Text case_id, Text hash, Text name, Text type, std::int64_t size, Text person, Text person_name, bool internal, Text belongs_to,
          std::int64_t kept_at, std::optional<std::int64_t> version) {
        all.push_back({std::move(case_id), std::move(hash), std::move(name), std::move(type), size, std::move(person),
                       std::move(person_name), internal, std::move(belongs_to), from_ms(kept_at), version});
      });
  return all;
}

// Bytes that no file names; those of an upload that is under way are young.
void drop_contents(Transaction& tx, Instant kept_before) {
  constexpr char unnamed[] =
      "(select c.hash from file_contents c where c.kept_at < :before and not exists (select 1 from files f where "
      "f.hash = c.hash))";
  tx.session().run(std::string("delete from file_parts where hash in ") + unnamed, {to_ms(kept_before)});
  tx.session().run(std::string("delete from file_contents where hash in ") + unnamed, {to_ms(kept_before)});
}

}  // namespace

std::string keep_bytes(Database& database, std::string_view bytes, Instant now) {
  std::string hash = sha256_hex(bytes);
  const bool whole = database.write([&](Transaction& tx) {
    tx.session().run(
        "insert into file_contents (hash, size, kept_at) values (:hash, :size, :at) on conflict (hash) do update set kept_at = "
        "excluded.kept_at",
        {hash, bytes.size(), to_ms(now)});
    return tx.session().value<bool>("select whole from file_contents where hash = :hash", {hash}).value();
  });
  if (whole) return hash;
  const std::size_t parts = (bytes.size() + part_bytes - 1) / part_bytes;
  for (std::size_t first = 0; first < parts; first += parts_a_commit)
    database.write([&](Transaction& tx) {
      const std::size_t end = std::min(parts, first + parts_a_commit);
      for (std::size_t n = first; n < end; ++n)
        tx.session().run("insert into file_parts (hash, n, bytes) values (:hash, :n, cast(:bytes as blob)) on conflict do nothing",
                         {hash, n, bytes.substr(n * part_bytes, part_bytes)});
      if (end == parts) tx.session().run("update file_contents set whole = 1 where hash = :hash", {hash});
    });
  return hash;
}

void keep_file(Transaction& tx, const CaseFile& file) {
  tx.session().run(
      "insert into files (case_id, hash, name, type, person, internal, belongs_to, kept_at) values (:case_id, :hash, :name, :type, "
      ":person, :internal, :belongs_to, :at) on conflict (case_id, hash, internal) where attached_version is null do update set name = "
      "excluded.name, belongs_to = excluded.belongs_to, kept_at = excluded.kept_at",
      {file.case_id, file.hash, file.name, file.type, file.person, file.internal, file.belongs_to, to_ms(file.kept_at)});
}

std::vector<CaseFile> files_of_case(Session& session, std::string_view case_id, bool internal_too) {
  return find_files(session, "where f.case_id = :case_id and f.internal <= :internal order by f.id", {case_id, internal_too});
}

std::optional<CaseFile> find_case_file(Session& session, std::string_view case_id, std::string_view hash, bool internal_too) {
  auto found = find_files(session,
                          "where f.case_id = :case_id and f.hash = :hash and f.internal <= :internal order by f.internal, "
                          "f.attached_version is null desc, f.id desc",
                          {case_id, hash, internal_too});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::string file_bytes(Session& session, std::string_view hash) {
  std::string bytes;
  bytes.reserve(
      static_cast<std::size_t>(session.value<std::int64_t>("select size from file_contents where hash = :hash", {hash}).value_or(0)));
  session.each<Text>("select bytes from file_parts where hash = :hash order by n", {hash}, [&](const Text& part) { bytes += part; });
  return bytes;
}

void attach_file(Transaction& tx, std::string_view case_id, std::string_view hash, std::int64_t version) {
  tx.session().run("update files set attached_version = :version where case_id = :case_id and hash = :hash and attached_version is null",
                   {version, case_id, hash});
}

void place_file(Transaction& tx, std::string_view case_id, std::string_view hash, std::string_view belongs_to) {
  tx.session().run(
      "update files set belongs_to = :belongs_to where case_id = :case_id and hash = :hash and internal = 0 and attached_version is null",
      {belongs_to, case_id, hash});
}

void drop_file(Transaction& tx, std::string_view case_id, std::string_view hash, bool internal) {
  tx.session().run("delete from files where case_id = :case_id and hash = :hash and internal = :internal and attached_version is null",
                   {case_id, hash, internal});
}

void drop_unattached_files(Transaction& tx, Instant kept_before) {
  tx.session().run("delete from files where attached_version is null and internal = 0 and kept_at < :before", {to_ms(kept_before)});
  drop_contents(tx, kept_before);
}

FileSums file_sums(Session& session, std::string_view case_id) {
  const auto row = session.row<std::int64_t, std::int64_t>(
      "select count(*), coalesce(sum(c.size), 0) from files f join file_contents c on c.hash = f.hash where f.case_id = :case_id",
      {case_id});
  return {std::get<0>(*row), std::get<1>(*row)};
}

}  // namespace tradecase::http
