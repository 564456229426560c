#include "engine/store/store.hpp"

namespace tradecase {

std::optional<StoredReceipt> find_receipt(Session& session, std::string_view actor, std::string_view key) {
  auto row =
      session.row<std::string, std::string>("select body_hash, answer from receipts where actor = :actor and key = :key", {actor, key});
  if (!row) return std::nullopt;
  return StoredReceipt{std::get<0>(*row), answer_from_json(json::parse(std::get<1>(*row)).as_object())};
}

void save_receipt(Transaction& tx, std::string_view actor, std::string_view key, std::string_view body_hash, const Answer& answer,
                  Instant at) {
  tx.session().run("insert into receipts (actor, key, body_hash, answer, at) values (:actor, :key, :body_hash, :answer, :at)",
                   {actor, key, body_hash, json::serialize(to_json(answer)), to_ms(at)});
}

}  // namespace tradecase
