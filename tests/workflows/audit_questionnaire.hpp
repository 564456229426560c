// The audit's questionnaire in its tests: what is on file, what a company says, and the rows of the table.
#pragma once

#include "tests/workflows/rows.hpp"

namespace tradecase::testing::audit_questionnaire {

std::vector<Fact> on_file();                     // three answers of an annual notification letter
json::array replies(const json::object& data);   // confirms what is on file and answers the rest
json::object answers(const json::object& data);  // those, signed
// `fresh`: an audit in that state without a questionnaire. With one built, and out with the company.
Story built(Story fresh);
Story sent(Story fresh);
std::vector<Row> rows(const std::string& state, const Story& fresh);

}  // namespace tradecase::testing::audit_questionnaire
