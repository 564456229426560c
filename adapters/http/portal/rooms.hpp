// The rooms of everybody's own pages and of the operator's: what each adds to the routes, and what they share.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_message_routes(Routes& routes);
void add_search_routes(Routes& routes);
void add_people_routes(Routes& routes);
void add_leave_routes(Routes& routes);
void add_record_routes(Routes& routes);
void add_failure_routes(Routes& routes);
void add_rule_routes(Routes& routes);

void add_password_routes(Routes& routes);
void add_oidc_routes(Routes& routes, const std::vector<std::shared_ptr<OidcClient>>& providers);
void add_webhook_routes(Routes& routes);

json::array failed_webhooks(const Visit& visit, Session& session);  // switched off, as the page of failures shows them
std::int64_t webhooks_switched_off(const Visit& visit);             // of the visitor's own and the visitor's companies'

const OidcClient* provider_named(const Visit& visit, std::string_view name);  // of identity; null where there is none
bool is_for(const OidcClient* provider, const Visitor& visitor);              // null is for nobody
json::array provider_views(const Visit& visit);                               // for the sign-in page

// Begins a sign-in of somebody who has proved to be the visitor; `provider`: where, "" here.
Response signed_in(Visit& visit, const Visitor& visitor, std::string_view provider, std::string_view next);

std::string moment_words(const Visit& visit, Instant at);  // "November 22, 2026, 2:14 p.m. Eastern"

// Problems of a form as a page's error summary and at its fields: "problems" for problem_summary, "problem_FIELD" for each of `fields`.
json::object problem_views(const Visit& visit, const std::vector<Problem>& problems, std::initializer_list<const char*> fields);
std::string titled(const Visit& visit, const std::string& title, const std::vector<Problem>& problems);  // "Error: …" where there are some

// A page of the operator's, with its tab (status, people, record, failures, rules) marked.
Response operator_page(const Visit& visit, std::string_view tab, const std::string& name, const std::string& title, json::object fields,
                       int status = 200);

std::int64_t number_or_stop(const Visit& visit, std::string_view text);  // an id of an address or a form; a Fault 404 where it is none

// Of a list that is shown a page at a time: ?page=2.
struct Paging {
  int page = 1;
  int size = 25;
  int offset() const { return (page - 1) * size; }
};
Paging paging_of(const Visit& visit, int size);
// Links to the pages before and after, the rest of the query kept; `more`: there is a page after.
json::object pager_view(const Visit& visit, const Paging& paging, bool more);

}  // namespace tradecase::http
