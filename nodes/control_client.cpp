#include "nodes/control_client.hpp"

#include <cerrno>
#include <chrono>
#include <memory>
#include <mutex>
#include <system_error>

#include <curl/curl.h>
#include <fmt/format.h>
#include <rapidjson/document.h>

#include "http/local_socket.hpp"
#include "persistence/data_folder.hpp"

namespace darkroom::nodes {
namespace {

using Kind = ControlFailureKind;

constexpr std::chrono::milliseconds connect_timeout{3'000};

using Handle = std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)>;

Handle make_handle() {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_NOTHING); });
  return {::curl_easy_init(), &::curl_easy_cleanup};
}

std::size_t append(const char* bytes, std::size_t size, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, size * count);
  return size * count;
}

/// What a problem (RFC 9457) says, or the body as it is.
std::string detail_of(const std::string& body) {
  rapidjson::Document json;
  json.Parse(body.data(), body.size());
  if (json.HasParseError() || !json.IsObject()) return body;
  const auto detail = json.FindMember("detail");
  if (detail == json.MemberEnd() || !detail->value.IsString()) return body;
  return {detail->value.GetString(), detail->value.GetStringLength()};
}

tl::unexpected<ControlFailure> failure_to_connect(const std::filesystem::path& storage,
                                                  const std::filesystem::path& socket, int error) {
  if (error == EACCES || error == EPERM) {
    return tl::unexpected{ControlFailure{
        Kind::failed, fmt::format("{}: permission denied; run this as the user that the service "
                                  "runs as",
                                  socket.string())}};
  }
  if (error == ENOENT || error == ENOTDIR || error == ECONNREFUSED) {
    return tl::unexpected{ControlFailure{
        Kind::no_service, fmt::format("no service runs on the data folder {}; --storage-path names "
                                      "another one",
                                      storage.string())}};
  }
  return tl::unexpected{ControlFailure{
      Kind::failed, fmt::format("cannot reach the service at {}: {}", socket.string(),
                                std::generic_category().message(error))}};
}

}  // namespace

tl::expected<std::string, ControlFailure> ControlClient::get(const std::string& target) const {
  return exchange(target, false, usual_timeout);
}

tl::expected<std::string, ControlFailure> ControlClient::post(
    const std::string& target, std::chrono::milliseconds timeout) const {
  return exchange(target, true, timeout);
}

tl::expected<std::string, ControlFailure> ControlClient::exchange(
    const std::string& target, bool is_post, std::chrono::milliseconds timeout) const {
  const auto socket = storage_ / persistence::data_folder::control_socket;
  const auto name = http::LocalSocketName::of(socket);
  if (!name) return failure_to_connect(storage_, socket, name.error().value());
  const Handle handle = make_handle();
  CURL* const curl = handle.get();
  if (curl == nullptr) {
    return tl::unexpected{ControlFailure{Kind::failed, "libcurl cannot be started"}};
  }
  std::string body;
  const std::string url = "http://localhost" + target;
  ::curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, name->text().c_str());
  ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout.count()));
  ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &append);
  ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (is_post) {
    ::curl_easy_setopt(curl, CURLOPT_POST, 1L);
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, 0L);
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
  }
  const CURLcode code = ::curl_easy_perform(curl);
  if (code == CURLE_COULDNT_CONNECT) {
    long error = 0;
    ::curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
    return failure_to_connect(storage_, socket, static_cast<int>(error));
  }
  if (code != CURLE_OK) {
    return tl::unexpected{ControlFailure{
        Kind::failed, fmt::format("the service at {} did not answer: {}; its log may say why",
                                  socket.string(), ::curl_easy_strerror(code))}};
  }
  long status = 0;
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  constexpr long first_of_refusals = 300;
  if (status >= first_of_refusals) {
    return tl::unexpected{ControlFailure{Kind::refused, detail_of(body)}};
  }
  return body;
}

std::string query_value(std::string_view text) {
  std::string encoded;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '.' ||
                       byte == '/';
    encoded += plain ? std::string(1, character) : fmt::format("%{:02X}", byte);
  }
  return encoded;
}

}  // namespace darkroom::nodes
