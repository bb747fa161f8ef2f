#include "persistence/api_keys.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <openssl/evp.h>
#include <rapidjson/document.h>

#include "jobs/enum_names.hpp"
#include "jobs/random.hpp"
#include "json/json_writer.hpp"
#include "json/utf8.hpp"
#include "persistence/hex.hpp"
#include "persistence/hmac_sha256.hpp"
#include "persistence/sha256.hpp"
#include "persistence/text_schema.hpp"

namespace darkroom::persistence {
namespace {

constexpr int api_keys_schema = 1;

constexpr std::string_view prefix = "dk_";
constexpr std::size_t id_bytes = 6;
constexpr std::size_t id_digits = 2 * id_bytes;
constexpr std::size_t random_bytes = 32;
constexpr std::size_t base64_digits = 43;  ///< Without the padding, which is always one "=".
constexpr std::size_t key_size = prefix.size() + id_digits + 1 + base64_digits;

constexpr auto scope_names = jobs::enum_names<KeyScope>("read", "write", "admin");

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_';
}

std::string random_id() {
  std::array<std::uint8_t, id_bytes> bytes{};
  jobs::fill_random(bytes);
  return to_hex(bytes);
}

std::string random_base64url() {
  std::array<std::uint8_t, random_bytes> bytes{};
  jobs::fill_random(bytes);
  std::array<unsigned char, base64_digits + 2> digits{};
  EVP_EncodeBlock(digits.data(), bytes.data(), static_cast<int>(bytes.size()));
  std::string text{reinterpret_cast<const char*>(digits.data()), base64_digits};
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

std::string sha256_of(std::string_view text) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span{text}));
  return hash.finish();
}

std::optional<std::string> read_text(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString()) return std::nullopt;
  return std::string{member->value.GetString(), member->value.GetStringLength()};
}

std::optional<ApiKey> read_key(const rapidjson::Value& object) {
  if (!object.IsObject()) return std::nullopt;
  auto id = read_text(object, "id");
  auto name = read_text(object, "name");
  auto sha256 = read_text(object, "sha256");
  auto tenant = read_text(object, "tenant");
  const auto scope = parse_key_scope(read_text(object, "scope").value_or(""));
  const auto created_at = jobs::parse_rfc3339(read_text(object, "created_at").value_or(""));
  const auto revoked = object.FindMember("revoked_at");
  if (!id || !name || !sha256 || !tenant || !scope || !created_at ||
      revoked == object.MemberEnd() || !parse_hex_sha256(*sha256)) {
    return std::nullopt;
  }
  ApiKey key{.id = std::move(*id),
             .name = std::move(*name),
             .sha256 = std::move(*sha256),
             .tenant = std::move(*tenant),
             .scope = *scope,
             .created_at = *created_at};
  // What cannot be read must not pass for a key that was not revoked.
  if (!revoked->value.IsNull()) {
    key.revoked_at = jobs::parse_rfc3339(read_text(object, "revoked_at").value_or(""));
    if (!key.revoked_at) return std::nullopt;
  }
  return key;
}

}  // namespace

std::string_view to_string(KeyScope scope) {
  return scope_names.name(scope);
}

std::optional<KeyScope> parse_key_scope(std::string_view text) {
  return scope_names.parse(text);
}

std::string fault_of_key_name(std::string_view name) {
  constexpr std::size_t longest = 100;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; };
  if (!name.empty() && name.size() <= longest && std::ranges::none_of(name, is_control) &&
      json::repaired_utf8(name) == name) {
    return {};
  }
  return "The name of a key has 1 to 100 bytes of UTF-8 without control characters.";
}

std::string fault_of_tenant(std::string_view tenant) {
  constexpr std::size_t longest = 64;
  const auto fits = [](char c) { return is_plain(c) || c == '.'; };
  if (!tenant.empty() && tenant.size() <= longest && std::ranges::all_of(tenant, fits)) return {};
  return "The name of a tenant has 1 to 64 letters, digits, dots, hyphens and underscores, of "
         "ASCII.";
}

MadeApiKey make_api_key(std::string name, KeyScope scope, std::string tenant, jobs::Timestamp now) {
  std::string id = random_id();
  std::string secret = std::string{prefix} + id + "_" + random_base64url();
  return {.stored = {.id = id,
                     .name = std::move(name),
                     .sha256 = sha256_of(secret),
                     .tenant = tenant.empty() ? id : std::move(tenant),
                     .scope = scope,
                     .created_at = now},
          .secret = std::move(secret)};
}

std::optional<std::string> id_of_api_key(std::string_view secret) {
  if (secret.size() != key_size || !secret.starts_with(prefix)) return std::nullopt;
  const auto id = secret.substr(prefix.size(), id_digits);
  const auto rest = secret.substr(prefix.size() + id_digits);
  if (!std::ranges::all_of(id, is_hex_digit) || rest.front() != '_' ||
      !std::ranges::all_of(rest.substr(1), is_plain)) {
    return std::nullopt;
  }
  return std::string{id};
}

bool is_api_key(const ApiKey& key, std::string_view secret) {
  return equal_in_constant_time(key.sha256, sha256_of(secret));
}

std::string encode_api_keys(const ApiKeys& keys) {
  json::JsonWriter out;
  out.member("schema", api_keys_schema);
  out.list("keys", keys, [&](const ApiKey& key) {
    out.member("id", key.id);
    out.member("name", key.name);
    out.member("sha256", key.sha256);
    out.member("tenant", key.tenant);
    out.member("scope", to_string(key.scope));
    out.member("created_at", jobs::to_rfc3339(key.created_at));
    out.member("revoked_at",
               key.revoked_at ? std::optional{jobs::to_rfc3339(*key.revoked_at)} : std::nullopt);
  });
  return out.finish();
}

tl::expected<ApiKeys, std::string> decode_api_keys(std::string_view text) {
  ApiKeys keys;
  if (text.empty()) return keys;
  if (auto checked = check_text_schema(text, api_keys_schema); !checked) {
    return tl::unexpected{std::move(checked.error())};
  }
  rapidjson::Document json;
  json.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  const auto list = json.FindMember("keys");
  if (list == json.MemberEnd() || !list->value.IsArray()) {
    return tl::unexpected{std::string{"its list of keys is missing"}};
  }
  for (const auto& item : list->value.GetArray()) {
    auto key = read_key(item);
    if (!key) return tl::unexpected{std::string{"one of its keys is damaged"}};
    keys.push_back(std::move(*key));
  }
  return keys;
}

std::uint64_t version_of_api_keys(std::string_view text) {
  constexpr std::size_t digits = 16;
  const auto version = parse_hex_u64(sha256_of(text).substr(0, digits)).value_or(0);
  return std::max<std::uint64_t>(1, version);
}

}  // namespace darkroom::persistence
