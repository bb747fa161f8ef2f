#pragma once

#include <cstdint>

namespace darkroom::persistence {

/// Why a signed URL is refused.
enum class UrlRefusal : std::uint8_t {
  bad,      ///< It is not signed by us, or for something else.
  expired,  ///< It was good until a while ago.
};

}  // namespace darkroom::persistence
