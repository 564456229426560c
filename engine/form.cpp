#include "engine/form.hpp"

#include <algorithm>
#include <tuple>

namespace tradecase {
namespace {

template <class Items, class Matches>
auto* first_where(const Items& items, Matches matches) {
  const auto found = std::find_if(items.begin(), items.end(), matches);
  return found == items.end() ? nullptr : &*found;
}

std::string called(const Form& form) { return form.name + " version " + std::to_string(form.version); }

json::value answer_of(const json::object& answers, const Section& section, const Question& question) {
  const auto* given = answers.if_contains(section.id);
  const auto* value = given != nullptr && given->is_object() ? given->get_object().if_contains(question.id) : nullptr;
  return value == nullptr ? json::value() : *value;
}

// The same fact asked in another form, or, where neither asks for a fact, the question of the same id.
std::pair<const Section*, const Question*> counterpart(const Form& form, const Question& question) {
  for (const Section& section : form.sections)
    for (const Question& other : section.questions)
      if (other.key == question.key && (!other.key.empty() || other.id == question.id)) return {&section, &other};
  return {nullptr, nullptr};
}

}  // namespace

const Question* Section::question(std::string_view wanted) const {
  return first_where(questions, [&](const Question& q) { return q.id == wanted; });
}

const Question* Section::question_with_key(std::string_view key) const {
  return key.empty() ? nullptr : first_where(questions, [&](const Question& q) { return q.key == key; });
}

const Section* Form::section(std::string_view id) const {
  return first_where(sections, [&](const Section& s) { return s.id == id; });
}

Forms::Forms(std::vector<Form> forms) : forms_(std::move(forms)) {
  std::sort(forms_.begin(), forms_.end(),
            [](const Form& a, const Form& b) { return std::tie(a.name, a.version) < std::tie(b.name, b.version); });
  std::string problems;
  for (std::size_t i = 1; i < forms_.size(); ++i) {
    const Form& before = forms_[i - 1];
    const Form& form = forms_[i];
    if (before.name != form.name) continue;
    if (before.version == form.version)
      problems += "form " + called(form) + " is given twice\n";
    else if (before.effective_from >= form.effective_from)
      problems += "form " + called(form) + " must be effective after version " + std::to_string(before.version) + ", which is from " +
                  to_text(before.effective_from) + "\n";
  }
  if (!problems.empty()) throw FormError(problems.substr(0, problems.size() - 1));
}

const Form& Forms::latest(std::string_view name, Date on) const {
  const Form* found = nullptr;
  for (const Form& form : forms_)
    if (form.name == name && form.effective_from <= on) found = &form;  // ascending: the last one stands
  if (found == nullptr) throw FormError("no version of the form \"" + std::string(name) + "\" is effective on " + to_text(on));
  return *found;
}

const Form& Forms::get(std::string_view name, int version) const {
  const Form* found = first_where(forms_, [&](const Form& form) { return form.name == name && form.version == version; });
  if (found == nullptr) throw FormError("there is no version " + std::to_string(version) + " of the form \"" + std::string(name) + "\"");
  return *found;
}

CarryOver carry_over(const Form& from, const Form& to, const json::object& answers) {
  CarryOver result;
  for (const Section& section : to.sections) {
    json::object carried;
    for (const Question& question : section.questions) {
      const auto [old_section, old_question] = counterpart(from, question);
      if (old_question == nullptr) {
        result.fresh.push_back(question.id);
      } else if (const json::value value = answer_of(answers, *old_section, *old_question); answer_problem(question, value)) {
        result.unfit.push_back(question.id);
      } else if (json::value plain = plain_answer(question, value); !plain.is_null()) {
        carried[question.id] = std::move(plain);
      }
    }
    if (!carried.empty()) result.answers[section.id] = std::move(carried);
  }
  for (const Section& section : from.sections)
    for (const Question& question : section.questions)
      if (counterpart(to, question).second == nullptr) result.gone.push_back(question.id);
  return result;
}

}  // namespace tradecase
