// Plain structs to JSON and back, by Boost.Describe. Two readers: stored data forgive what is missing (a field added later
// has its default); a command's body forgives nothing and says every problem at once.
#pragma once

#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <concepts>
#include <map>
#include <stdexcept>
#include <type_traits>

#include "engine/clock.hpp"
#include "engine/command.hpp"
#include "engine/json.hpp"
#include "engine/text.hpp"
#include "engine/workflow.hpp"

// Says once, inside a struct, which fields it has: TRADECASE_FIELDS(Accept, note, risks)
#define TRADECASE_FIELDS(TYPE, ...) BOOST_DESCRIBE_CLASS(TYPE, (), (__VA_ARGS__), (), ())

namespace tradecase {

// A person named by e-mail in a command's body; the engine finds them before the step (Context::named).
struct PersonRef {
  std::string email;
  bool operator==(const PersonRef&) const = default;
};

inline constexpr std::size_t text_length_max = 20'000;  // bytes of one text in a command's body

namespace described {

template <class T>
concept Struct = boost::describe::has_describe_members<T>::value && !std::is_union_v<T> && !std::same_as<T, PersonRef>;
template <class T>
concept Enum = boost::describe::has_describe_enumerators<T>::value;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T, std::less<>>> = true;

template <class T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T, class F>
void for_each_member(F&& f) {
  boost::mp11::mp_for_each<Members<T>>(std::forward<F>(f));
}

// ---- to JSON --------------------------------------------------------------------------------------------------------

// What is given away is moved: objects and lists of JSON within it are not copied.
template <class T>
json::value to_json(T&& value) {
  using Type = std::remove_cvref_t<T>;
  const auto given = [](auto& part) -> decltype(auto) {
    if constexpr (std::is_lvalue_reference_v<T>)
      return std::as_const(part);
    else
      return std::move(part);
  };
  if constexpr (std::same_as<Type, Date> || std::same_as<Type, Instant>) {
    return json::value(to_text(value));
  } else if constexpr (std::same_as<Type, PersonRef>) {
    return json::value(value.email);
  } else if constexpr (is_optional<Type>) {
    return value ? to_json(given(*value)) : json::value(nullptr);
  } else if constexpr (is_vector<Type>) {
    json::array array;
    array.reserve(value.size());
    for (auto&& item : value) array.push_back(to_json(given(item)));
    return array;
  } else if constexpr (is_map<Type>) {
    json::object object;
    object.reserve(value.size());
    for (auto& [key, item] : value) object.emplace(key, to_json(given(item)));
    return object;
  } else if constexpr (Enum<Type>) {
    return json::value(boost::describe::enum_to_string(value, ""));
  } else if constexpr (Struct<Type>) {
    json::object object;
    object.reserve(boost::mp11::mp_size<Members<Type>>::value);
    for_each_member<Type>([&](auto member) {
      auto& item = value.*member.pointer;
      if constexpr (is_optional<std::remove_cvref_t<decltype(item)>>) {
        if (!item) return;
      }
      object.emplace(member.name, to_json(given(item)));
    });
    return object;
  } else {
    return json::value(std::forward<T>(value));  // bool, whole numbers, text, JSON itself
  }
}

// ---- from JSON ------------------------------------------------------------------------------------------------------

// Where a value stands in what is read; written out only where there is something to say of it. Lives shorter than what it is part of.
class Place {
 public:
  Place() = default;
  Place(const Place& within, std::string_view name) : within_(&within), name_(name) {}
  Place(const Place& within, std::size_t index) : within_(&within), index_(index) {}

  std::string text() const {
    if (within_ == nullptr) return "";
    const std::string before = within_->text();
    return (before.empty() ? "" : before + "/") + (index_ ? std::to_string(*index_) : std::string(name_));
  }

 private:
  const Place* within_ = nullptr;
  std::string_view name_;
  std::optional<std::size_t> index_;
};

class Reader {
 public:
  enum class Kind { stored, body };
  explicit Reader(Kind kind) : kind_(kind) {}

  template <class T>
  void read(const json::value& from, T& into, const Place& field) {
    if constexpr (is_optional<T>) {
      if (from.is_null()) return into.reset(), void();
      read(from, into.emplace(), field);
    } else if constexpr (std::same_as<T, json::value>) {
      into = from;
    } else if constexpr (std::same_as<T, json::object>) {
      if (!from.is_object()) return complain(field, "must be an object with named values");
      into = from.as_object();
    } else if constexpr (std::same_as<T, bool>) {
      if (!from.is_bool()) return complain(field, "must be true or false");
      into = from.as_bool();
    } else if constexpr (std::integral<T>) {
      boost::json::error_code error;
      const auto number = from.is_double() ? 0 : from.to_number<T>(error);
      if (from.is_double() || error) return complain(field, "must be a whole number");
      into = number;
    } else if constexpr (std::same_as<T, Date> || std::same_as<T, Instant>) {
      read_time(from, into, field);
    } else if constexpr (std::same_as<T, PersonRef>) {
      read(from, into.email, field);
    } else if constexpr (std::same_as<T, std::string>) {
      read_text(from, into, field);
    } else if constexpr (is_vector<T>) {
      if (!from.is_array()) return complain(field, "must be a list");
      into.clear();
      into.reserve(from.get_array().size());
      for (const json::value& item : from.get_array()) {
        const Place place(field, into.size());  // before the item is there: arguments have no order
        read(item, into.emplace_back(), place);
      }
    } else if constexpr (is_map<T>) {
      if (!from.is_object()) return complain(field, "must be an object with named values");
      into.clear();
      for (const auto& [key, item] : from.as_object()) read(item, into[std::string(key)], Place(field, key));
    } else if constexpr (Enum<T>) {
      read_word(from, into, field);
    } else {
      static_assert(Struct<T>, "TRADECASE_FIELDS is missing");
      if (!from.is_object()) return complain(field, "must be an object with named values");
      read_struct(from.get_object(), into, field);
    }
  }

  template <class T>
  void read_struct(const json::object& object, T& into, const Place& field) {
    std::size_t known = 0;
    for_each_member<T>([&](auto member) {
      auto& item = into.*member.pointer;
      if (const auto* found = object.if_contains(member.name)) {
        ++known;
        read(*found, item, Place(field, member.name));
      } else if (kind_ == Kind::body && !is_optional<std::remove_cvref_t<decltype(item)>>) {
        complain(Place(field, member.name), "is needed and is missing");
      }
    });
    if (kind_ == Kind::body && known < object.size()) unknown_fields<T>(object, field);
  }

  std::vector<Problem> problems() && { return std::move(problems_); }

 private:
  void complain(const Place& field, std::string sentence) { problems_.push_back({field.text(), std::move(sentence)}); }

  template <class T>
  void read_time(const json::value& from, T& into, const Place& field) {
    const auto text = from.is_string() ? std::string_view(from.as_string()) : std::string_view();
    if constexpr (std::same_as<T, Date>) {
      const auto date = parse_date(text);
      if (!date) return complain(field, "must be a day that exists, written 2026-12-22 or 12/22/2026");
      into = *date;
    } else {
      const auto instant = parse_instant(text);
      if (!instant) return complain(field, "must be a moment in UTC, written 2026-12-22T15:04:05Z");
      into = *instant;
    }
  }

  void read_text(const json::value& from, std::string& into, const Place& field) {
    if (!from.is_string()) return complain(field, "must be text");
    into = std::string_view(from.as_string());
    if (kind_ == Kind::stored) return;
    if (const auto problem = text_problem(into, text_length_max)) return complain(field, *problem);
    if (into.find_first_not_of(" \t\r\n") == std::string::npos) complain(field, "is needed and is empty");
  }

  template <class T>
  void read_word(const json::value& from, T& into, const Place& field) {
    if (from.is_string() && boost::describe::enum_from_string(std::string(from.as_string()).c_str(), into)) return;
    std::string words;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto word) { words += (words.empty() ? "" : ", ") + std::string(word.name); });
    complain(field, "must be one of: " + words);
  }

  template <class T>
  void unknown_fields(const json::object& object, const Place& field) {
    for (const auto& [key, unused] : object) {
      bool found = false;
      for_each_member<T>([&](auto member) { found = found || key == member.name; });
      if (!found) complain(Place(field, key), "is not a field of this command");
    }
  }

  Kind kind_;
  std::vector<Problem> problems_;
};

// Stored data: a wrong type is a broken store, not an answer.
template <class T>
T from_stored(const json::object& stored) {
  T value{};
  Reader reader(Reader::Kind::stored);
  reader.read_struct(stored, value, {});
  if (const auto problems = std::move(reader).problems(); !problems.empty())
    throw std::runtime_error("stored data: " + problems.front().field + " " + problems.front().sentence);
  return value;
}

template <class T>
struct FromBody {
  T value{};
  std::vector<Problem> problems;
};
template <class T>
FromBody<T> from_body(const json::object& body) {
  FromBody<T> result;
  Reader reader(Reader::Kind::body);
  reader.read_struct(body, result.value, {});
  result.problems = std::move(reader).problems();
  return result;
}

// ---- what a command's fields are called ------------------------------------------------------------------------------

template <class T>
std::string type_name() {
  if constexpr (is_optional<T>)
    return type_name<typename T::value_type>();
  else if constexpr (std::same_as<T, Date>)
    return "date";
  else if constexpr (std::same_as<T, Instant>)
    return "moment";
  else if constexpr (std::same_as<T, PersonRef>)
    return "person";
  else if constexpr (std::same_as<T, bool>)
    return "yes or no";
  else if constexpr (std::integral<T>)
    return "whole number";
  else if constexpr (std::same_as<T, std::string> || Enum<T>)
    return "text";
  else if constexpr (is_vector<T>)
    return "list of " + type_name<typename T::value_type>();
  else
    return "object";
}

template <class T>
std::vector<FieldInfo> fields_of() {
  std::vector<FieldInfo> fields;
  for_each_member<T>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
    fields.push_back({member.name, type_name<Field>(), !is_optional<Field>});
  });
  return fields;
}

}  // namespace described
}  // namespace tradecase
