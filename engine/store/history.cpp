// The line of history (record.md), as a grammar; no blanks, this order, whole numbers only:
//   line    = {"enc":1,"n":N,"at":AT,"kind":KIND,"actor":ID,"command":NAME <more> ["data":HEX]}
//   event   = "case":ID,"v":V,"case_prev":HEX,"from":STATE,"to":STATE
//   refusal = ["case":ID,]"code":CODE
// data is the SHA-256 of what stands in the column beside the line.
#include <fmt/format.h>

#include <iterator>

#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

std::string quoted(std::string_view text) { return json::serialize(json::string_view(text.data(), text.size())); }

std::int64_t next_n(Session& session) { return session.value<std::int64_t>("select coalesce(max(n), -1) + 1 from history").value_or(0); }

struct Line {
  std::int64_t n;
  std::string text;  // without the closing brace
};

Line begin_line(Session& session, std::string_view kind, std::string_view actor, std::string_view command, Instant at) {
  const std::int64_t n = next_n(session);
  return {n, fmt::format(R"({{"enc":1,"n":{},"at":"{}","kind":"{}","actor":{},"command":{})", n, to_text(at), kind, quoted(actor), quoted(command))};
}

std::string end_line(Transaction& tx, Line line, std::string_view kind, std::optional<std::string_view> case_id, const json::object& data) {
  std::optional<std::string> beside;
  if (!data.empty()) {
    beside = json::serialize(data);
    line.text += R"(,"data":")" + sha256_hex(*beside) + '"';
  }
  line.text += '}';
  tx.session().run("insert into history (n, case_id, kind, line, data) values (:n, :case_id, :kind, :line, :data)",
                   {line.n, case_id, kind, line.text, beside});
  return std::move(line.text);
}

}  // namespace

void record_event(Transaction& tx, Case& changed, std::string_view from, std::string_view command, std::string_view actor, Instant at,
                  const json::object& data) {
  Line line = begin_line(tx, "event", actor, command, at);
  fmt::format_to(std::back_inserter(line.text), R"(,"case":"{}","v":{},"case_prev":"{}","from":"{}","to":"{}")", changed.id, changed.version,
                 changed.leaf, from, changed.state);
  changed.leaf = leaf_hash_hex(end_line(tx, std::move(line), "event", changed.id, data));
}

void record_refusal(Transaction& tx, std::string_view case_id, std::string_view command, std::string_view actor, Instant at, const Refusal& refusal,
                    const json::object& body) {
  Line line = begin_line(tx, "refusal", actor, command, at);
  if (!case_id.empty()) line.text += R"(,"case":")" + std::string(case_id) + '"';
  line.text += R"(,"code":")" + std::string(info(refusal.code).name) + '"';
  const std::optional<std::string_view> on = case_id.empty() ? std::nullopt : std::optional(case_id);
  end_line(tx, std::move(line), "refusal", on, {{"sentence", refusal.sentence}, {"body", body}});
}

void record_line(Transaction& tx, std::string_view kind, std::string_view command, std::string_view actor, Instant at, const json::object& data) {
  end_line(tx, begin_line(tx, kind, actor, command, at), kind, std::nullopt, data);
}

std::vector<Event> history_of(Session& session, std::string_view case_id) {
  std::vector<Event> all;
  session.each<std::int64_t, std::string, std::string, std::optional<std::string>>(
      "select n, kind, line, data from history where case_id = :case_id order by n", {case_id},
      [&](std::int64_t n, std::string kind, std::string line, std::optional<std::string> data) {
        all.push_back({n, std::string(case_id), std::move(kind), std::move(line), std::move(data)});
      });
  return all;
}

void each_line(Session& session, const std::function<void(const Event&)>& f) {
  session.each<std::int64_t, std::string, std::string, std::string, std::optional<std::string>>(
      "select n, coalesce(case_id, ''), kind, line, data from history order by n", {},
      [&](std::int64_t n, std::string case_id, std::string kind, std::string line, std::optional<std::string> data) {
        f({n, std::move(case_id), std::move(kind), std::move(line), std::move(data)});
      });
}

}  // namespace tradecase
