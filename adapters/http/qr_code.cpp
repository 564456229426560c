#include "adapters/http/qr_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>
#include <stdexcept>

#include "adapters/http/message.hpp"

namespace tradecase::http {
namespace {

constexpr int quiet = 4;

struct FreeCode {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// Each run of dark modules of a row is one rectangle.
std::string dark_path(const QRcode& code) {
  const auto dark = [&](int x, int y) { return (code.data[y * code.width + x] & 1U) != 0; };
  std::string path;
  for (int y = 0; y < code.width; ++y)
    for (int x = 0; x < code.width; ++x) {
      if (!dark(x, y)) continue;
      const int begin = x;
      while (x + 1 < code.width && dark(x + 1, y)) ++x;
      path += fmt::format("M{} {}h{}v1h-{}z", begin + quiet, y + quiet, x + 1 - begin, x + 1 - begin);
    }
  return path;
}

}  // namespace

std::string qr_svg(std::string_view text, std::string_view title) {
  const std::string kept(text);
  const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeString8bit(kept.c_str(), 0, QR_ECLEVEL_M));
  if (!code || kept.empty()) throw std::runtime_error("no QR code holds this text");
  return fmt::format(
      "<svg class=\"tc-qr\" role=\"img\" aria-labelledby=\"qr-title\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">"
      "<title id=\"qr-title\">{1}</title><path fill=\"#fff\" d=\"M0 0h{0}v{0}h-{0}z\"/><path fill=\"#000\" d=\"{2}\"/></svg>",
      code->width + 2 * quiet, html_escaped(title), dark_path(*code));
}

}  // namespace tradecase::http
