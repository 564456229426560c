// A QR code as a picture of the page, for what a telephone reads from the screen.
#pragma once

#include <string>
#include <string_view>

namespace tradecase::http {

// An <svg> to stand in HTML as it is: one path of dark modules on white, with the quiet zone of four modules; `title` names it to who does
// not see it. Throws std::runtime_error for a text that no code holds (some 2,300 bytes).
std::string qr_svg(std::string_view text, std::string_view title);

}  // namespace tradecase::http
