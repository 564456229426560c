// Files the pages link to, prepared by tools/assets: content-hashed names, compressed beside the plain ones, kept for a year.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "adapters/http/message.hpp"

namespace tradecase::http {

class Assets {
 public:
  // Reads FOLDER/manifest.json ({"app.css": "app.1f3a9c.css", …}) and every file it names with its .br and .gz.
  // A folder without a manifest gives none: pages then link to nothing. Throws std::runtime_error for a manifest that is broken.
  static Assets load(const std::filesystem::path& folder);

  std::string address(const std::string& name) const;                     // "/assets/app.1f3a9c.css"; "" where there is none
  Response serve(const Request& request, const std::string& file) const;  // throws Fault 404

 private:
  struct File {
    std::string type, plain, brotli, gzip;
  };
  std::map<std::string, std::string> names_;
  std::map<std::string, File> files_;
};

}  // namespace tradecase::http
