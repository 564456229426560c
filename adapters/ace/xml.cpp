#include "adapters/ace/xml.hpp"

#include <expat.h>

#include <exception>
#include <utility>

#include "adapters/ace/archive.hpp"

namespace tradecase::xlsx {
namespace {

std::string_view local(std::string_view name) { return name.substr(name.rfind(':') + 1); }

}  // namespace

std::string_view Attributes::find(std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2)
    if (name == pair[0]) return pair[1];
  return {};
}

std::string_view Attributes::find_local(std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2)
    if (name == local(pair[0])) return pair[1];
  return {};
}

// Expat is C: what a function throws waits here until expat has returned.
struct Xml::Parser {
  Parser(std::string of, XmlEvents what) : part(std::move(of)), events(std::move(what)), expat(XML_ParserCreate(nullptr)) {
    XML_SetUserData(expat, this);
    XML_SetElementHandler(expat, start, end);
    XML_SetCharacterDataHandler(expat, text);
    XML_SetStartDoctypeDeclHandler(expat, doctype);
  }
  ~Parser() { XML_ParserFree(expat); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  template <class F>
  static void guarded(void* self, F&& f) {
    auto& parser = *static_cast<Parser*>(self);
    if (parser.thrown) return;
    try {
      f(parser.events);
    } catch (...) {
      parser.thrown = std::current_exception();
      XML_StopParser(parser.expat, XML_FALSE);
    }
  }
  static void start(void* self, const char* name, const char** attributes) {
    guarded(self, [&](const XmlEvents& to) { to.on_start(local(name), Attributes(attributes)); });
  }
  static void end(void* self, const char* name) {
    guarded(self, [&](const XmlEvents& to) { to.on_end(local(name)); });
  }
  static void text(void* self, const char* bytes, int count) {
    guarded(self, [&](const XmlEvents& to) { to.on_text(std::string_view(bytes, static_cast<std::size_t>(count))); });
  }
  static void doctype(void* self, const char*, const char*, const char*, int) {
    guarded(self, [](const XmlEvents&) {
      throw Refused("The file declares a document type of its own, which no workbook does. It was not read.");
    });
  }

  std::string part;
  XmlEvents events;
  XML_Parser expat;
  std::exception_ptr thrown;
};

Xml::Xml(std::string part, XmlEvents events) : parser_(std::make_shared<Parser>(std::move(part), std::move(events))) {}

void Xml::feed(std::string_view bytes, bool last) {
  const XML_Status status = XML_Parse(parser_->expat, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  if (parser_->thrown) std::rethrow_exception(parser_->thrown);
  if (status == XML_STATUS_OK) return;
  const std::string why = XML_ErrorString(XML_GetErrorCode(parser_->expat));
  const auto line = std::to_string(XML_GetCurrentLineNumber(parser_->expat));
  throw Refused("The workbook is damaged: " + parser_->part + " cannot be read on from line " + line + " (" + why +
                "). Save it again as .xlsx.");
}

}  // namespace tradecase::xlsx
