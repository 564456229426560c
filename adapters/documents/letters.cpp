#include "adapters/documents/letters.hpp"

#include <fmt/format.h>

#include <array>

#include "adapters/documents/markdown.hpp"
#include "engine/nearest.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using From = FieldSet::From;
using Shape = Field::Shape;

// Places that are the same in every letter's FieldSet, so that one set of values serves letter, layout and mail.
enum Place : std::size_t { due_when = 15, late_by, title, mail_subject, mail_line, to_company, body, office_address, letter_only };

enum class For { letter, letter_about_deadline, layout };

FieldSet standard_fields(For use) {
  const auto deadline = use == For::letter ? From::nowhere : use == For::layout ? From::renderer : From::caller;
  const auto worked_out = use == For::letter ? From::nowhere : From::renderer;
  const auto made = use == For::layout ? From::renderer : From::nowhere;
  const auto text = use == For::layout ? Shape::optional : Shape::text;  // a layout asks whether there is a deadline
  FieldSet set;
  for (const char* name : {"letter_date", "case_id", "company", "portal_link", "programme", "signature_name", "signature_title"})
    set.add({name}, From::caller);
  for (const char* name : {"recipient_name", "nam_name", "nam_email", "nam_phone"}) set.add({name, Shape::optional}, From::caller);
  set.add({"due_on", text}, deadline);
  set.add({"due_why", Shape::texts}, deadline);
  set.add({"days_left"}, deadline);
  set.add({"days_late"}, deadline);
  set.add({"due_when"}, worked_out);
  set.add({"late_by"}, worked_out);
  for (const char* name : {"title", "mail_subject", "mail_line"}) set.add({name}, made);
  set.add({"to_company", Shape::optional}, made);
  set.add({"body", Shape::markup}, made);
  set.add({"office_address", Shape::texts}, made);
  return set;
}

std::string days(std::int64_t count) { return count == 1 ? "1 day" : fmt::format("{} days", count); }

std::int64_t whole_days(const json::object& fields, std::string_view name) {
  const json::value& value = fields.at(name);
  if (!value.is_int64() && !value.is_uint64()) throw TemplateError(fmt::format("field \"{}\" must be a whole number", name));
  const auto count = value.to_number<std::int64_t>();
  if (count < 0) throw TemplateError(fmt::format("field \"{}\" must not be below 0", name));
  return count;
}

std::string when(std::int64_t days_left, std::int64_t days_late) {
  if (days_late > 0) return days(days_late) + " ago";
  if (days_left == 0) return "today";
  return days_left == 1 ? "tomorrow" : "in " + days(days_left);
}

void check_every_field_used(const LetterInfo& info, const FieldSet& fields, std::initializer_list<const Template*> templates) {
  for (const Field& field : info.fields) {
    const auto position = *fields.find(field.name);
    const bool used = std::any_of(templates.begin(), templates.end(), [&](const Template* one) { return one->used().contains(position); });
    if (!used) throw TemplateError(fmt::format("field \"{}\" is declared and not used", field.name));
  }
}

void check_markdown(const LetterSource& source) {
  if (const int line = line_of_html_or_image(source.body))
    throw TemplateError(fmt::format("line {}: a letter has no HTML and no images", source.body_line + line - 1));
}

Parts read_parts(const fs::path& folder) {
  Parts parts;
  if (!fs::exists(folder)) return parts;
  for (const auto& entry : fs::directory_iterator(folder)) parts.emplace(entry.path().stem().string(), read_file(entry.path()));
  return parts;
}

std::vector<fs::path> letter_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".md" && entry.path().filename() != "README.md") files.push_back(entry.path());
  if (files.empty()) throw TemplateError(fmt::format("{}: there are no letters here", folder.string()));
  return files;
}

}  // namespace

Letters::Letter Letters::compile(const fs::path& file, const Parts& parts) {
  const LetterSource source = read_letter(file);
  const std::string place = file.string();
  try {
    Letter letter{source.info, standard_fields(source.info.about.empty() ? For::letter : For::letter_about_deadline), {}, {}, {}, {}};
    for (const Field& field : source.info.fields) letter.fields.add(field, From::caller);
    const auto in_header = [&](const std::string& text) { return Template::compile(text, letter.fields, Escaping::none, place); };
    letter.title = in_header(source.info.title);
    letter.mail_subject = in_header(source.mail_subject);
    letter.mail_line = in_header(source.mail_line);
    letter.body = Template::compile(source.body, letter.fields, Escaping::markdown, place, source.body_line, parts);
    check_every_field_used(letter.info, letter.fields, {&letter.title, &letter.mail_subject, &letter.mail_line, &letter.body});
    check_markdown(source);
    return letter;
  } catch (const TemplateError& error) {
    const std::string_view message = error.what();
    throw TemplateError(message.starts_with(place) ? std::string{message} : fmt::format("{}: {}", place, message));
  }
}

Letters::Layouts Letters::compile_layouts(const fs::path& templates) {
  const FieldSet fields = standard_fields(For::layout);
  const auto compiled = [&](const char* name, Escaping escaping) {
    const fs::path file = templates / name;
    return Template::compile(read_file(file), fields, escaping, file.string());
  };
  const std::string subject = read_file(templates / "mail/subject.txt");
  return {Template::compile(subject.substr(0, subject.find('\n')), fields, Escaping::none, (templates / "mail/subject.txt").string()),
          compiled("letters/layout.html", Escaping::html), compiled("letters/layout.txt", Escaping::none),
          compiled("mail/notice.html", Escaping::html), compiled("mail/notice.txt", Escaping::none)};
}

Letters Letters::load(const fs::path& templates, Letterhead head) {
  Letters letters;
  for (std::string& line : head.office_address) letters.office_address_.emplace_back(std::move(line));
  const Parts parts = read_parts(templates / "letters/parts");
  for (const fs::path& file : letter_files(templates / "letters")) letters.letters_.emplace(file.stem().string(), compile(file, parts));
  letters.layouts_ = compile_layouts(templates);
  letters.translations_ = Translations::load(templates, [&](std::string_view name) -> const FieldSet* {
    const auto found = letters.letters_.find(name);
    return found == letters.letters_.end() ? nullptr : &found->second.fields;
  });
  return letters;
}

std::vector<std::string> Letters::names() const {
  std::vector<std::string> all;
  for (const auto& [name, letter] : letters_) all.push_back(name);
  return all;
}

const Letters::Letter& Letters::find(std::string_view letter) const {
  const auto found = letters_.find(letter);
  if (found == letters_.end()) throw TemplateError(fmt::format("there is no letter \"{}\"{}", letter, did_you_mean(letter, names())));
  return found->second;
}

const LetterInfo& Letters::info(std::string_view letter) const { return find(letter).info; }

struct Letters::Merge {
  Merge(const Letter& letter, const json::object& fields) : values(letter.fields.bind(fields)) {
    if (letter.info.about.empty()) return;
    const auto late = whole_days(fields, "days_late");
    set(due_when, json::value(when(whole_days(fields, "days_left"), late)));
    set(late_by, json::value(days(late)));
  }
  void set(Place place, json::value value) { values[place] = &(made[place] = std::move(value)); }

  Values values;
  std::array<json::value, letter_only> made;
};

RenderedLetter Letters::finish(const Letter& letter, Merge& merge, Rendering rendering) const {
  RenderedLetter out;
  out.title = letter.title.render(merge.values);
  const std::string line = letter.mail_line.render(merge.values);
  merge.set(title, json::value(out.title));
  merge.set(mail_subject, json::value(letter.mail_subject.render(merge.values)));
  out.mail_subject = layouts_.mail_subject.render(merge.values);
  merge.set(mail_line, json::value(line));
  merge.set(office_address, office_address_);
  merge.set(to_company, json::value(letter.info.to == "company"));
  merge.set(body, json::value(rendering.html));
  out.html = layouts_.html.render(merge.values);
  out.mail_html = layouts_.mail_html.render(merge.values);
  if (!rendering.text.empty()) rendering.text.pop_back();  // the layout ends the line
  merge.set(body, json::value(rendering.text));
  out.text = wrap_lines(layouts_.text.render(merge.values));
  out.mail_text = wrap_lines(layouts_.mail_text.render(merge.values));
  return out;
}

template <class Body>
RenderedLetter Letters::merged(std::string_view letter, const json::object& fields, const Body& body) const {
  try {
    const Letter& found = find(letter);
    Merge merge(found, fields);
    Rendering rendering = body(found, merge.values);
    return finish(found, merge, std::move(rendering));
  } catch (const TemplateError& error) {
    throw TemplateError(fmt::format("letter {}: {}", letter, error.what()));
  }
}

RenderedLetter Letters::render(std::string_view letter, const json::object& fields) const {
  if (const auto* language = fields.if_contains("language")) {
    json::object own = fields;
    own.erase("language");
    RenderedLetter rendered = render(letter, own);
    if (*language == "es") translations_.add_to(rendered, letter, own);
    return rendered;
  }
  return merged(letter, fields, [](const Letter& one, const Values& values) { return render_markdown(one.body.render(values)); });
}

RenderedLetter Letters::compose(std::string_view letter, const json::object& fields, const std::vector<LetterPart>& parts) const {
  return merged(letter, fields, [&](const Letter& one, const Values& values) { return render_markdown(parts_text(one, parts, values)); });
}

RenderedLetter Letters::lay_out(std::string_view letter, const json::object& fields, const Rendering& body) const {
  return merged(letter, fields, [&](const Letter&, const Values&) { return body; });
}

Rendering Letters::body_of(std::string_view letter, const json::object& fields, const std::vector<LetterPart>& parts) const {
  const Letter& found = find(letter);
  const Merge merge(found, fields);
  return render_markdown(parts_text(found, parts, merge.values));
}

Template Letters::part_template(const Letter& letter, const LetterPart& part) {
  Template made = Template::compile(part.text, letter.fields, Escaping::markdown, part.title);
  if (const int line = line_of_html_or_image(part.text))
    throw TemplateError(fmt::format("{}:{}: a letter has no HTML and no images", part.title, line));
  return made;
}

std::string Letters::parts_text(const Letter& letter, const std::vector<LetterPart>& parts, const Values& values) {
  std::string text;
  for (const LetterPart& part : parts) {
    part_template(letter, part).render(values, text);
    text += "\n\n";
  }
  return text;
}

std::vector<PartProblem> Letters::problems(std::string_view letter, const std::vector<LetterPart>& parts) const {
  const Letter& found = find(letter);
  std::vector<PartProblem> all;
  for (std::size_t i = 0; i < parts.size(); ++i) try {
      part_template(found, parts[i]);
    } catch (const TemplateError& error) {
      const std::string_view said = error.what();  // "TITLE:3: …"
      all.push_back({i, "Line " + std::string(said.substr(std::min(said.size(), parts[i].title.size() + 1)))});
    }
  return all;
}

std::vector<std::string> Letters::fields_used(std::string_view letter, const LetterPart& part) const {
  const Letter& found = find(letter);
  const Template made = part_template(found, part);
  std::vector<std::string> names;
  for (const std::size_t position : made.used()) names.push_back(found.fields.at(position).name);
  return names;
}

std::vector<Field> Letters::fields_of(std::string_view letter) const {
  const Letter& found = find(letter);
  std::vector<Field> all;
  for (std::size_t i = 0; i < found.fields.size(); ++i)
    if (found.fields.visible(i)) all.push_back(found.fields.at(i));
  return all;
}

Renderer renderer(std::shared_ptr<const Letters> letters) {
  return [letters = std::move(letters)](std::string_view letter, const json::object& fields) { return letters->render(letter, fields); };
}

}  // namespace tradecase
