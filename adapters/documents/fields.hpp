// The merge fields of a letter: which there are, what each must look like, and the values of one merge in a fixed order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/json.hpp"
#include "engine/letter.hpp"

namespace tradecase {

struct Field {
  enum class Shape {
    text,      // `name`: a text that is not empty, or a number
    optional,  // `name?`: a text that may be empty, or true/false
    texts,     // `name[]`
    objects,   // `name[a,b]`: objects with exactly these texts
    markup,    // made by the renderer itself and put in as it is; cannot be declared
  };
  std::string name;
  Shape shape = Shape::text;
  std::vector<std::string> parts{};  // of objects

  bool operator==(const Field&) const = default;
};

// "cycle, items[], questions[section,title]". Throws TemplateError.
std::vector<Field> parse_fields(std::string_view declaration);
std::string to_text(const Field& field);  // as it is declared

using Values = std::vector<const json::value*>;  // by position in the FieldSet

class FieldSet {
 public:
  enum class From { caller, renderer, nowhere };  // a field from nowhere is hidden: its value is the empty text

  void add(Field field, From from);  // throws TemplateError for a name added before
  std::optional<std::size_t> find(std::string_view name) const;
  const Field& at(std::size_t position) const { return entries_[position].field; }
  bool visible(std::size_t position) const { return entries_[position].from != From::nowhere; }
  std::size_t size() const { return entries_.size(); }
  std::vector<std::string> names() const;  // the visible ones

  // The caller's values, each of its declared shape; the renderer's own places hold the empty text. Throws TemplateError for a
  // missing, an unknown or a misshapen field. The values point into `given`.
  Values bind(const json::object& given) const;

 private:
  struct Entry {
    Field field;
    From from;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> positions_;
};

}  // namespace tradecase
