// The line of history (record.md), as a grammar; no blanks, this order, whole numbers only:
//   line    = {"enc":1,"n":N,"at":AT,"kind":KIND,"actor":ID,"command":NAME <more> ["data":HEX]}
//   event   = "case":ID,"v":V,"case_prev":HEX,"from":STATE,"to":STATE
//   refusal = ["case":ID,]"code":CODE
// data is the SHA-256 of what stands in the column beside the line.
#include <fmt/compile.h>

#include <iterator>

#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

void add_text(std::string& line, std::string_view text) { line += json::serialize(json::string_view(text.data(), text.size())); }

void add_field(std::string& line, std::string_view name, std::string_view text) {
  line.append(",\"").append(name).append("\":");
  add_text(line, text);
}

std::int64_t next_n(Session& session) { return session.value<std::int64_t>("select coalesce(max(n), -1) + 1 from history").value_or(0); }

// Numbers the line, adds the hash of what stands beside it, and stores both.
std::string store(Transaction& tx, RecordLine line, const json::object& data) {
  std::optional<std::string> beside;
  if (!data.empty()) {
    beside = json::serialize(data);
    line.data = sha256_hex(*beside);
  }
  line.n = next_n(tx);
  std::string text = written(line);
  tx.session().run("insert into history (n, case_id, kind, line, data) values (:n, :case_id, :kind, :line, :data)",
                   {line.n, line.case_id.empty() ? std::nullopt : std::optional(line.case_id), line.kind, text, beside});
  return text;
}

RecordLine line_of(std::string_view kind, std::string_view command, std::string_view actor, Instant at) {
  RecordLine line;
  line.at = to_text(at);
  line.kind = kind;
  line.actor = actor;
  line.command = command;
  return line;
}

// Reads fields one by one; what is missing or of another type is remembered.
struct LineReader {
  const json::object& object;
  bool good = true;

  void operator()(const char* name, std::string& into) {
    const auto* value = object.if_contains(name);
    if (value != nullptr && value->is_string())
      into = std::string_view(value->get_string());
    else
      good = false;
  }
  void operator()(const char* name, std::int64_t& into) {
    const auto* value = object.if_contains(name);
    if (value != nullptr && value->is_int64())
      into = value->get_int64();
    else
      good = false;
  }
};

}  // namespace

std::string written(const RecordLine& line) {
  std::string text = fmt::format(FMT_COMPILE(R"({{"enc":1,"n":{},"at":"{}","kind":)"), line.n, line.at);
  add_text(text, line.kind);
  add_field(text, "actor", line.actor);
  add_field(text, "command", line.command);
  if (!line.case_id.empty()) add_field(text, "case", line.case_id);
  if (line.kind == "event") {
    fmt::format_to(std::back_inserter(text), FMT_COMPILE(R"(,"v":{})"), line.v);
    add_field(text, "case_prev", line.case_prev);
    add_field(text, "from", line.from);
    add_field(text, "to", line.to);
  }
  if (line.kind == "refusal") add_field(text, "code", line.code);
  if (!line.data.empty()) add_field(text, "data", line.data);
  return text += '}';
}

std::optional<RecordLine> parse_line(std::string_view text) {
  boost::json::error_code failed;
  const json::value parsed = json::parse(text, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  LineReader read{parsed.get_object()};
  RecordLine line;
  read("n", line.n);
  read("at", line.at);
  read("kind", line.kind);
  read("actor", line.actor);
  read("command", line.command);
  if (line.kind == "event" || read.object.contains("case")) read("case", line.case_id);
  if (line.kind == "event") {
    read("v", line.v);
    read("case_prev", line.case_prev);
    read("from", line.from);
    read("to", line.to);
  }
  if (line.kind == "refusal") read("code", line.code);
  if (read.object.contains("data")) read("data", line.data);
  return read.good ? std::optional(std::move(line)) : std::nullopt;
}

void record_event(Transaction& tx, Case& changed, std::string_view from, std::string_view command, std::string_view actor, Instant at,
                  const json::object& data) {
  RecordLine line = line_of("event", command, actor, at);
  line.case_id = changed.id;
  line.v = changed.version;
  line.case_prev = changed.leaf;
  line.from = from;
  line.to = changed.state;
  changed.leaf = leaf_hash_hex(store(tx, std::move(line), data));
}

void record_refusal(Transaction& tx, std::string_view case_id, std::string_view command, std::string_view actor, Instant at,
                    const Refusal& refusal, const json::object& body) {
  RecordLine line = line_of("refusal", command, actor, at);
  line.case_id = case_id;
  line.code = info(refusal.code).name;
  store(tx, std::move(line), {{"sentence", refusal.sentence}, {"body", body}});
}

void record_line(Transaction& tx, std::string_view kind, std::string_view command, std::string_view actor, Instant at,
                 const json::object& data) {
  store(tx, line_of(kind, command, actor, at), data);
}

std::vector<Event> find_events(Session& session, const std::string& where, Binds binds) {
  std::vector<Event> all;
  session.each<std::int64_t, std::string, std::string, std::string, std::optional<std::string>>(
      "select n, coalesce(case_id, ''), kind, line, data from history " + where, binds,
      [&](std::int64_t n, std::string case_id, std::string kind, std::string line, std::optional<std::string> data) {
        all.push_back({n, std::move(case_id), std::move(kind), std::move(line), std::move(data)});
      });
  return all;
}

std::vector<Event> history_of(Session& session, std::string_view case_id) {
  return find_events(session, "where case_id = :case_id order by n", {case_id});
}

void each_line(Session& session, const std::function<void(const Event&)>& f) {
  session.each<std::int64_t, std::string, std::string, std::string, std::optional<std::string>>(
      "select n, coalesce(case_id, ''), kind, line, data from history order by n", {},
      [&](std::int64_t n, std::string case_id, std::string kind, std::string line, std::optional<std::string> data) {
        f({n, std::move(case_id), std::move(kind), std::move(line), std::move(data)});
      });
}

}  // namespace tradecase
