#include "adapters/http/portal/letter_kinds.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/http/letter_desk.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

const LetterValue due_value{"due_on", "Due on", "A day ahead, like 12/22/2026. It moves to the next business day.", "date"};

std::vector<LetterKind> all_kinds() {
  return {
      {"audit_request",
       "audit",
       "request_records",
       "Request for records",
       "audit.documents_days",
       {{"scope", "Scope", "What the records are needed for. The company reads this.", "long"},
        {"documents", "Records of each line", "Asked for where a line below names no others.", "long"},
        {"lines", "Entry lines of the annex",
         "One on each line: entry number, line. Other records for one line stand behind a second comma.", "long"},
        {"sampled", "Are the lines a sample?", "A sample needs the company's written acceptance of the sampling plan.", "yes_no"},
        due_value},
       true},
      {"audit_sampling_plan",
       "audit",
       "send_sampling_plan",
       "Sampling plan and waiver",
       "",
       {{"method", "Method", "", "text"},
        {"sample_size", "Lines in the sample", "A whole number.", "number"},
        {"population", "Drawn from", "", "text"},
        {"seed_note", "To draw it again", "The seed, or what else is needed.", "text"},
        {"waiver", "What acceptance means", "The company reads this before it accepts.", "long"}}},
      {"survey_documents_request",
       "risk_survey",
       "request_documents",
       "Request for documents",
       "survey.documents_days",
       {{"documents", "Documents of each entry", "Write one on each line.", "long"}, due_value}},
      {"survey_outcome", "risk_survey", "send_outcome", "Outcome of the survey", "", {}},
  };
}

std::string value_text(const json::object& values, std::string_view name) { return trimmed(text_of(values, name)); }

// Reads what a kind says, one problem at each value that is missing or wrong.
class Reading {
 public:
  Reading(const Visit& visit, const json::object& values) : visit_(visit), values_(values) {}

  std::string text(const std::string& name) {
    std::string said = value_text(values_, name);
    if (said.empty()) problem(name, visit_.say("This is needed."));
    return said;
  }
  std::int64_t number(const std::string& name) {
    const std::string said = value_text(values_, name);
    std::int64_t read = 0;
    const auto [end, failed] = std::from_chars(said.data(), said.data() + said.size(), read);
    if (failed != std::errc() || end != said.data() + said.size() || read <= 0 || read > 1'000'000)
      problem(name, visit_.say("Enter a whole number above 0."));
    return read;
  }
  bool yes(const std::string& name) {
    const std::string said = value_text(values_, name);
    if (said != "yes" && said != "no") problem(name, visit_.say("Choose yes or no."));
    return said == "yes";
  }
  std::optional<Date> day(const std::string& name) {
    const auto read = parse_date(value_text(values_, name));
    if (!read || *read <= visit_.today()) {
      problem(name, visit_.say("Enter a day that is still to come, like 12/22/2026."));
      return std::nullopt;
    }
    return read;
  }
  json::array lines(const std::string& documents);

  void problem(const std::string& name, std::string sentence) { says.problems.push_back({"value." + name, std::move(sentence)}); }

  LetterSays says;

 private:
  const Visit& visit_;
  const json::object& values_;
};

// "G8241020003, 1" or "G8241020003, 1, invoice and proof of payment".
json::array Reading::lines(const std::string& documents) {
  json::array items;
  int number = 0;
  for (const std::string& typed : lines_of(text("lines"))) {
    ++number;
    const auto first = typed.find_first_of(", \t"), begin = typed.find_first_not_of(", \t", first);
    std::string entry = typed.substr(0, first);
    std::erase(entry, '-');
    int line = 0;
    std::size_t end = std::string::npos;
    if (begin != std::string::npos) {
      const auto [stop, failed] = std::from_chars(typed.data() + begin, typed.data() + typed.size(), line);
      if (failed == std::errc()) end = static_cast<std::size_t>(stop - typed.data());
    }
    if (end == std::string::npos || line < 1) {
      problem("lines", visit_.say("Line {}: write the entry number, a comma and the number of the line.", number));
      return items;
    }
    std::string own = trimmed(typed.substr(end));
    if (own.starts_with(',')) own = trimmed(own.substr(1));
    const std::string& asked = own.empty() ? documents : own;
    items.push_back(json::object{{"entry_number", entry}, {"line", line}, {"documents", asked}});
    if (asked.empty()) problem("documents", visit_.say("Say which records are asked for: line {} names none of its own.", number));
  }
  return items;
}

void read_request(Reading& reading, const json::object& values) {
  const std::string scope = reading.text("scope");
  json::array items = reading.lines(value_text(values, "documents"));
  reading.says.body = {{"scope", scope}, {"items", std::move(items)}, {"sampled", reading.yes("sampled")}};
}

// The entry lines that the survey selected, each with all the documents that are asked for.
json::array items_of_survey(const Case& on, const json::object& body) {
  std::vector<std::string> documents;
  for (const json::value& one : array_at(body, "documents")) documents.emplace_back(one.as_string());
  json::array items;
  for (const json::value& entry : array_at(on.data, "entries"))
    items.push_back(
        json::object{{"entry_number", entry.at("entry_number")}, {"line", entry.at("line")}, {"documents", join(documents, "; ")}});
  return items;
}

void read_documents_request(const Visit& visit, Reading& reading, const json::object& values) {
  const auto documents = lines_of(text_of(values, "documents"));
  if (documents.empty()) reading.problem("documents", visit.say("This is needed."));
  if (array_at(visit.on->data, "entries").empty()) reading.problem("documents", visit.say("The entries are to be selected first."));
  reading.says.body = {{"documents", json::value_from(documents)}};
}

void read_plan(Reading& reading) {
  json::object said;
  for (const char* name : {"method", "population", "seed_note", "waiver"}) said[name] = reading.text(name);
  said["sample_size"] = reading.number("sample_size");
  reading.says.body = std::move(said);
}

void read_outcome(const Visit& visit, Reading& reading) {
  if (object_at(visit.on->data, "draft").empty())
    reading.says.problems.push_back({"parts", visit.say("Draft the outcome first: its findings and next steps go on record.")});
}

}  // namespace

const std::vector<LetterKind>& letter_kinds() {
  static const std::vector<LetterKind> kinds = all_kinds();
  return kinds;
}

const LetterKind& letter_kind(const Visit& visit, std::string_view letter) {
  for (const LetterKind& kind : letter_kinds())
    if (kind.letter == letter && visit.on && kind.workflow == visit.on->workflow) return kind;
  throw Fault(404, visit.say("There is no page at this address."));
}

json::object letter_fields(const LetterKind& kind, const Case& on, const json::object& body) {
  if (kind.letter == "audit_request") return {{"scope", text_of(body, "scope")}, {"items", array_at(body, "items")}};
  if (kind.letter == "survey_documents_request") return {{"items", items_of_survey(on, body)}};
  if (kind.letter == "audit_sampling_plan") return body;
  const json::object draft = object_at(on.data, "draft");
  return {{"outcome", text_of(draft, "outcome")}, {"findings", array_at(draft, "findings")}, {"next_steps", array_at(draft, "next_steps")}};
}

std::string lines_text(const json::array& rows) {
  std::string text;
  for (const json::value& row : rows)
    text += text_of(row.as_object(), "entry_number") + ", " + std::to_string(row.at("line").to_number<std::int64_t>()) + "\n";
  return text;
}

json::object first_values(const Visit& visit, const LetterKind& kind) {
  json::object values;
  for (const LetterValue& value : kind.values) values[value.name] = "";
  if (!kind.days.empty()) values["due_on"] = to_text(visit.today() + std::chrono::days{visit.programme().rules.number(kind.days)});
  if (kind.letter == "audit_request") {
    values["scope"] = text_of(visit.on->data, "scope");
    values["sampled"] = object_at(object_at(visit.on->data, "sampling"), "acceptance").empty() ? "no" : "yes";
  }
  return values;
}

LetterSays letter_says(const Visit& visit, const LetterKind& kind, const json::object& values) {
  Reading reading(visit, values);
  if (kind.letter == "audit_request") read_request(reading, values);
  if (kind.letter == "survey_documents_request") read_documents_request(visit, reading, values);
  if (kind.letter == "audit_sampling_plan") read_plan(reading);
  if (kind.letter == "survey_outcome") read_outcome(visit, reading);
  reading.says.fields = letter_fields(kind, *visit.on, reading.says.body);
  if (!kind.days.empty()) {
    reading.says.due_on = reading.day("due_on");
    if (reading.says.due_on) reading.says.body["due_on"] = to_text(*reading.says.due_on);
  }
  return std::move(reading.says);
}

}  // namespace tradecase::http
