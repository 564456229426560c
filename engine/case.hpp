// The nouns of the engine: a case, the company it is about, the people who act on it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"

namespace tradecase {

// Who may do what is said by role (domain.md §3). `timer` is the system's clock: nobody signs in as it.
enum class Role : std::uint8_t { officer, preparer, nam, supervisor, compliance, auditor, appeals, admin, timer };
inline constexpr std::array all_roles{Role::officer, Role::preparer, Role::nam,   Role::supervisor, Role::compliance,
                                      Role::auditor, Role::appeals,  Role::admin, Role::timer};

std::string_view to_text(Role role);  // its code: "nam"
std::string_view spoken(Role role);   // as a sentence calls it: "the National Account Manager"
std::optional<Role> parse_role(std::string_view code);

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ = static_cast<std::uint16_t>(bits_ | bit(role)); }
  constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  constexpr bool any_of(RoleSet others) const { return (bits_ & others.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint16_t bit(Role role) { return static_cast<std::uint16_t>(1U << static_cast<unsigned>(role)); }
  std::uint16_t bits_ = 0;
};

struct Person {
  std::string id;  // P-000012: stands for the person in the record, for ever
  std::string email;
  std::string name;
  std::string title;
  std::string phone;
  std::optional<Date> departed_on;
};

// Somebody, with the roles held towards one company on one day. On behalf of: whose delegate acts here, else empty.
struct Actor {
  std::string id;
  std::string name;
  std::string title;
  RoleSet roles;
  std::string on_behalf_of;
  bool staff = false;  // of the agency: may know that the company exists
  bool is_timer() const { return roles.has(Role::timer); }
};

struct Company {
  std::string id;
  std::string legal_name;
  std::string dba;
  std::string program;          // ISA, CTPAT-TC, or empty for an applicant
  std::string security_tier;    // I, II, III: CTPAT Security's, not ours
  std::string security_status;  // good_standing, suspended, removed
  std::string entity_kind;
  std::string center;
  std::string nam;  // person id; empty while nobody is assigned
  std::optional<Date> acceptance_date;
  std::optional<Date> last_anl_accepted_on;  // as carried over by the roster
  std::vector<std::string> ior_numbers;
};

// One application, year's notification, survey, audit … The row is the truth.
struct Case {
  std::string id;  // TC-2026-000001
  std::string workflow;
  std::string company;  // company id
  int cycle = 0;        // which year or interval it is; 0 where the workflow has none
  std::string state;    // by name, for ever; "" before the command that opens it
  std::int64_t version = 0;
  json::object data;
  Instant opened_at{};
  std::string leaf;  // leaf hash (hex) of its last event; 64 zeros at first
  bool open = true;
};

// What other cases of the company look like to a guard.
struct CaseSummary {
  std::string id;
  std::string workflow;
  std::string state;
  int cycle = 0;
};

// What a company has told, where, and when (domain.md §5.1).
struct Fact {
  std::string key;
  json::value value;
  Date as_of;
  std::string source;  // the document it comes from: "annual notification, cycle 2"
  std::string section;
  std::string case_id;
  std::string recorded_by;  // person id
};

}  // namespace tradecase
