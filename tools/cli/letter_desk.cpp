#include "tools/cli/letter_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/documents/docx.hpp"
#include "adapters/documents/docx_template.hpp"
#include "engine/letter_fields.hpp"
#include "workflows/fixed_letters.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {
namespace {

using http::LetterDesk;
using Asked = LetterDesk::Asked;
using Wrongs = LetterDesk::Wrongs;

std::vector<LetterPart> parts_of(const std::vector<LetterDesk::Part>& parts) {
  std::vector<LetterPart> all;
  for (const LetterDesk::Part& one : parts) all.push_back({one.title, one.text});
  return all;
}

Wrongs wrongs_of(const Letters& letters, const std::string& letter, const std::vector<LetterDesk::Part>& parts) {
  Wrongs all;
  for (PartProblem& problem : letters.problems(letter, parts_of(parts)))
    all.push_back({problem.part, fmt::format("“{}”: {}.", parts[problem.part].title, problem.sentence)});
  return all;
}

class Desk {
 public:
  Desk(Engine& engine, std::shared_ptr<const Letters> letters) : engine_(engine), letters_(std::move(letters)) {}

  const Letters& letters() const { return *letters_; }

  // All that the letter's template would be given.
  json::object fields(const Asked& asked) const {
    const Programme& programme = engine_.programme();
    const Instant now = engine_.now();
    const LetterInfo& info = letters_->info(asked.letter);
    const std::vector<Audience> to{Audience::company, Audience::nam};
    json::object all = engine_.database().read([&](Session& session) {
      const Case on = find_case(session, asked.case_id).value();
      const Company company = find_company(session, on.company).value();
      const Actor actor = find_actor(session, asked.person, company, engine_.today()).value();
      return standard_letter_fields(session, programme, company, on.id, actor, recipients_of(session, programme, company, to, now), now);
    });
    for (const auto& [name, value] : asked.fields) all[name] = value;
    if (!info.about.empty())
      add_due_fields(all, requests::named_day(info.about, asked.due_on.value_or(engine_.today()), programme.calendar), engine_.today());
    return all;
  }

  std::variant<RenderedLetter, Wrongs> compose(const Asked& asked) const {
    try {
      if (asked.word) return letters_->lay_out(asked.letter, fields(asked), {asked.word->html, asked.word->text});
      if (Wrongs wrongs = wrongs_of(*letters_, asked.letter, asked.parts); !wrongs.empty()) return wrongs;
      return letters_->compose(asked.letter, fields(asked), parts_of(asked.parts));
    } catch (const TemplateError& error) {
      return Wrongs{{std::nullopt, error.what()}};
    }
  }

  std::variant<std::string, Wrongs> to_word(const Asked& asked) const {
    if (Wrongs wrongs = wrongs_of(*letters_, asked.letter, asked.parts); !asked.word && !wrongs.empty()) return wrongs;
    try {
      const std::string html = asked.word ? asked.word->html : letters_->body_of(asked.letter, fields(asked), parts_of(asked.parts)).html;
      const std::string agency = engine_.programme().rules.text("programme.agency");
      return docx_of(blocks_of_html(html), {letters_->info(asked.letter).title, agency, asked.case_id, engine_.now()});
    } catch (const TemplateError& error) {
      return Wrongs{{std::nullopt, error.what()}};
    }
  }

  std::variant<LetterDesk::Body, Wrongs> from_word(const Asked& asked, const std::string& docx) const;

 private:
  Engine& engine_;
  std::shared_ptr<const Letters> letters_;
};

// ---- back from Word --------------------------------------------------------------------------------------------------------

std::map<std::string, std::string, std::less<>> texts_among(const json::object& fields) {
  std::map<std::string, std::string, std::less<>> all;
  for (const auto& [name, value] : fields) {
    if (value.is_string()) all.emplace(name, std::string(value.get_string()));
    if (value.is_int64()) all.emplace(name, std::to_string(value.get_int64()));
  }
  return all;
}

std::vector<std::string> names_of(const std::map<std::string, std::string, std::less<>>& texts) {
  std::vector<std::string> names;
  for (const auto& [name, text] : texts) names.push_back(name);
  return names;
}

// One blank between words, as a letter that went through Word has them.
std::string smoothed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank || (!out.empty() && out.back() != ' ')) out += blank ? ' ' : c;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string text_of(const Spans& spans) {
  std::string out;
  for (const Span& span : spans) out += span.text;
  return smoothed(out);
}

struct Flat {
  std::string text;                            // every block, a blank between them
  std::vector<std::vector<std::string>> rows;  // of the tables
};

void flatten(const Blocks& blocks, Flat& flat) {
  for (const Block& block : blocks) {
    flat.text += text_of(block.spans) + " ";
    for (const Blocks& item : block.items) flatten(item, flat);
    for (const auto& row : block.rows) {
      auto& cells = flat.rows.emplace_back();
      for (const Spans& cell : row) {
        cells.push_back(text_of(cell));
        flat.text += cells.back() + " ";
      }
    }
  }
}

// Where a field stood: the first paragraph whose text uses it.
std::string place_of(const Letters& letters, const Asked& asked, const std::string& field) {
  for (const LetterPart& part : parts_of(asked.parts)) {
    const auto used = letters.fields_used(asked.letter, part);
    if (std::ranges::count(used, field) > 0) return fmt::format("It stood in “{}”.", part.title);
  }
  return "Put it back where the reader looks for it.";
}

// What the case puts on record with this letter must stand in it: the day, the entry lines, and the letter's own fields.
Wrongs lost_parts(const Letters& letters, const Asked& asked, const json::object& fields, const Blocks& blocks) {
  Flat flat;
  flatten(blocks, flat);
  Wrongs all;
  const auto need = [&](const std::string& field, const std::string& text) {
    if (!smoothed(text).empty() && flat.text.find(smoothed(text)) == std::string::npos)
      all.push_back({std::nullopt, fmt::format("The document has lost this text: “{}”. {}", text, place_of(letters, asked, field))});
  };
  if (const auto* due = fields.if_contains("due_on")) need("due_on", std::string(due->as_string()));
  for (const auto& [name, value] : asked.fields) {
    if (value.is_string()) need(name, std::string(value.get_string()));
    if (!value.is_array()) continue;
    std::size_t number = 0;
    for (const json::value& item : value.get_array()) {
      ++number;
      if (item.is_string()) need(name, std::string(item.get_string()));
      const auto* row = item.if_object();
      if (row == nullptr || !row->contains("entry_number")) continue;
      const std::string entry(row->at("entry_number").as_string()), line = std::to_string(row->at("line").to_number<std::int64_t>());
      const bool there =
          std::ranges::any_of(flat.rows, [&](const auto& cells) { return cells.size() > 1 && cells[0] == entry && cells[1] == line; });
      if (!there)
        all.push_back({std::nullopt, fmt::format("The table has lost its row {}: entry {}, line {}. {}", number, entry, line,
                                                 place_of(letters, asked, std::string(name)))});
    }
  }
  return all;
}

Wrongs wrongs_of(const std::vector<std::string>& sentences) {
  Wrongs all;
  for (const std::string& one : sentences) all.push_back({std::nullopt, one});
  return all;
}

std::variant<LetterDesk::Body, Wrongs> Desk::from_word(const Asked& asked, const std::string& docx) const {
  try {
    if (Wrongs wrongs = wrongs_of(*letters_, asked.letter, asked.parts); !wrongs.empty()) return wrongs;
    const json::object given = fields(asked);
    const auto texts = texts_among(given);
    const DocxTemplate document = DocxTemplate::read(docx);
    if (const auto problems = document.problems(names_of(texts)); !problems.empty()) return wrongs_of(problems);
    const Blocks blocks = blocks_of_docx(document.merge(texts));
    if (Wrongs lost = lost_parts(*letters_, asked, given, blocks); !lost.empty()) return lost;
    BlocksText made = rendered(blocks);
    return LetterDesk::Body{std::move(made.html), std::move(made.text)};
  } catch (const DocumentRefused& refused) {
    return Wrongs{{std::nullopt, refused.what()}};
  }
}

// ---- samples -----------------------------------------------------------------------------------------------------------------

json::array samples_of(Session& session, const std::string& case_id) {
  json::array all;
  for (const Sample& one : find_samples(session, ""))
    if (one.case_id == case_id)
      all.push_back(json::object{{"sample", one.id},
                                 {"population", one.population_id},
                                 {"method", std::string(name_of(one.last_draw().parameters.method))},
                                 {"seed", one.seed},
                                 {"rows", one.last_draw().rows}});
  return all;
}

json::array rows_of(Session& session, const std::string& id) {
  json::array rows;
  const auto sample = find_sample(session, id);
  if (!sample) return rows;
  for (const std::int64_t row : sample_record(session, *sample, sample->last_draw().number).list) {
    const FrameRow line = population_row(session, sample->population_id, row);
    rows.push_back(json::object{{"entry_number", line.entry_number}, {"line", line.line}});
  }
  return rows;
}

// ---- the template desk ---------------------------------------------------------------------------------------------------------

// Of the letter, as texts: a Word template has no lists.
std::vector<std::string> text_fields(const Letters& letters, const std::string& letter) {
  std::vector<std::string> names;
  for (const Field& field : letters.fields_of(letter))
    if (field.shape == Field::Shape::text || field.shape == Field::Shape::optional) names.push_back(field.name);
  return names;
}

std::variant<std::string, Wrongs> check_word(const Letters& letters, const std::string& letter, const std::string& docx) {
  try {
    const DocxTemplate made = DocxTemplate::read(docx);
    if (const auto problems = made.problems(text_fields(letters, letter)); !problems.empty()) return wrongs_of(problems);
    std::vector<std::string> used;
    for (const MergeField& field : made.fields())
      if (std::ranges::count(used, field.name) == 0) used.push_back(field.name);
    return fmt::format("{}", fmt::join(used, ", "));
  } catch (const DocumentRefused& refused) {
    return Wrongs{{std::nullopt, refused.what()}};
  }
}

std::string declared(const Letters& letters, const std::string& letter, const LetterDesk::Part& part) {
  const auto used = letters.fields_used(letter, {part.title, part.text});
  std::vector<std::string> all;
  for (const Field& field : letters.fields_of(letter))
    if (std::ranges::count(used, field.name) > 0) all.push_back(to_text(field));
  return fmt::format("{}", fmt::join(all, ", "));
}

// The template's text, and behind it the paragraphs that a template cannot have: those with a list, such as the annex.
std::variant<LetterDesk::Body, Wrongs> from_template(const Desk& desk, const Asked& asked, const std::string& docx) {
  try {
    const json::object given = desk.fields(asked);
    const DocxTemplate document = DocxTemplate::read(docx);
    const auto texts = texts_among(given);
    if (const auto problems = document.problems(names_of(texts)); !problems.empty()) return wrongs_of(problems);
    Blocks blocks = blocks_of_docx(document.merge(texts));
    std::vector<LetterPart> lists;
    for (const LetterDesk::Part& part : asked.parts)
      if (declared(desk.letters(), asked.letter, part).find('[') != std::string::npos) lists.push_back({part.title, part.text});
    for (Block& block : blocks_of_html(desk.letters().body_of(asked.letter, given, lists).html)) blocks.push_back(std::move(block));
    if (Wrongs lost = lost_parts(desk.letters(), asked, given, blocks); !lost.empty()) return lost;
    BlocksText made = rendered(blocks);
    return LetterDesk::Body{std::move(made.html), std::move(made.text)};
  } catch (const DocumentRefused& refused) {
    return Wrongs{{std::nullopt, refused.what()}};
  } catch (const TemplateError& error) {
    return Wrongs{{std::nullopt, error.what()}};
  }
}

}  // namespace

std::shared_ptr<const http::LetterDesk> letter_desk(Engine& engine, std::shared_ptr<const Letters> letters) {
  const auto work = std::make_shared<const Desk>(engine, std::move(letters));
  auto desk = std::make_shared<LetterDesk>();
  desk->compose = [work](const Asked& asked) { return work->compose(asked); };
  desk->check = [work](const std::string& letter, const std::vector<LetterDesk::Part>& parts) {
    return wrongs_of(work->letters(), letter, parts);
  };
  desk->fields = [work](const std::string& letter) {
    std::vector<std::string> all;
    for (const Field& field : work->letters().fields_of(letter)) all.push_back(to_text(field));
    return all;
  };
  desk->fields_used = [work](const std::string& letter, const LetterDesk::Part& part) { return declared(work->letters(), letter, part); };
  desk->to_word = [work](const Asked& asked) { return work->to_word(asked); };
  desk->from_word = [work](const Asked& asked, const std::string& docx) { return work->from_word(asked, docx); };
  desk->check_word = [work](const std::string& letter, const std::string& docx) { return check_word(work->letters(), letter, docx); };
  desk->from_template = [work](const Asked& asked, const std::string& docx) { return from_template(*work, asked, docx); };
  desk->due_day = [&engine](Date named) { return requests::named_day("", named, engine.programme().calendar).due_on; };
  desk->samples = [&engine](const std::string& id) {
    return engine.database().read([&](Session& session) { return samples_of(session, id); });
  };
  desk->sample_rows = [&engine](const std::string& id) {
    return engine.database().read([&](Session& session) { return rows_of(session, id); });
  };
  return desk;
}

}  // namespace tradecase
