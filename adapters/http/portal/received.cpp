// A7 what a company delivered, item by item: accept it, or return it with a question. And the items as both sides see them.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/delivery_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {

std::vector<DocumentItem> document_items(const Case& on) {
  std::vector<DocumentItem> items;
  for (const json::value& one : array_at(on.data, "items")) {
    if (!one.is_object()) continue;
    const json::object& item = one.get_object();
    items.push_back({{text_of(item, "entry_number"), number_at(item, "line")},
                     text_of(item, "documents"),
                     text_of(item, "delivered"),
                     text_of(item, "not_applicable"),
                     text_of(item, "returned_because"),
                     array_at(item, "files"),
                     array_at(item, "earlier_files"),
                     yes_at(item, "accepted")});
  }
  return items;
}

std::vector<DocumentItem> items_or_stop(const Visit& visit) {
  auto items = document_items(*visit.on);
  if (items.empty()) throw Fault(404, visit.say("No documents are asked for in this case."));
  return items;
}

void stop_unless_answers_here(const Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  if (own == visit.visitor.companies.end() || own->second.empty())
    throw Fault(403, visit.say("Only officers and preparers of the company answer here."));
}

std::string entry_words(const Visit& visit, const EntryNamed& entry) {
  const std::string& number = entry.entry_number;
  const std::string shown = number.size() == 11 ? number.substr(0, 3) + "-" + number.substr(3, 7) + "-" + number.substr(10) : number;
  return visit.say("{}, line {}", shown, entry.line);
}

json::object item_view(const Visit& visit, const DocumentItem& item, const std::vector<CaseFile>& files) {
  const bool returned = item.open() && !item.returned_because.empty();
  json::array sent = file_views(visit, files, item.files), earlier = file_views(visit, files, item.earlier_files);
  const bool any_sent = !sent.empty(), any_earlier = !earlier.empty();
  return {{"entry", entry_words(visit, item.entry)},
          {"asked", item.asked},
          {"note", item.note},
          {"not_applicable", item.not_applicable},
          {"returned", returned ? item.returned_because : ""},
          {"sent", std::move(sent)},
          {"any_sent", any_sent},
          {"earlier", std::move(earlier)},
          {"any_earlier", any_earlier},
          {"is_accepted", item.accepted},
          {"is_returned", returned},
          {"is_delivered", !item.open() && !item.accepted},
          {"is_missing", item.open() && !returned}};
}

namespace {

std::string review_command(const Visit& visit) { return visit.on->workflow == "audit" ? "review_records" : "review_documents"; }

bool may_review(const Visit& visit) {
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  return all != nullptr && std::ranges::any_of(*all, [&](const Permission& one) {
           return one.command == review_command(visit) && one.verdict != Permission::Verdict::no;
         });
}

bool accepts_rest(const Visit& visit) { return visit.form.fields.get("rest") == "accept"; }
bool waits_for_review(const DocumentItem& item) { return !item.open() && !item.accepted; }

// What was decided on an item: "accept", "return", or "" where nothing was.
std::string decision_on(const Visit& visit, const std::vector<DocumentItem>& items, std::size_t i) {
  std::string said(visit.form.fields.get("review." + std::to_string(i)));
  if (said == "accept" || said == "return") return said;
  return accepts_rest(visit) && waits_for_review(items[i]) ? "accept" : "";
}

Response show_received(Visit& visit, const std::string& sentence = "", const json::array& summary = {}, int status = 200) {
  const auto items = items_or_stop(visit);
  const auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, true); });
  const bool may = may_review(visit);
  json::array rows;
  std::size_t accepted = 0, to_read = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string number = std::to_string(i), said(visit.form.fields.get("review." + number));
    const bool readable = waits_for_review(items[i]);
    accepted += items[i].accepted ? 1 : 0;
    to_read += readable ? 1 : 0;
    json::object row = item_view(visit, items[i], files);
    row["may_review"] = may && readable;
    row["field"] = "review." + number;
    row["reason_field"] = "reason." + number;
    row["reason"] = visit.form.fields.get("reason." + number);
    row["accepts"] = said == "accept";
    row["returns"] = said == "return";
    rows.push_back(std::move(row));
  }
  const std::string title = visit.say("Documents received");
  return visit.page("received", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", title},
                     {"sentence", sentence},
                     {"summary", summary},
                     {"accepted", accepted},
                     {"total", items.size()},
                     {"progress", visit.say("{} of {} (item|items) accepted, {} to read", accepted, items.size(), to_read)},
                     {"items", rows},
                     {"may", may && to_read > 0},
                     {"several", to_read > 1},
                     {"rest", accepts_rest(visit)},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    status);
}

std::string stands_now(const Visit& visit, const DocumentItem& item) {
  if (item.accepted) return visit.say("Accepted");
  if (!item.open()) return visit.say("Delivered");
  return item.returned_because.empty() ? visit.say("Missing") : visit.say("Returned: {}", item.returned_because);
}

// Somebody else reviewed, or the company sent more: what stands at each item that was decided on, beside the decision.
Response review_conflict(Visit& visit, const std::string& sentence) {
  const auto before = items_or_stop(visit);
  read_case_again(visit);
  if (!may_review(visit)) return too_late(visit);
  const auto now = items_or_stop(visit);
  if (now.size() != before.size()) return too_late(visit);  // the fields are named by their place
  std::vector<BothVersions> both;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::string number = std::to_string(i), said = decision_on(visit, before, i);
    if (said == "accept") both.push_back({entry_words(visit, now[i].entry), visit.say("Accepted"), stands_now(visit, now[i])});
    if (said == "return")
      both.push_back({entry_words(visit, now[i].entry), visit.say("Returned: {}", trimmed(visit.form.fields.get("reason." + number))),
                      stands_now(visit, now[i])});
  }
  tell_meanwhile(visit, both);
  return show_received(visit, sentence, {}, 412);
}

Response review_received(Visit& visit) {
  const auto items = items_or_stop(visit);
  json::array reviews, summary;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string number = std::to_string(i), said = decision_on(visit, items, i),
                      reason = trimmed(visit.form.fields.get("reason." + number));
    if (said.empty()) continue;
    json::object one{{"entry_number", items[i].entry.entry_number}, {"line", items[i].entry.line}, {"accepted", said == "accept"}};
    if (said == "return" && reason.empty())
      summary.push_back(
          json::object{{"field", "reason." + number},
                       {"sentence", visit.say("{}: write the question with which it is returned.", entry_words(visit, items[i].entry))}});
    if (said == "return") one["reason"] = reason;
    reviews.push_back(std::move(one));
  }
  if (reviews.empty()) summary.push_back(json::object{{"field", "main"}, {"sentence", visit.say("Accept or return at least one item.")}});
  if (!summary.empty()) return show_received(visit, visit.say("Nothing is saved yet."), summary, 422);
  const auto count = reviews.size();
  const Answer answer = visit.send(review_command(visit), {{"items", std::move(reviews)}});
  if (const auto* refusal = std::get_if<Refusal>(&answer); refusal != nullptr && refusal->code == RefusalCode::conflict)
    return review_conflict(visit, refusal->sentence);
  else if (refusal != nullptr)
    return show_received(visit, refusal->sentence, {}, info(refusal->code).http_status == 400 ? 422 : info(refusal->code).http_status);
  return visit.go("/cases/" + visit.on->id + "/received", visit.say("{} (item is|items are) reviewed.", count));
}

}  // namespace

void add_received_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/received", "A7", Access::staff, [](Visit& v) { return show_received(v); },
                    "What the company delivered, item by item"});
  routes.push_back({"POST", "/cases/{case}/received", "A7", Access::staff, review_received, "Accept or return what was delivered"});
}

}  // namespace tradecase::http
