// The record line by line, in order of n: the form of record.md, the data beside, the root over all leaves.
#include <algorithm>
#include <array>

#include "engine/merkle.hpp"
#include "engine/sha256.hpp"
#include "engine/store/verify_parts.hpp"

namespace tradecase::verifying {
namespace {

bool known_code(std::string_view code) {
  return std::ranges::any_of(refusal_map, [&](const RefusalInfo& row) { return row.name == code; });
}

// What is wrong with the line, "" when it says what its columns say in exactly the form of record.md.
std::string line_problem(const Event& stored, const std::optional<RecordLine>& line) {
  if (!line) return "is not a line of the record";
  if (written(*line) != stored.line) return "is not written as the record is written";
  if (const auto at = parse_instant(line->at); !at || to_text(*at) != line->at) return "has no moment in UTC";
  if (line->n != stored.n) return "says number " + std::to_string(line->n);
  if (line->kind != stored.kind) return "says kind " + line->kind;
  if (line->case_id != stored.case_id) return "says case \"" + line->case_id + "\"";
  if (line->kind == "refusal" && !known_code(line->code)) return "says the unknown code " + line->code;
  return "";
}

void check_line(const Event& stored, Findings& found) {
  const auto line = parse_line(stored.line);
  const std::string name = "line " + std::to_string(stored.n) + " ";
  if (const std::string problem = line_problem(stored, line); !problem.empty())
    return found.broken("record_line", stored.case_id, name + problem);
  if (stored.data && line->data != sha256_hex(*stored.data))
    found.broken("data_hash", stored.case_id, name + "has other data beside it than it names");
}

}  // namespace

void check_record(const Reading& reading) {
  MerkleRoot root;
  each_line(reading.session, [&](const Event& stored) {
    check_line(stored, reading.found);
    root.add(leaf_hash_hex(stored.line));
    if (stored.kind == "event") ++reading.found.report().events;
    reading.found.row_done();
  });
  reading.found.report().root = root.hex();
}

}  // namespace tradecase::verifying
