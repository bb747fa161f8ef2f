#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace darkroom::persistence {
class UrlSigner;
}

namespace darkroom::actors {

/// What the coordinator signs URLs with, for nodes that do not reach the files themselves.
struct UrlGrants {
  std::shared_ptr<const persistence::UrlSigner> signer = {};  ///< Null: no such nodes are served.
  std::chrono::milliseconds expiry{};                         ///< How long a URL is good for.
  std::uint64_t max_rendition = 0;                            ///< Bytes that one may have.
  std::uint64_t max_original = 0;  ///< The same of an original that a worker fetched.
};

}  // namespace darkroom::actors
