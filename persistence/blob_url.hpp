#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/signing_key.hpp"
#include "persistence/url_refusal.hpp"

namespace darkroom::persistence {

/// What a URL lets its bearer do with one blob. The values travel between nodes: append only.
enum class BlobMethod : std::uint8_t {
  get,     ///< GET and HEAD.
  put,     ///< PUT of up to so many bytes.
  remove,  ///< DELETE.
};

/// "GET", "PUT" or "DELETE"; "unknown" for a value outside the enumeration.
[[nodiscard]] std::string_view to_string(BlobMethod method);

/// Where the data plane has its files; behind these follow a blob's key, and a watermark's name.
inline constexpr std::string_view blob_path = "/blobs/";
inline constexpr std::string_view watermark_path = "/watermarks/";

/// Gives out URLs that let their bearer do one thing with one file for some time, and knows them
/// again. It is the coordinator that signs and that verifies: the key never leaves it, and only its
/// clock counts.
///
/// A URL is a path with a query, "/blobs/<key>?method=PUT&expires=1767225600&limit=1048576&
/// signature=<64 hex digits>": `expires` in seconds since 1970 and `limit`, of PUT alone, in bytes.
/// The signature is the HMAC-SHA256 (RFC 2104, FIPS 198-1) of these lines, each with a line feed at
/// its end, as they stand in the URL:
///
///   darkroom-url-1
///   <method>
///   <path, free of percent-encoding>
///   <expires>
///   <limit; an empty line where there is none>
///
/// None of the fields can hold a line feed, so no two URLs have the same text.
///
/// Thread-safe.
class UrlSigner {
 public:
  using Parameters = std::multimap<std::string, std::string>;

  explicit UrlSigner(const SigningKey& key) : key_(key) {}

  /// `key` must be one that is_blob_key() accepts. `limit` is the most bytes that a PUT may have;
  /// other methods ignore it.
  [[nodiscard]] std::string sign(BlobMethod method, std::string_view key,
                                 jobs::Timestamp expires_at, std::uint64_t limit = 0) const;

  /// GET of the image of a watermark.
  [[nodiscard]] std::string sign_watermark(std::string_view name, jobs::Timestamp expires_at) const;

  /// What a URL allows.
  struct Grant {
    std::uint64_t limit = 0;  ///< Bytes of a PUT.
  };

  /// Whether a request may be done. `method` is that of the request, where HEAD passes for GET;
  /// `path` and `parameters` are free of percent-encoding. What is not a blob's key or a
  /// watermark's name is refused, signed or not; so are parameters that are not ours.
  [[nodiscard]] tl::expected<Grant, UrlRefusal> verify(std::string_view method,
                                                       std::string_view path,
                                                       const Parameters& parameters,
                                                       jobs::Timestamp now) const;

 private:
  [[nodiscard]] std::string sign_path(BlobMethod method, const std::string& path,
                                      jobs::Timestamp expires_at, const std::string& limit) const;
  [[nodiscard]] std::string signature(std::string_view method, std::string_view path,
                                      std::string_view expires, std::string_view limit) const;

  SigningKey key_;
};

}  // namespace darkroom::persistence
