#include "adapters/http/portal/letter_paper.hpp"

#include <iostream>

#include "engine/store/papers.hpp"

namespace tradecase::http {

Response letter_as_pdf(Visit& visit, const std::string& hash) {
  Response response;
  try {
    response.body = paper_of(visit.engine, hash, visit.portal.wiring().paper).value();
  } catch (const PaperFailure& failure) {
    std::cerr << json::serialize(
                     json::object{{"level", "error"}, {"request", visit.request.id}, {"letter", hash}, {"failure", failure.what()}})
              << std::endl;
    throw Fault(503, visit.say("The PDF cannot be made just now. The letter for printing says the same."));
  }
  response.type = "application/pdf";
  return response.set("Content-Disposition", "attachment; filename=\"letter-" + hash.substr(0, 12) + ".pdf\"");
}

}  // namespace tradecase::http
