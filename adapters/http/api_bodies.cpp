#include "adapters/http/api_bodies.hpp"

#include <iterator>

#include "adapters/http/api.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t body_text_bytes_max = 4'000;

}  // namespace

void BodyReader::wrong(const std::string& name, const char* message) { errors_.push_back(error_at(at_ + "/" + name, "invalid", message)); }

const json::value* BodyReader::find(const char* name, bool needed) {
  known_.insert(name);
  const json::value* found = body_.if_contains(name);
  if (found != nullptr && !found->is_null()) return found;
  if (needed) errors_.push_back(error_at(at_ + "/" + name, "missing", "is needed"));
  return nullptr;
}

std::string BodyReader::text(const char* name, bool needed) {
  const json::value* found = find(name, needed);
  if (found == nullptr) return "";
  if (found->is_string() && !text_problem(found->get_string(), body_text_bytes_max)) return trimmed(found->get_string());
  wrong(name, "must be text of at most 4000 bytes");
  return "";
}

std::optional<std::int64_t> BodyReader::whole(const char* name) {
  const json::value* found = find(name, false);
  if (found == nullptr) return std::nullopt;
  if (found->is_int64() && found->get_int64() >= 0) return found->get_int64();
  wrong(name, "must be a whole number, 0 or more");
  return std::nullopt;
}

std::int64_t BodyReader::needed_whole(const char* name) { return find(name, true) == nullptr ? 0 : whole(name).value_or(0); }

bool BodyReader::yes(const char* name) {
  const json::value* found = find(name, false);
  if (found == nullptr) return false;
  if (found->is_bool()) return found->get_bool();
  wrong(name, "must be true or false");
  return false;
}

std::optional<Date> BodyReader::day(const char* name) {
  const json::value* found = find(name, false);
  if (found == nullptr) return std::nullopt;
  const auto day = found->is_string() && found->get_string().size() == 10 && found->get_string()[4] == '-' ? parse_date(found->get_string())
                                                                                                           : std::nullopt;
  if (!day) wrong(name, "must be a day that exists, written 2026-12-22");
  return day;
}

json::array BodyReader::texts(const char* name) {
  const json::value* found = find(name, false);
  if (found == nullptr) return {};
  const json::array* list = found->if_array();
  bool fits = list != nullptr;
  if (fits)
    for (const json::value& one : *list) fits = fits && one.is_string() && !text_problem(one.get_string(), body_text_bytes_max);
  if (fits) return *list;
  wrong(name, "must be a list of texts");
  return {};
}

json::object BodyReader::object(const char* name) {
  const json::value* found = find(name, true);
  if (found == nullptr) return {};
  if (found->is_object()) return found->get_object();
  wrong(name, "must be an object");
  return {};
}

json::array BodyReader::objects(const char* name) {
  const json::value* found = find(name, false);
  if (found == nullptr) return {};
  const json::array* list = found->if_array();
  bool fits = list != nullptr;
  if (fits)
    for (const json::value& one : *list) fits = fits && one.is_object();
  if (fits) return *list;
  wrong(name, "must be a list of objects");
  return {};
}

void BodyReader::refuse_unknown() {
  for (const auto& [name, ignored] : body_)
    if (!known_.contains(std::string_view(name)))
      errors_.push_back(error_at(at_ + "/" + std::string(name), "unknown", "is not a field of this body"));
}

void BodyReader::take(BodyReader& inner) {
  inner.refuse_unknown();
  for (json::value& one : inner.errors_) errors_.push_back(std::move(one));
  inner.errors_.clear();
}

void BodyReader::stop(const Visit& visit) {
  refuse_unknown();
  if (!errors_.empty())
    throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors_)}});
}

}  // namespace tradecase::http
