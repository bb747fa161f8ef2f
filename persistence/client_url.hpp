#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/signing_key.hpp"
#include "persistence/url_refusal.hpp"

namespace darkroom::persistence {

/// Gives out URLs by which whoever has one may GET a file for some time, and knows them again. They
/// are for clients; those that nodes reach files by are of UrlSigner, and good for nothing here.
///
/// A URL is a path with `expires=1767225600&signature=<64 hex digits>` in its query, `expires` in
/// seconds since 1970. The signature is the HMAC-SHA256 of these lines, each with a line feed at
/// its end:
///
///   darkroom-client-1
///   <path, free of percent-encoding>
///   <expires>
///
/// The key follows from the coordinator's signing key, so ingest nodes can be told it: who has it
/// can read files, and not write or remove them.
///
/// Immutable.
class ClientUrls {
 public:
  using Parameters = std::multimap<std::string, std::string>;

  [[nodiscard]] static SigningKey key_from(const SigningKey& signing_key);

  /// `key` is one of key_from().
  explicit ClientUrls(const SigningKey& key) : key_(key) {}

  /// `path` has no query and nothing that would be percent-encoded.
  [[nodiscard]] std::string sign(std::string_view path, jobs::Timestamp expires_at) const;

  /// Until when the URL is good. `path` and `parameters` are free of percent-encoding; parameters
  /// beside the two are not looked at.
  [[nodiscard]] tl::expected<jobs::Timestamp, UrlRefusal> verify(std::string_view path,
                                                                 const Parameters& parameters,
                                                                 jobs::Timestamp now) const;

  /// Whether a query claims to be signed.
  [[nodiscard]] static bool is_signed(const Parameters& parameters);

 private:
  [[nodiscard]] std::string signature(std::string_view path, std::string_view expires) const;

  SigningKey key_;
};

/// The key of a node's ClientUrls, once the node has it: an ingest node is told by its coordinator.
/// Thread-safe.
class ClientUrlKey {
 public:
  ClientUrlKey() = default;
  explicit ClientUrlKey(const SigningKey& key) : key_(key) {}

  void set(const SigningKey& key);

  /// Nothing until there is a key.
  [[nodiscard]] std::optional<ClientUrls> urls() const;

 private:
  mutable std::mutex mutex_;
  std::optional<SigningKey> key_;
};

}  // namespace darkroom::persistence
