// Files as people send them, and as people should not: made here, so that no such file lies in the repository.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradecase::testing {

using Members = std::vector<std::pair<std::string, std::string>>;  // name, bytes

std::string zip_of(const Members& members, const std::string& password = "");
std::string docx_of(const Members& more = {});  // a small document; `more` parts beside
std::string xlsx_of(const Members& more = {});
std::string pdf_of(std::string_view text);
std::string png_of();
std::string jpeg_of();
std::string tiff_of();
std::string exe_of();  // begins as programs for Windows do

}  // namespace tradecase::testing
