// The items of a request for documents, as both sides' pages show them.
#pragma once

#include "adapters/http/file_names.hpp"
#include "adapters/http/uploads.hpp"

namespace tradecase::http {

struct DocumentItem {
  EntryNamed entry;
  std::string asked, note, not_applicable, returned_because;
  json::array files, earlier_files;  // hashes
  bool accepted = false;

  bool open() const { return note.empty() && not_applicable.empty() && files.empty(); }
  std::string key() const { return entry.entry_number + "/" + std::to_string(entry.line); }
};

std::vector<DocumentItem> document_items(const Case& on);
std::vector<DocumentItem> items_or_stop(const Visit& visit);  // Fault 404 where no documents are asked for
void stop_unless_answers_here(const Visit& visit);            // Fault 403 for who is no officer or preparer of the company

std::string entry_words(const Visit& visit, const EntryNamed& entry);  // "ABC-1234567-8, line 1"
// What both sides see: entry, asked, note, files, status and its badge.
json::object item_view(const Visit& visit, const DocumentItem& item, const std::vector<CaseFile>& files);

void add_delivery_routes(Routes& routes);  // delivery.cpp
void add_received_routes(Routes& routes);  // received.cpp

}  // namespace tradecase::http
