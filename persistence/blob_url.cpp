#include "persistence/blob_url.hpp"

#include <charconv>
#include <chrono>
#include <system_error>

#include "jobs/rendition_check.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/hex.hpp"
#include "persistence/hmac_sha256.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::string_view first_line = "darkroom-url-1";

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

bool is_signed_path(std::string_view path) {
  if (path.starts_with(blob_path)) return is_blob_key(path.substr(blob_path.size()));
  return path.starts_with(watermark_path) && jobs::is_safe_name(path.substr(watermark_path.size()));
}

/// The parameters of a URL, each of which stands there once.
struct Query {
  std::string_view method;
  std::string_view expires;
  std::string_view limit;
  std::string_view signature;
};

std::optional<Query> parse_query(const UrlSigner::Parameters& parameters) {
  const auto once = [&](const char* name) -> std::string_view {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
  };
  const Query query{once("method"), once("expires"), once("limit"), once("signature")};
  // With each of ours there, there is no room for a second one, or for another.
  const std::size_t expected = query.limit.empty() ? 3 : 4;
  const bool whole = !query.method.empty() && !query.expires.empty() && !query.signature.empty();
  if (!whole || parameters.size() != expected) return std::nullopt;
  return query;
}

}  // namespace

std::string_view to_string(BlobMethod method) {
  switch (method) {
    case BlobMethod::get:
      return "GET";
    case BlobMethod::put:
      return "PUT";
    case BlobMethod::remove:
      return "DELETE";
  }
  return "unknown";
}

std::string UrlSigner::sign(BlobMethod method, std::string_view key, jobs::Timestamp expires_at,
                            std::uint64_t limit) const {
  return sign_path(method, std::string{blob_path}.append(key), expires_at,
                   method == BlobMethod::put ? std::to_string(limit) : std::string{});
}

std::string UrlSigner::sign_watermark(std::string_view name, jobs::Timestamp expires_at) const {
  return sign_path(BlobMethod::get, std::string{watermark_path}.append(name), expires_at, {});
}

std::string UrlSigner::sign_path(BlobMethod method, const std::string& path,
                                 jobs::Timestamp expires_at, const std::string& limit) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(expires_at.time_since_epoch());
  const std::string expires = std::to_string(seconds.count());
  const std::string name{to_string(method)};
  std::string url = path + "?method=" + name + "&expires=" + expires;
  if (!limit.empty()) url += "&limit=" + limit;
  return url + "&signature=" + signature(name, path, expires, limit);
}

tl::expected<UrlSigner::Grant, UrlRefusal> UrlSigner::verify(std::string_view method,
                                                             std::string_view path,
                                                             const Parameters& parameters,
                                                             jobs::Timestamp now) const {
  const auto bad = tl::unexpected{UrlRefusal::bad};
  if (!is_signed_path(path)) return bad;
  const auto query = parse_query(parameters);
  if (!query) return bad;
  const auto expires = parse_number(query->expires);
  const auto limit =
      query->limit.empty() ? std::optional<std::uint64_t>{0} : parse_number(query->limit);
  if (!expires || !limit) return bad;
  // Before anything is said of what it would allow: only who has a URL of ours learns that it has
  // expired.
  if (!equal_in_constant_time(query->signature,
                              signature(query->method, path, query->expires, query->limit))) {
    return bad;
  }
  if ((method == "HEAD" ? "GET" : method) != query->method) return bad;
  const auto now_seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (now_seconds < 0 || static_cast<std::uint64_t>(now_seconds) >= *expires) {
    return tl::unexpected{UrlRefusal::expired};
  }
  return Grant{.limit = *limit};
}

std::string UrlSigner::signature(std::string_view method, std::string_view path,
                                 std::string_view expires, std::string_view limit) const {
  std::string text{first_line};
  for (const auto field : {method, path, expires, limit}) {
    text += '\n';
    text += field;
  }
  text += '\n';
  return to_hex(hmac_sha256(key_, text));
}

}  // namespace darkroom::persistence
