// Mails that belong to no case: they go the outbox's way as letters' mails do, retried and shown where they fail.
#pragma once

#include <string_view>
#include <vector>

#include "engine/delivery.hpp"
#include "engine/store/store.hpp"

namespace tradecase {

std::vector<Migration> notice_migrations(int first_number);

// In the commit of what it tells. `message` has its id, recipient, subject, text and HTML; one id is used once.
void queue_notice(Transaction& tx, std::string_view to_person, const Message& message, Instant at);

}  // namespace tradecase
