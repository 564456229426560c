// What people and their programs may do to webhooks; the pages and the API both come here.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

inline constexpr std::size_t webhooks_max = 10;  // of a person of the agency, and of a company

// Those the visitor keeps: staff their own, officers their company's, operators all.
std::vector<Webhook> webhooks_of(const Visit& visit, Session& session);
std::vector<std::string> webhook_companies(const Visit& visit);  // for which the visitor may make one; "" stands for the agency

// The one that the address names, as {webhook}. A Fault 404 where there is none, or it is somebody else's.
Webhook webhook_or_stop(const Visit& visit, Session& session);

struct WebhookAsked {
  std::string url, company;
  std::vector<std::string> types;
};
// Why it cannot be made, by field (url, types, company); none where it can.
std::vector<Problem> webhook_problems(const Visit& visit, Session& session, const WebhookAsked& asked);

// Each leaves its line in the record. What is asked must have been checked by the functions above.
Webhook make_webhook(const Visit& visit, Transaction& tx, const WebhookAsked& asked);
void drop_webhook(const Visit& visit, Transaction& tx, const Webhook& webhook);
void give_new_secret(const Visit& visit, Transaction& tx, const Webhook& webhook);  // the old one signs on for a day
void send_test_event(const Visit& visit, Transaction& tx, const Webhook& webhook);
void send_again(const Visit& visit, Transaction& tx, const Webhook& webhook);  // on again; what was given up is tried anew
void tell_sender(const Visit& visit);                                          // after the commit

}  // namespace tradecase::http
