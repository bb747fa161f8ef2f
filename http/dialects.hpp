#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace darkroom::http {

/// Which other services the HTTP API speaks like, so that their clients need not be changed.
struct Dialects {
  bool django = false;   ///< See DjangoDialect.
  bool upload = false;   ///< See UploadDialect.
  bool fastapi = false;  ///< See FastApiDialect.

  /// Reads a list of their names with commas between them; an empty one is none of them. The error
  /// is what stands there that is no such name.
  [[nodiscard]] static tl::expected<Dialects, std::string> parse(std::string_view list);
};

}  // namespace darkroom::http
