// Each act of the API once: its key, the hash of what was asked and the answer are kept in the act's own transaction.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/api_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string hash_of(const Visit& visit, const json::object& body) {
  return sha256_hex("POST " + visit.request.path + "\n" + json::serialize(body));
}

Response answered(const Visit& visit, const json::value& answer, int status) {
  Response response = visit.json_answer(answer, status);
  if (status == 201) response.set("Location", std::string(answer.as_object().at("href").as_string()));
  return response;
}

// What was answered under this key before. ApiProblem 422 where the key stands for another act.
std::optional<json::value> find_before(const Visit& visit, Session& session, const std::string& key, const std::string& hash) {
  const auto receipt = find_receipt(session, visit.visitor.person.id, key);
  if (!receipt) return std::nullopt;
  const auto kept = receipt->body_hash == hash ? find_api_answer(session, visit.visitor.person.id, key) : std::nullopt;
  if (!kept)
    throw ApiProblem(422, "key_reused", visit.say("This idempotency key was used for another act before. Use a new key for a new act."));
  return json::parse(*kept);
}

// The receipt keeps the key from being used for a command.
void keep(const Visit& visit, Transaction& tx, const std::string& key, const std::string& hash, json::value answer,
          std::string_view shown_once) {
  if (!shown_once.empty()) answer.as_object()[shown_once] = nullptr;
  const Instant now = visit.engine.now();
  save_receipt(tx, visit.visitor.person.id, key, hash, Receipt{"", "api", 0, "", "", now}, now);
  save_api_answer(tx, visit.visitor.person.id, key, json::serialize(answer));
}

}  // namespace

Response once(const Visit& visit, const json::object& body, const std::function<json::value(Transaction&)>& act, int status,
              std::string_view shown_once) {
  const std::string key = key_or_stop(visit), hash = hash_of(visit, body);
  json::value answer;
  visit.engine.database().write([&](Transaction& tx) {
    if (auto before = find_before(visit, tx, key, hash)) {
      answer = std::move(*before);
      return;
    }
    answer = act(tx);
    keep(visit, tx, key, hash, answer, shown_once);
  });
  return answered(visit, answer, status);
}

Response once_outside(const Visit& visit, const json::object& body, const std::function<json::value()>& act) {
  const std::string key = key_or_stop(visit), hash = hash_of(visit, body);
  if (auto before = visit.engine.database().read([&](Session& session) { return find_before(visit, session, key, hash); }))
    return answered(visit, *before, 200);
  json::value answer = act();
  visit.engine.database().write([&](Transaction& tx) {
    if (auto before = find_before(visit, tx, key, hash))
      answer = std::move(*before);
    else
      keep(visit, tx, key, hash, answer, "");
  });
  return answered(visit, answer, 200);
}

Fields read_fields(const Visit& visit, const json::object& body, std::initializer_list<BodyField> known) {
  constexpr std::size_t text_bytes_max = 4'000;
  Fields fields;
  json::array errors;
  for (const BodyField& field : known) {
    const auto* value = body.if_contains(field.name);
    if (value == nullptr) {
      if (field.needed) errors.push_back(error_at("/" + std::string(field.name), "missing", "is needed"));
    } else if (!value->is_string() || text_problem(value->get_string(), text_bytes_max)) {
      errors.push_back(error_at("/" + std::string(field.name), "invalid", "must be text of at most 4000 bytes"));
    } else {
      fields.add(std::string(field.name), std::string(value->get_string()));
    }
  }
  for (const auto& [name, ignored] : body)
    if (std::ranges::none_of(known, [&](const BodyField& field) { return field.name == std::string_view(name); }))
      errors.push_back(error_at("/" + std::string(name), "unknown", "is not a field of this body"));
  if (!errors.empty())
    throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors)}});
  return fields;
}

json::object read_nothing(const Visit& visit) {
  if (visit.request.body.empty()) return {};
  json::object body = read_object(visit);
  read_fields(visit, body, {});
  return body;
}

void stop_at(const Visit& visit, const std::vector<Problem>& problems) {
  if (problems.empty()) return;
  json::array errors;
  for (const Problem& problem : problems) errors.push_back(error_at("/" + problem.field, "guard", problem.sentence));
  throw ApiProblem(422, "guard", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors)}});
}

std::int64_t id_or_stop(const Visit& visit, std::string_view name) { return number_or_stop(visit, visit.params.find(name)->second); }

}  // namespace tradecase::http
