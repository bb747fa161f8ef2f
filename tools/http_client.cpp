#include "tools/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <mutex>
#include <string_view>
#include <utility>

#include <curl/curl.h>

namespace darkroom::tools {
namespace {

constexpr long connect_timeout_ms = 5'000;
constexpr long timeout_ms = 120'000;

void initialise_once() {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::size_t take_body(const char* bytes, std::size_t size, std::size_t count, void* answer) {
  static_cast<HttpClient::Answer*>(answer)->body.append(bytes, size * count);
  return size * count;
}

/// The value of a header line, where it is one of that name (in lower case).
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return std::nullopt;
  const bool same = std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
  if (!same) return std::nullopt;
  line.remove_prefix(name.size() + 1);
  while (!line.empty() && line.front() == ' ')
    line.remove_prefix(1);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0)
    line.remove_suffix(1);
  return line;
}

std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* answer) {
  const std::string_view line{bytes, size * count};
  auto& into = *static_cast<HttpClient::Answer*>(answer);
  if (const auto type = value_of(line, "content-type")) into.content_type = *type;
  if (const auto wait = value_of(line, "retry-after")) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(wait->data(), wait->data() + wait->size(), seconds);
    if (error == std::errc{}) into.retry_after = std::chrono::seconds{seconds};
  }
  return line.size();
}

struct FreeList {
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList list_of(const std::vector<std::string>& headers) {
  curl_slist* list = nullptr;
  for (const auto& header : headers)
    list = ::curl_slist_append(list, header.c_str());
  // A body is sent at once: the service refuses early by itself.
  list = ::curl_slist_append(list, "Expect:");
  return HeaderList{list};
}

}  // namespace

struct HttpClient::Connection {
  Connection() {
    initialise_once();
    handle.reset(::curl_easy_init());
    auto* const curl = handle.get();
    ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout_ms);
    ::curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_header);
    ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_body);
  }

  [[nodiscard]] Result exchange(const std::string& url) {
    auto* const curl = handle.get();
    Answer answer;
    ::curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    ::curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    const CURLcode code = ::curl_easy_perform(curl);
    if (code != CURLE_OK) return tl::unexpected(url + ": " + ::curl_easy_strerror(code));
    ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
  }

  struct Free {
    void operator()(CURL* curl) const { ::curl_easy_cleanup(curl); }
  };
  std::unique_ptr<CURL, Free> handle;
};

HttpClient::HttpClient(std::string url)
    : url_(std::move(url)), connection_(std::make_unique<Connection>()) {}

HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

HttpClient::Result HttpClient::get(const std::string& target) {
  auto* const curl = connection_->handle.get();
  ::curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, nullptr);
  return connection_->exchange(url_ + target);
}

HttpClient::Result HttpClient::post(const std::string& target,
                                    const std::vector<std::string>& headers,
                                    std::span<const std::byte> body) {
  auto* const curl = connection_->handle.get();
  const auto list = list_of(headers);
  ::curl_easy_setopt(curl, CURLOPT_POST, 1L);
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, reinterpret_cast<const char*>(body.data()));
  return connection_->exchange(url_ + target);
}

}  // namespace darkroom::tools
