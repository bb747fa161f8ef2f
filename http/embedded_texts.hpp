#pragma once

#include <span>
#include <string_view>

namespace darkroom::http {

/// A file of the source that was compiled into the program.
struct EmbeddedText {
  std::string_view name;  ///< "openapi/jobs.json".
  std::string_view text;
};

/// Every one, in the order of http/CMakeLists.txt.
[[nodiscard]] std::span<const EmbeddedText> embedded_texts();

}  // namespace darkroom::http
