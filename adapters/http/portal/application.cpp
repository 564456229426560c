// M2 eligibility, M3 the application part by part.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

struct Part {
  std::string id;  // of the address: "questionnaire.company", "ior_numbers"
  std::string part, title, status;
  const Section* section = nullptr;
  bool complete = false;
};

json::object draft_of(const Case& on) { return object_at(on.data, "draft"); }

bool own_work(const Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  return own != visit.visitor.companies.end() && !own->second.empty();
}

void application_or_stop(const Visit& visit) {
  if (visit.on->workflow != "application") throw Fault(404, visit.say("This case is no application."));
}

void add_form_parts(const Visit& visit, const std::string& name, const json::object& draft, std::vector<Part>& parts) {
  const json::object answers = object_at(draft, name);
  for (const Section& section : visit.programme().forms.get(name, number_at(draft, name + "_version")).sections) {
    const json::object given = object_at(answers, section.id);
    const bool complete = !given.empty() && check_answers(section, given, true).empty();
    const std::string form = name == "mou" ? visit.say("Memorandum of understanding") : visit.say("Questionnaire");
    parts.push_back({name + "." + section.id, name, form + ": " + worded(visit, section.title),
                     complete        ? visit.say("Complete")
                     : given.empty() ? visit.say("To answer")
                                     : visit.say("Started"),
                     &section, complete});
  }
}

std::vector<Part> parts_of(const Visit& visit) {
  const json::object draft = draft_of(*visit.on);
  std::vector<Part> parts;
  const auto add = [&](const char* id, const std::string& title, bool complete) {
    parts.push_back({id, id, title, complete ? visit.say("Complete") : visit.say("To answer"), nullptr, complete});
  };
  add("ior_numbers", visit.say("Importer of record numbers"), !array_at(draft, "ior_numbers").empty());
  const json::array contacts = array_at(draft, "contacts");
  add("contacts", visit.say("Contacts"),
      std::ranges::any_of(contacts, [](const json::value& one) { return one.is_object() && yes_at(one.get_object(), "notices"); }));
  add_form_parts(visit, "questionnaire", draft, parts);
  add("control_manual", visit.say("Internal control manual"), !text_of(draft, "control_manual").empty());
  add("forced_labor", visit.say("Forced-labor documents"), !array_at(draft, "forced_labor_documents").empty());
  add_form_parts(visit, "mou", draft, parts);
  return parts;
}

bool eligibility_first(const Case& on) { return on.state == "eligibility" || on.state == "not_eligible"; }

// ---- M2 ----------------------------------------------------------------------------------------------------------------------

Response show_eligibility(Visit& visit, const json::object& values, std::map<std::string, std::string> problems,
                          const std::string& sentence, int status) {
  const Section& section = visit.programme().forms.latest("eligibility", visit.today()).sections.front();
  json::array no_texts;
  if (const json::array rounds = array_at(visit.on->data, "eligibility"); visit.on->state == "not_eligible" && !rounds.empty())
    for (const auto& text : array_at(rounds.back().as_object(), "no_texts"))
      no_texts.emplace_back(worded(visit, std::string(text.as_string())));
  const std::string title = visit.say("Is your company eligible?");
  const auto own = visit.visitor.companies.find(visit.on->company);
  return visit.page("eligibility", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", title},
                     {"sentence", sentence},
                     {"summary", summary_of(visit, section, problems)},
                     {"not_yet", !no_texts.empty()},
                     {"no_texts", no_texts},
                     {"questions", question_views(visit, section, {values, nullptr, problems})},
                     {"officer", own != visit.visitor.companies.end() && own->second.has(Role::officer)},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    status);
}

json::object last_round(const Visit& visit, const Section& section) {
  const json::array rounds = array_at(visit.on->data, "eligibility");
  return rounds.empty() ? json::object() : object_at(object_at(rounds.back().as_object(), "answers"), section.id);
}

Response answer_eligibility(Visit& visit) {
  application_or_stop(visit);
  const Section& section = visit.programme().forms.latest("eligibility", visit.today()).sections.front();
  const json::object typed = read_answers(section, visit.form.fields);
  if (auto problems = problems_of(visit, section, typed, true); !problems.empty())
    return show_eligibility(visit, typed, std::move(problems), visit.say("It is not sent yet."), 422);
  const Answer answer = visit.send("answer_eligibility", {{"answers", json::object{{section.id, typed}}}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_eligibility(visit, typed, {}, refusal->sentence, 422);
    read_case_again(visit);
    if (!eligibility_first(*visit.on)) return too_late(visit);
    tell_meanwhile(visit, both_versions(visit, section, typed, last_round(visit, section)));
    return show_eligibility(visit, typed, {}, refusal->sentence, 412);
  }
  const bool eligible = std::get<Receipt>(answer).to == "drafting";
  return visit.go("/cases/" + visit.on->id + "/application",
                  eligible ? visit.say("You are eligible to apply. Complete each part now.")
                           : visit.say("Your answers are on record. You can apply when each question can be answered with yes."));
}

// ---- M3 ----------------------------------------------------------------------------------------------------------------------

Response show_application(Visit& visit) {
  application_or_stop(visit);
  if (!own_work(visit)) return visit.go("/cases/" + visit.on->id);
  if (eligibility_first(*visit.on)) {
    const Section& section = visit.programme().forms.latest("eligibility", visit.today()).sections.front();
    return show_eligibility(visit, last_round(visit, section), {}, "", 200);
  }
  if (visit.on->state != "drafting") return visit.go("/cases/" + visit.on->id);
  const auto parts = parts_of(visit);
  const auto done = std::ranges::count_if(parts, &Part::complete);
  json::array rows;
  for (const Part& part : parts)
    rows.push_back(json::object{{"href", "/cases/" + visit.on->id + "/application/" + part.id},
                                {"title", part.title},
                                {"status", part.status},
                                {"ok", part.complete}});
  const auto own = visit.visitor.companies.find(visit.on->company);
  const bool ready = done == static_cast<std::ptrdiff_t>(parts.size());
  return visit.page("application", visit.say("Application, part by part"),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"done", done},
                     {"total", parts.size()},
                     {"progress", visit.say("{} of {} (part|parts) complete", done, parts.size())},
                     {"rows", rows},
                     {"ready", ready && own->second.has(Role::officer)},
                     {"ask_officer", ready && !own->second.has(Role::officer)}});
}

// The parts that are no form, as controls.
CommandWords words_of(const Part& part) {
  const auto control = [](const char* name, const char* label, const char* hint, const char* kind, bool optional = false) {
    Control one;
    one.name = name;
    one.label = label;
    one.hint = hint;
    one.kind = kind;
    one.optional = optional;
    return one;
  };
  CommandWords words;
  if (part.id == "ior_numbers") {
    words.controls.push_back(
        control("ior_numbers", "Importer of record numbers", "One on each line: NN-NNNNNNNXX, NNN-NN-NNNN or NNNNNN-NNNNN.", "lines"));
  } else if (part.id == "contacts") {
    Control rows = control("contacts", "Contacts", "At least one of them takes notices by e-mail.", "rows");
    rows.columns = {control("name", "Name", "", "text"), control("email", "E-mail address", "", "text"),
                    control("title", "Title", "", "text", true), control("phone", "Telephone", "", "text", true),
                    control("notices", "Takes notices by e-mail", "", "yes_no")};
    words.controls.push_back(std::move(rows));
  } else if (part.id == "control_manual") {
    words.controls.push_back(
        control("document", "Internal control manual", "Name the document, its version and where it is kept.", "long"));
  } else {
    words.controls.push_back(
        control("documents", "Forced-labor documents", "One on each line: what it is, and its version or day.", "lines"));
  }
  return words;
}

Fields fields_of(const Part& part, const json::object& draft) {
  Fields fields;
  const auto lines = [&](const char* field, const char* name) {
    std::vector<std::string> all;
    for (const auto& line : array_at(draft, name)) all.emplace_back(line.as_string());
    fields.add(field, join(all, "\n"));
  };
  if (part.id == "ior_numbers") lines("ior_numbers", "ior_numbers");
  if (part.id == "forced_labor") lines("documents", "forced_labor_documents");
  if (part.id == "control_manual") fields.add("document", text_of(draft, "control_manual"));
  if (part.id == "contacts") {
    const json::array contacts = array_at(draft, "contacts");
    for (std::size_t i = 0; i < contacts.size(); ++i)
      for (const auto& [name, value] : contacts[i].as_object())
        fields.add("contacts." + std::to_string(i) + "." + std::string(name), value.is_bool()     ? (value.get_bool() ? "yes" : "no")
                                                                              : value.is_string() ? std::string(value.get_string())
                                                                                                  : "");
  }
  return fields;
}

// Needed cells of rows that somebody has begun.
std::vector<Problem> cells_missing(const CommandWords& words, const Fields& fields) {
  std::vector<Problem> missing;
  constexpr int rows_max = 200;
  for (const Control& control : words.controls)
    for (int row = 0; row < rows_max && control.kind == "rows"; ++row) {
      const auto field = [&](const Control& column) { return control.name + "." + std::to_string(row) + "." + column.name; };
      if (std::ranges::all_of(control.columns, [&](const Control& column) { return trimmed(fields.get(field(column))).empty(); })) continue;
      for (const Control& column : control.columns)
        if (!column.optional && trimmed(fields.get(field(column))).empty()) missing.push_back({field(column), "This is needed."});
    }
  return missing;
}

Part part_or_stop(const Visit& visit) {
  application_or_stop(visit);
  if (!own_work(visit)) throw Fault(403, visit.say("Only officers and preparers of the company answer here."));
  if (visit.on->state != "drafting") throw Fault(409, visit.say("The parts of an application are open while it is being drafted."));
  for (Part& part : parts_of(visit))
    if (part.id == visit.params.at("part")) return part;
  throw Fault(404, visit.say("The application has no such part."));
}

struct PartPage {
  json::array questions{}, controls{}, summary{};
  std::string sentence{};
  int status = 200;
};

Response show_part(Visit& visit, const Part& part, const PartPage& with) {
  return visit.page("application_part", with.status == 200 ? part.title : visit.say("Error: {}", part.title),
                    {{"case", visit.on->id},
                     {"heading", part.title},
                     {"intro", part.section && !part.section->intro.empty() ? worded(visit, part.section->intro) : ""},
                     {"sentence", with.sentence},
                     {"summary", with.summary},
                     {"questions", with.questions},
                     {"controls", with.controls},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    with.status);
}

Response application_part(Visit& visit) {
  const Part part = part_or_stop(visit);
  const json::object draft = draft_of(*visit.on);
  if (part.section == nullptr)
    return show_part(visit, part, {.controls = control_views(visit, words_of(part), fields_of(part, draft), {})});
  const json::object values = object_at(object_at(draft, part.part), part.section->id);
  return show_part(visit, part, {.questions = question_views(visit, *part.section, {values})});
}

std::string next_part(const Visit& visit, const std::string& after) {
  const auto parts = parts_of(visit);
  const auto here = std::ranges::find(parts, after, &Part::id);
  auto next = std::find_if(here, parts.end(), [&](const Part& part) { return !part.complete && part.id != after; });
  if (next == parts.end()) next = std::ranges::find_if(parts, [&](const Part& part) { return !part.complete && part.id != after; });
  return "/cases/" + visit.on->id + "/application" + (next == parts.end() ? "" : "/" + next->id);
}

// Of a part without a form: each control as it stands on record, line by line.
std::vector<BothVersions> both_drafts(const Visit& visit, const Part& part, const Fields& typed, const Fields& now) {
  std::vector<BothVersions> all;
  for (const Control& control : words_of(part).controls) {
    const auto words = [&](const Fields& fields) {
      std::vector<std::string> lines;
      for (const auto& [name, value] : fields.list())
        if (name == control.name || name.starts_with(control.name + "."))
          if (std::string line = trimmed(value); !line.empty()) lines.push_back(std::move(line));
      return join(lines, "\n");
    };
    if (BothVersions one{visit.say(control.label), words(typed), words(now)}; one.typed != one.now) all.push_back(std::move(one));
  }
  return all;
}

// Somebody else saved meanwhile: the part's answers on record beside what was typed.
void tell_of_part(Visit& visit, const Part& part, const json::object& typed) {
  const json::object draft = draft_of(*visit.on);
  tell_meanwhile(visit, part.section ? both_versions(visit, *part.section, typed, object_at(object_at(draft, part.part), part.section->id))
                                     : both_drafts(visit, part, visit.form.fields, fields_of(part, draft)));
}

Response save_part(Visit& visit) {
  if (changed_meanwhile(visit) && visit.on->workflow == "application" && visit.on->state != "drafting" && own_work(visit))
    return too_late(visit);
  const Part part = part_or_stop(visit);
  const Fields& fields = visit.form.fields;
  json::object body{{"part", part.part}}, typed;
  const auto refuse = [&](std::map<std::string, std::string> problems, const std::vector<Problem>& wrong, const std::string& sentence,
                          int status = 422) {
    PartPage with{.sentence = sentence, .status = status};
    if (part.section) {
      with.questions = question_views(visit, *part.section, {typed, nullptr, problems});
      with.summary = summary_of(visit, *part.section, problems);
    } else {
      with.controls = control_views(visit, words_of(part), fields, wrong);
      for (const Problem& one : wrong)
        with.summary.push_back(json::object{{"field", one.field}, {"sentence", worded(visit, one.sentence)}});
    }
    return show_part(visit, part, with);
  };
  if (part.section) {
    typed = read_answers(*part.section, fields);
    if (auto wrong = problems_of(visit, *part.section, typed, false); !wrong.empty())
      return refuse(std::move(wrong), {}, visit.say("Nothing is saved yet. Mend what is marked, then save again."));
    body["section"] = part.section->id;
    body["answers"] = typed;
  } else {
    ReadBody read = read_body(words_of(part), fields, visit.programme().rules);
    for (Problem& one : cells_missing(words_of(part), fields)) read.problems.push_back(std::move(one));
    if (!read.problems.empty()) return refuse({}, read.problems, visit.say("Nothing is saved yet. Mend what is marked, then save again."));
    body["answers"] = std::move(read.body);
  }
  const Answer answer = visit.send("save", std::move(body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return refuse({}, refusal->problems, refusal->sentence);
    read_case_again(visit);
    if (visit.on->state != "drafting") return too_late(visit);
    tell_of_part(visit, part, typed);
    return refuse({}, {}, refusal->sentence, 412);
  }
  read_case_again(visit);
  const bool later = fields.get("then") == "list";
  return visit.go(later ? "/cases/" + visit.on->id + "/application" : next_part(visit, part.id),
                  visit.say("Saved {} Eastern time. {}.", clock_time(visit), part.title));
}

}  // namespace

void add_application_routes(Routes& routes) {
  routes.push_back(
      {"GET", "/cases/{case}/application", "M3", Access::signed_in, show_application, "Eligibility, then the application part by part"});
  routes.push_back({"POST", "/cases/{case}/eligibility", "M2", Access::company, answer_eligibility, "Answer the eligibility questions"});
  routes.push_back({"GET", "/cases/{case}/application/{part}", "M3", Access::company, application_part, "One part of the application"});
  routes.push_back({"POST", "/cases/{case}/application/{part}", "M3", Access::company, save_part, "Save one part of the application"});
}

}  // namespace tradecase::http
