#include "adapters/http/assets.hpp"

#include <fstream>
#include <sstream>

#include "engine/json.hpp"

namespace tradecase::http {
namespace {

std::string read_if_there(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  if (in) bytes << in.rdbuf();
  return bytes.str();
}

std::string type_of(const std::string& name) {
  const auto ends = [&](std::string_view suffix) { return name.ends_with(suffix); };
  if (ends(".css")) return "text/css; charset=utf-8";
  if (ends(".js")) return "text/javascript; charset=utf-8";
  if (ends(".svg")) return "image/svg+xml";
  if (ends(".woff2")) return "font/woff2";
  if (ends(".png")) return "image/png";
  if (ends(".ico")) return "image/x-icon";
  return "application/octet-stream";
}

}  // namespace

Assets Assets::load(const std::filesystem::path& folder) {
  Assets assets;
  const std::string manifest = read_if_there(folder / "manifest.json");
  if (manifest.empty()) return assets;
  boost::json::error_code failed;
  const json::value read = json::parse(manifest, failed);
  if (failed || !read.is_object()) throw std::runtime_error((folder / "manifest.json").string() + " is no list of files");
  for (const auto& [name, hashed] : read.get_object()) {
    const std::string file(hashed.as_string());
    assets.names_.emplace(name, file);
    assets.files_[file] = {type_of(file), read_if_there(folder / file), read_if_there(folder / (file + ".br")),
                           read_if_there(folder / (file + ".gz"))};
  }
  return assets;
}

std::string Assets::address(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? "" : "/assets/" + found->second;
}

Response Assets::serve(const Request& request, const std::string& file) const {
  const auto found = files_.find(file);
  if (found == files_.end()) throw Fault(404, "There is no such file.");
  const File& asset = found->second;
  Response response;
  response.type = asset.type;
  const std::string_view takes = request.header("accept-encoding");
  if (!asset.brotli.empty() && takes.find("br") != std::string_view::npos) {
    response.body = asset.brotli;
    response.set("Content-Encoding", "br");
  } else if (!asset.gzip.empty() && takes.find("gzip") != std::string_view::npos) {
    response.body = asset.gzip;
    response.set("Content-Encoding", "gzip");
  } else {
    response.body = asset.plain;
  }
  response.set("Cache-Control", "public, max-age=31536000, immutable").set("Vary", "Accept-Encoding");
  return response;
}

}  // namespace tradecase::http
