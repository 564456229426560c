#include "adapters/http/portal/meanwhile.hpp"

#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// What the reader may know of, the newest last.
json::array acts_since(const Visit& visit, std::int64_t version) {
  json::array acts;
  for (const Moment& moment : moments_of(visit))
    if (moment.version > version && (visit.visitor.is_staff() || moment.company_sees)) {
      const auto at = parse_instant(moment.at);
      acts.push_back(
          json::object{{"did", moment.phrase}, {"by", moment.who}, {"at", moment.at}, {"when", at ? moment_words(visit, *at) : moment.at}});
    }
  return acts;
}

json::value typed_words(const Visit& visit) {
  json::array typed;
  for (const auto& [name, value] : visit.form.fields.list()) {
    const bool of_the_page = name == "csrf" || name == "key" || name == "version" || name == "act" || name == "then" || name == "back" ||
                             name == "change" || name == "show";
    if (!of_the_page && !trimmed(value).empty()) typed.push_back(json::object{{"label", ""}, {"value", value}});
  }
  return typed;
}

}  // namespace

std::vector<BothVersions> both_versions(const Visit& visit, const Section& section, const json::object& typed, const json::object& now) {
  std::vector<BothVersions> all;
  for (const Question& question : section.questions) {
    BothVersions one{worded(visit, question.text), shown_answer(visit, question, typed.if_contains(question.id)),
                     shown_answer(visit, question, now.if_contains(question.id))};
    if (one.typed != one.now) all.push_back(std::move(one));
  }
  return all;
}

bool changed_meanwhile(const Visit& visit) {
  const auto version = version_sent(visit);
  return version && *version != visit.on->version;
}

void read_case_again(Visit& visit) {
  visit.on = visit.engine.database().read([&](Session& session) { return find_case(session, visit.on->id); });
}

void tell_meanwhile(Visit& visit, const std::vector<BothVersions>& fields) {
  json::array rows;
  for (const BothVersions& one : fields) rows.push_back(json::object{{"about", one.label}, {"theirs", one.now}, {"yours", one.typed}});
  const json::array acts = acts_since(visit, version_sent(visit).value_or(visit.on->version));
  visit.meanwhile = json::object{{"acts", acts}, {"any_fields", !rows.empty()}, {"fields", std::move(rows)}};
}

std::int64_t version_for_form(const Visit& visit) {
  return visit.meanwhile.is_null() ? version_sent(visit).value_or(visit.on->version) : visit.on->version;
}

std::string state_now(const Visit& visit) {
  const Case& on = *visit.on;
  const std::string& state = visit.visitor.is_staff() ? on.state : visit.words().told_as(on.workflow, on.state);
  return state.empty() ? "" : visit.say(visit.words().state(on.workflow, state).label);
}

Response too_late(Visit& visit) {
  tell_meanwhile(visit, {});
  return visit.page("conflict", visit.say("This case has changed meanwhile"),
                    {{"case", visit.on->id},
                     {"sentence", visit.say("This form is not open any more. What you typed stands below: copy what you still need.")},
                     {"state", state_now(visit)},
                     {"typed", typed_words(visit)},
                     {"resend", false},
                     {"again", json::array()},
                     {"action", ""},
                     {"confirm", ""},
                     {"key", ""},
                     {"version", visit.on->version}},
                    412);
}

}  // namespace tradecase::http
