#include "engine/case.hpp"

#include <utility>

namespace tradecase {
namespace {
struct RoleName {
  std::string_view code, spoken;
};
constexpr RoleName role_names[] = {
    {"officer", "a company officer"},
    {"preparer", "a preparer of the company"},
    {"nam", "the National Account Manager of this account"},
    {"supervisor", "a supervisor"},
    {"compliance", "Trade Compliance staff"},
    {"auditor", "a Regulatory Audit auditor"},
    {"appeals", "the appeals desk"},
    {"admin", "the operator"},
    {"timer", "the system's clock"},
};
static_assert(std::size(role_names) == all_roles.size());
}  // namespace

std::string_view to_text(Role role) { return role_names[static_cast<std::size_t>(role)].code; }
std::string_view spoken(Role role) { return role_names[static_cast<std::size_t>(role)].spoken; }

std::optional<Role> parse_role(std::string_view code) {
  for (const Role role : all_roles)
    if (to_text(role) == code) return role;
  return std::nullopt;
}

}  // namespace tradecase
