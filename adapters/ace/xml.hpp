// XML read as a stream of elements and text, without document types, entities of its own or anything from outside.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tradecase::xlsx {

// The attributes of one element; names without their prefix.
class Attributes {
 public:
  explicit Attributes(const char* const* pairs) : pairs_(pairs) {}
  std::string_view find(std::string_view name) const;        // the name as written, a prefix included; empty where it is not there
  std::string_view find_local(std::string_view name) const;  // under any prefix

 private:
  const char* const* pairs_;
};

// Element names come without their prefix. What the functions throw leaves feed().
struct XmlEvents {
  std::function<void(std::string_view name, const Attributes&)> on_start;
  std::function<void(std::string_view name)> on_end;
  std::function<void(std::string_view)> on_text;
};

class Xml {
 public:
  Xml(std::string part, XmlEvents events);       // the part's name, for what is refused
  void feed(std::string_view bytes, bool last);  // throws Refused where this is no well-formed XML
  struct Parser;

 private:
  std::shared_ptr<Parser> parser_;
};

}  // namespace tradecase::xlsx
