#include "adapters/http/portal/sheet_answer.hpp"

#include <algorithm>

namespace tradecase::http {

Response sheet_answer(const Visit& visit, const Sheet& sheet) {
  Response response;
  std::string ending = ".csv";
  if (visit.request.path.ends_with(".xlsx")) {
    if (!visit.portal.wiring().workbook) throw Fault(404, visit.say("There is no such list."));
    ending = ".xlsx";
    response.type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    response.body = visit.portal.wiring().workbook(sheet);
  } else {
    response.type = "text/csv; charset=utf-8";
    response.body = csv_of(sheet);
  }
  return response.set("Content-Disposition", "attachment; filename=\"" + sheet.name + ending + "\"");
}

void add_sheet_routes(Routes& routes, const std::string& path, Access access, const Handler& handler, const std::string& summary) {
  routes.push_back({"GET", path + ".csv", "", access, handler, summary + " as CSV"});
  routes.push_back({"GET", path + ".xlsx", "", access, handler, summary + " as an Excel file"});
}

std::string sheet_address(const std::string& page, std::string_view ending) {
  const auto query = std::min(page.find('?'), page.size());
  return page.substr(0, query) + "." + std::string(ending) + page.substr(query);
}

}  // namespace tradecase::http
