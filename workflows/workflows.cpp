#include "workflows/workflows.hpp"

#include "engine/store/schema.hpp"
#include "workflows/annual_notification/annual_notification.hpp"
#include "workflows/application/application.hpp"
#include "workflows/audit/audit.hpp"
#include "workflows/continuation/continuation.hpp"
#include "workflows/entries/entry_store.hpp"
#include "workflows/membership/membership.hpp"
#include "workflows/risk_survey/risk_survey.hpp"
#include "workflows/roster/roster_store.hpp"
#include "workflows/sampling/finding_store.hpp"
#include "workflows/sampling/population_store.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

Workflows all_workflows() {
  return Workflows({
      application(),
      membership(),
      annual_notification(),
      risk_survey(),
      audit(),
      continuation(),
  });
}

std::vector<Migration> all_migrations() {
  auto all = engine_migrations();
  all.push_back({2, "roster rows", roster_tables});
  all.push_back({3, "entry lines", entry_tables});
  return all;
}

std::vector<Migration> later_migrations(int first_number) {
  return {{first_number, "imports of entry lines", entry_import_tables},
          {first_number + 1, "populations", population_tables},
          {first_number + 2, "samples", sample_tables}};
}

std::vector<Migration> finding_migrations(int first_number) { return {{first_number, "findings in samples", finding_tables}}; }

}  // namespace tradecase
