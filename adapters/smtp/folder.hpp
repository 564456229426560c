// Mail into a folder: for a machine without a mail server, and for reading what would have gone out.
#pragma once

#include <filesystem>

#include "engine/delivery.hpp"

namespace tradecase {

// Writes message_bytes() to FOLDER/<message id>.eml, whole or not at all, and on disk before it answers; makes the folder.
//   sent         the file is there; also when it was there before with the same content
//   given_up     why_unsendable(), or another content is there under this message id
//   retry_later  the file could not be written (disk full, no permission)
// Call it from one thread, and one process, at a time.
Sender folder_sender(std::filesystem::path folder);

}  // namespace tradecase
