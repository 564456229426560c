// What the pages of samples and findings share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/sample_desk.hpp"

namespace tradecase::http {

void add_sample_routes(Routes& routes);   // A4: one sample
void add_drawing_routes(Routes& routes);  // A4: how large, and the draw
void add_finding_routes(Routes& routes);  // A8
void add_finding_item_routes(Routes& routes);

const SampleDesk& sample_desk(const Visit& visit);  // a Fault 404 where the program hands none in
void require_sample_act(const Visit& visit);        // a Fault 403 but for compliance staff and auditors, 409 once the case is closed

// {sample} of the case, at the draw that the query names; a Fault 404.
json::object sample_of(const Visit& visit);
// The zip of a sample at its draw; a Fault 409 where the population's rows are not those that were frozen.
std::string sample_bundle_bytes(const Visit& visit, const json::object& sample);
std::string sample_page(const Visit& visit, std::string_view sample);  // its address

std::string method_words(const Visit& visit, const json::object& draw);  // "simple random, 60 rows"
json::object draw_view(const Visit& visit, const json::object& draw);    // {number, method, rows, reason, who, on}
json::array samples_of_population(const Visit& visit, const std::string& population);

std::string found_words(const Visit& visit, const json::value& finding);  // "overstated by $12.00"; null: not looked at yet

// A line of a form for the part typed_field: what is typed stays, a problem stands at it.
struct TypedField {
  const char* name;
  std::string label, hint;
  const char* mode = "text";  // the keyboard: numeric, decimal
};
json::object field_view(const Fields& typed, const std::vector<Problem>& problems, const TypedField& field);
// The error summary of a page and the status that goes with it.
json::object summary_view(const Visit& visit, const std::vector<Problem>& problems);
std::optional<std::int64_t> whole_typed(const Visit& visit, const char* field, std::vector<Problem>& problems);

// A figure's formula, source, inputs, steps and notes for the part reckoning.
json::object reckoning_view(const json::object& told);

// For the form of an audit's report: the finding that a projection makes, where the query names a sample. Nothing typed otherwise.
Fields report_from_sample(const Visit& visit);

}  // namespace tradecase::http
