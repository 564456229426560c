// Acts of the template desk, the same for its pages and the API: a new version of a paragraph, and a letter in Word.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "adapters/http/letter_store.hpp"
#include "adapters/http/portal.hpp"

namespace tradecase::http {

bool may_keep_templates(const Visitor& visitor);  // compliance staff
void require_template_act(const Visit& visit);    // a Fault 403

// Fields: title, text, place, standard (yes or no), effective_on, why; of a new paragraph its letter too. Problems at these fields. The
// name is one that is there, or a new one.
std::variant<Paragraph, std::vector<Problem>> paragraph_typed(const Visit& visit, const std::string& name, const Fields& typed);
std::int64_t keep_paragraph(const Visit& visit, Transaction& tx, const Paragraph& paragraph);  // its version

// Fields: effective_on, why. The document's fields must be the letter's, its places are named where they are not.
std::variant<WordTemplate, std::vector<Problem>> word_template_typed(const Visit& visit, const std::string& letter, const Fields& typed,
                                                                     const std::vector<Upload>& uploads);

bool is_composed(std::string_view letter);  // one of those that people put together
std::string letter_title(const Visit& visit, std::string_view letter);

}  // namespace tradecase::http
