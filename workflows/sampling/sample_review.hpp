// A sample that was looked at: which of its rows enter a projection with which errors, and the projection that its method asks for.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/sampling/projection.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

using RowErrors = std::map<std::int64_t, std::vector<ItemError>>;

// The rows drawn and not dropped, with their errors; what was added by hand is none of them. A fault for errors of a row that is none.
std::variant<std::vector<ReviewedItem>, SamplingFault> reviewed_items(Session& session, const Sample& sample, const SampleRecord& record,
                                                                      RowErrors errors);

struct SideProjection {
  ErrorSide side = ErrorSide::net;
  Projection figures;
};
std::string_view name_of(ErrorSide side);  // net, overstated, understated

// Over- and understatements each alone; and the net of both where the method knows one: a monetary unit sample has Stringer's bound alone,
// whatever estimator is named.
std::variant<std::vector<SideProjection>, SamplingFault> project_sample(Session& session, const Sample& sample, const SampleRecord& record,
                                                                        const std::vector<ReviewedItem>& items, Estimator estimator,
                                                                        Rate confidence);

}  // namespace tradecase
