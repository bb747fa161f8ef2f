#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"

namespace darkroom::persistence {

/// What an API key allows; each takes in the ones before it.
enum class KeyScope : std::uint8_t {
  read,   ///< To see the jobs and files of its tenant.
  write,  ///< To make, change and remove them.
  admin,  ///< To do so with those of every tenant, and to see how the service stands.
};

[[nodiscard]] std::string_view to_string(KeyScope scope);
[[nodiscard]] std::optional<KeyScope> parse_key_scope(std::string_view text);

/// An API key as it is kept. A key is "dk_", its id, "_", and 32 random bytes in base64url (RFC
/// 4648): of the last nothing is kept but in the hash of all of it. It needs no slow one, since
/// 256 random bits cannot be guessed, and a slow one for each request could be used to stop the
/// service.
struct ApiKey {
  std::string id;      ///< 12 lower-case hex digits.
  std::string name;    ///< What operators call it.
  std::string sha256;  ///< Of the whole key, 64 hex digits.
  std::string tenant;  ///< Whose jobs it makes and sees; several keys may have the same.
  KeyScope scope = KeyScope::read;
  jobs::Timestamp created_at;
  std::optional<jobs::Timestamp> revoked_at = {};

  friend bool operator==(const ApiKey&, const ApiKey&) = default;
};

/// In the order in which they were made. Revoked ones stay among them, so that operators see what
/// there was, and the service does not open itself when the last one is revoked.
using ApiKeys = std::vector<ApiKey>;

/// More are not kept.
inline constexpr std::size_t most_api_keys = 1'000;

/// The name under which the store keeps them (JobStore::text).
inline constexpr std::string_view api_keys_text = "keys";

struct MadeApiKey {
  ApiKey stored;
  std::string secret;  ///< The key itself.
};

/// What is wrong with the name of a key, or of a tenant; empty where nothing is.
[[nodiscard]] std::string fault_of_key_name(std::string_view name);
[[nodiscard]] std::string fault_of_tenant(std::string_view tenant);

/// A new one. With an empty tenant it is one of its own, called as its id.
[[nodiscard]] MadeApiKey make_api_key(std::string name, KeyScope scope, std::string tenant,
                                      jobs::Timestamp now);

/// The id in a text that has the form of a key.
[[nodiscard]] std::optional<std::string> id_of_api_key(std::string_view secret);

/// Whether this text is that key. Takes the same time whatever the text has in common with it.
[[nodiscard]] bool is_api_key(const ApiKey& key, std::string_view secret);

[[nodiscard]] std::string encode_api_keys(const ApiKeys& keys);

/// Reads what encode_api_keys() wrote, or an empty text: no keys. The error is a sentence.
[[nodiscard]] tl::expected<ApiKeys, std::string> decode_api_keys(std::string_view text);

/// Tells one text of encode_api_keys() from another. By its content, so that it is right where a
/// backup is restored too. Never 0.
[[nodiscard]] std::uint64_t version_of_api_keys(std::string_view text);

}  // namespace darkroom::persistence
