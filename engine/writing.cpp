// Letters and their mails: merged, fixed by hash and queued in the command's own commit.
#include <fmt/format.h>

#include <algorithm>

#include "engine/letter_fields.hpp"
#include "engine/sha256.hpp"
#include "engine/store/fixed_letters.hpp"
#include "engine/store/languages.hpp"

namespace tradecase {
namespace {

std::string with_weekday(Date day) { return std::string(weekday_name(day)).append(", ").append(spoken(day)); }

// The recipients of a company's mail: its officers, and the contacts who want notices.
std::vector<Person> company_people(Session& session, const std::string& company, Date on) {
  std::vector<Person> all = people_with(session, "officer", company, on);
  for (Person& contact : people_with(session, "contact", company, on)) {
    const auto grants = grants_of(session, contact.id);
    const bool wants = std::ranges::any_of(grants, [&](const Grant& grant) { return grant.company == company && grant.notices; });
    const bool there = std::ranges::any_of(all, [&](const Person& person) { return person.email == contact.email; });
    if (wants && !there) all.push_back(std::move(contact));
  }
  return all;
}

// The account's National Account Manager, or who stands in; nobody where none is assigned or the one has left.
std::optional<Person> acting_nam(Session& session, const Company& company, Date today) {
  if (company.nam.empty()) return std::nullopt;
  auto nam = find_person(session, delegate_of(session, company.nam, today).value_or(company.nam));
  return nam && !(nam->departed_on && *nam->departed_on <= today) ? nam : std::nullopt;
}

std::vector<Person> recipients(Session& session, const Company& company, Audience audience, Date today) {
  switch (audience) {
    case Audience::company:
      return company_people(session, company.id, today);
    case Audience::nam: {
      if (auto nam = acting_nam(session, company, today)) return {std::move(*nam)};
      return people_with(session, "supervisor", "", today);
    }
    case Audience::supervisor:
      return people_with(session, "supervisor", "", today);
    case Audience::compliance:
      return people_with(session, "compliance", "", today);
    case Audience::auditor:
      return people_with(session, "auditor", "", today);
    case Audience::appeals:
      return people_with(session, "appeals", "", today);
  }
  return {};
}

RenderedLetter rendered_letter(const Applied& on, const SendLetter& letter, const std::vector<Person>& to) {
  if (const auto* approved = letter.fields.if_contains("approved")) {
    const auto fixed = find_fixed_letter(on.tx, on.changed.id, std::string_view(approved->as_string()));
    if (!fixed || fixed->letter != letter.letter) throw TemplateError("letter " + letter.letter + ": no text is kept of the one approved");
    return fixed->rendered;
  }
  json::object fields = standard_letter_fields(on.tx, on.programme, on.company, on.changed.id, on.actor, to, on.now);
  for (const auto& [key, value] : letter.fields) fields[key] = value;
  if (!letter.about.empty()) {
    const auto entry = deadline_of(on.tx, on.changed.id, letter.about);
    if (!entry) throw TemplateError("a letter of " + on.changed.id + " speaks of the deadline " + letter.about + ", which it has not");
    add_due_fields(fields, entry->derivation, on.programme.calendar.day_of(on.now));
  }
  // The English letter is the one of record, and one document goes to all: whoever chose another language finds it below the English.
  for (const Person& person : to)
    if (const std::string language = language_of(on.tx, person.id); !language.empty()) fields["language"] = language;
  return on.programme.render(letter.letter, fields);
}

void queue_mail(const Applied& on, std::int64_t letter_id, const RenderedLetter& rendered, const Person& to) {
  Message message;
  message.message_id = fmt::format("{}.{}.{}@{}", letter_id, to.id, on.changed.id, on.programme.mail_host);
  message.references = fmt::format("{}@{}", on.changed.id, on.programme.mail_host);
  message.to_name = to.name;
  message.to_address = to.email;
  message.subject = rendered.mail_subject;
  message.text = rendered.mail_text;
  message.html = rendered.mail_html;
  queue_message(on.tx, on.changed.id, letter_id, to.id, message, content_hash(message), on.now);
}

}  // namespace

std::string content_hash(const Message& message) {
  return sha256_hex(json::serialize(json::array{message.message_id, message.references, message.to_name, message.to_address,
                                                message.subject, message.text, message.html}));
}

std::vector<Person> recipients_of(Session& session, const Programme& programme, const Company& company,
                                  const std::vector<Audience>& audiences, Instant now) {
  std::vector<Person> to;
  for (const Audience audience : audiences)
    for (Person& person : recipients(session, company, audience, programme.calendar.day_of(now)))
      if (std::ranges::none_of(to, [&](const Person& there) { return there.email == person.email; })) to.push_back(std::move(person));
  return to;
}

json::object standard_letter_fields(Session& session, const Programme& programme, const Company& company, std::string_view case_id,
                                    const Actor& actor, const std::vector<Person>& to, Instant now) {
  const Rules& rules = programme.rules;
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  const bool by_person = !actor.is_timer() && actor.staff;
  const std::string nam_name = nam ? nam->name : rules.text("programme.office");
  const std::string nam_title = nam ? "National Account Manager" : rules.text("programme.name");
  return {
      {"letter_date", spoken(programme.calendar.day_of(now))},
      {"case_id", case_id},
      {"company", company.legal_name},
      {"recipient_name", to.empty() ? company.legal_name : to.front().name},
      {"nam_name", nam_name},
      {"nam_email", nam ? nam->email : rules.text("programme.office_email")},
      {"nam_phone", nam && !nam->phone.empty() ? nam->phone : rules.text("programme.office_phone")},
      {"portal_link", programme.portal_url + "/cases/" + std::string(case_id)},
      {"programme", rules.text("programme.name")},
      {"signature_name", by_person ? actor.name : nam_name},
      {"signature_title", by_person && !actor.title.empty() ? actor.title : nam_title},
  };
}

void add_due_fields(json::object& fields, const Derivation& due, Date today) {
  const auto days = (due.due_on - today).count();
  fields["due_on"] = with_weekday(due.due_on);
  fields["due_why"] = json::value_from(due.steps);
  fields["days_left"] = std::max<std::int64_t>(days, 0);
  fields["days_late"] = std::max<std::int64_t>(-days, 0);
}

void write_letter(const Applied& on, const SendLetter& letter) {
  const std::vector<Person> to = recipients_of(on.tx, on.programme, on.company, letter.to, on.now);
  const RenderedLetter rendered = rendered_letter(on, letter, to);
  const std::int64_t id = save_letter(on.tx, on.changed.id, on.changed.version, letter.letter, letter.about, rendered, on.now);
  for (const Person& person : to) queue_mail(on, id, rendered, person);
  if (to.empty())
    open_task(on.tx, {0, on.changed.id, on.company.id, "nobody_to_write_to", "Name somebody who gets the letters of this company",
                      Role::admin, "", std::nullopt, false, on.now});
}

}  // namespace tradecase
