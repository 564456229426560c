// Each case with what belongs to it: its events, letters, ledger of due dates, and what keeps it from standing still.
#include "engine/sha256.hpp"
#include "engine/store/verify_parts.hpp"

namespace tradecase::verifying {
namespace {

struct Row {
  Case on;
  std::string data;
  bool closed = false;
};

class CaseCheck {
 public:
  CaseCheck(const Reading& reading, const Row& row)
      : session_(reading.session), programme_(reading.programme), found_(reading.found), row_(row) {}

  void all(const Company& company, Instant now) {
    events();
    state();
    readable(company, now);
    letters();
    found_.reading("deadline_ledger", row_.on.id, [&] { ledger(); });
  }

 private:
  void broken(const std::string& invariant, std::string detail) { found_.broken(invariant, row_.on.id, std::move(detail)); }

  void events() {
    std::string leaf(64, '0'), state;
    session_.each<std::string>("select line from history where case_id = :case_id and kind = 'event' order by n", {row_.on.id},
                               [&](std::string text) {
                                 const auto line = parse_line(text);
                                 const auto at = line ? parse_instant(line->at) : std::nullopt;
                                 moments_.push_back(at.value_or(Instant{}));
                                 if (!line) return;  // told by the check of the record
                                 const std::string name = "event " + std::to_string(moments_.size()) + " ";
                                 if (line->v != static_cast<std::int64_t>(moments_.size()))
                                   broken("version", name + "says version " + std::to_string(line->v));
                                 if (line->case_prev != leaf) broken("chain", name + "does not name the event before it");
                                 if (line->from != state)
                                   broken("from_to", name + "begins in \"" + line->from + "\", the one before ended in \"" + state + "\"");
                                 leaf = leaf_hash_hex(text);
                                 state = line->to;
                               });
    if (row_.on.version != versions())
      broken("version", "the case is at version " + std::to_string(row_.on.version) + " and has " + std::to_string(versions()) + " events");
    if (row_.on.leaf != leaf) broken("chain", "the case does not name its last event");
    if (row_.on.state != state)
      broken("from_to", "the case stands in \"" + row_.on.state + "\", its last event ended in \"" + state + "\"");
  }

  void state() {
    const Workflow* workflow = programme_.workflows.find(row_.on.workflow);
    const StateInfo* state = workflow ? workflow->state(row_.on.state) : nullptr;
    if (!state) return broken("known_state", "no workflow " + row_.on.workflow + " with a state \"" + row_.on.state + "\"");
    if (state->final != row_.closed)
      broken("known_state", state->final ? "it has ended and is not closed" : "it is closed and has not ended");
    if (!state->final && state->waits_for.empty() && !has_work())
      broken("no_silent_stall", "nobody has anything to do in \"" + row_.on.state + "\", and nothing will happen");
  }

  bool has_work() {
    return session_.value<std::int64_t>("select 1 from tasks where case_id = :case_id and closed_at is null limit 1", {row_.on.id}) ||
           session_.value<std::int64_t>("select 1 from timers where case_id = :case_id and status = 'pending' limit 1", {row_.on.id});
  }

  // The workflow itself says: to tell what is permitted it reads the data.
  void readable(const Company& company, Instant now) {
    const Workflow* workflow = programme_.workflows.find(row_.on.workflow);
    if (!workflow || workflow->commands.empty()) return;
    found_.reading("readable_data", row_.on.id, [&] {
      Case on = row_.on;
      on.data = json::parse(row_.data).as_object();
      Actor reader = timer_actor();
      reader.roles = workflow->commands.front().roles;
      const Context context{reader,
                            now,
                            programme_.calendar.day_of(now),
                            programme_.calendar,
                            programme_.rules,
                            programme_.forms,
                            company,
                            {},
                            {},
                            on.id,
                            on.cycle,
                            on.version};
      workflow->permitted(on, context);
    });
  }

  void letters() {
    // `case` asks for the task, which no index finds, only where there is no mail; `or` would ask for both.
    session_.each<std::int64_t, std::string, std::int64_t, std::int64_t, bool, bool>(
        "select l.id, l.letter, l.version, l.written_at, exists (select 1 from documents d where d.hash = l.hash), "
        "case when exists (select 1 from outbox o where o.letter_id = l.id) then 1 else exists (select 1 from tasks t where t.case_id = "
        "l.case_id "
        "and t.kind = 'nobody_to_write_to' and t.opened_at <= l.written_at and coalesce(t.closed_at, l.written_at) >= l.written_at) end "
        "from letters l where l.case_id = :case_id order by l.id",
        {row_.on.id}, [&](std::int64_t id, std::string name, std::int64_t version, std::int64_t written_at, bool document, bool mail) {
          const std::string which = "letter " + std::to_string(id) + " (" + name + ") ";
          if (!has_event(version) || moments_[static_cast<std::size_t>(version - 1)] != from_ms(written_at))
            broken("letter_event", which + "was not written by event " + std::to_string(version));
          if (!document) broken("letter_document", which + "has no document");
          if (!mail) broken("letter_mail", which + "went to nobody, and nobody has the task to see to it");
        });
  }

  void ledger() {
    std::map<std::string, LedgerEntry> last;
    for (LedgerEntry& entry : ledger_of(session_, row_.on.id)) {
      due_day(entry);
      if (!has_event(entry.set_by_version)) broken("deadline_ledger", named(entry) + "was set by no event");
      if (entry.ended_by_version && !has_event(*entry.ended_by_version)) broken("deadline_ledger", named(entry) + "was ended by no event");
      if (const auto before = last.find(entry.name); before != last.end() && before->second.superseded_by != entry.id)
        broken("deadline_ledger", named(entry) + "does not follow the entry before it");
      last.insert_or_assign(entry.name, std::move(entry));
    }
    for (const auto& [name, entry] : last)
      if (entry.superseded_by) broken("deadline_ledger", named(entry) + "is the last of its name and superseded");
  }

  void due_day(const LedgerEntry& entry) {
    found_.reading("deadline_rule", row_.on.id, [&] {
      const Date due_on = recompute(entry.derivation.rule, entry.derivation.inputs);
      if (due_on != entry.derivation.due_on)
        broken("deadline_rule", named(entry) + "says " + to_text(entry.derivation.due_on) + ", its rule gives " + to_text(due_on));
    });
    if (entry.due_at != programme_.calendar.end_of(entry.derivation.due_on))
      broken("deadline_instant", named(entry) + "ends at " + to_text(entry.due_at) + ", its day does not");
  }

  static std::string named(const LedgerEntry& entry) { return "deadline \"" + entry.name + "\" (entry " + std::to_string(entry.id) + ") "; }
  std::int64_t versions() const { return static_cast<std::int64_t>(moments_.size()); }
  bool has_event(std::int64_t version) const { return version >= 1 && version <= versions(); }

  Session& session_;
  const Programme& programme_;
  Findings& found_;
  const Row& row_;
  std::vector<Instant> moments_;  // of event 1, 2, 3 …
};

}  // namespace

void check_cases(const Reading& reading) {
  Company company;  // cases come company by company
  using Text = std::string;
  reading.session.each<Text, Text, Text, std::int64_t, Text, std::int64_t, Text, Text, bool>(
      "select id, workflow, company, cycle, state, version, leaf, data, closed_at is not null from cases order by company, workflow, cycle",
      {},
      [&](Text id, Text workflow, Text company_id, std::int64_t cycle, Text state, std::int64_t version, Text leaf, Text data,
          bool closed) {
        if (company.id != company_id) company = find_company(reading.session, company_id).value_or(Company{});
        const Row row{{std::move(id),
                       std::move(workflow),
                       std::move(company_id),
                       static_cast<int>(cycle),
                       std::move(state),
                       version,
                       {},
                       {},
                       std::move(leaf),
                       !closed},
                      std::move(data),
                      closed};
        CaseCheck(reading, row).all(company, reading.now);
        ++reading.found.report().cases;
        reading.found.row_done();
      });
}

}  // namespace tradecase::verifying
