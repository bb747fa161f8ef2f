#include "outbound/web_transfer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include "outbound/body_pace.hpp"

namespace darkroom::outbound {
namespace {

using Kind = Failure::Kind;

/// What the callbacks of one request work on.
struct Running {
  const Transfer& transfer;
  const net::AddressGuard& guard;
  const WebLimits& limits;
  CURL* curl;
  Answer answer = {};
  std::uint64_t taken = 0;  ///< Bytes that the sink has.
  BodyPace pace;            ///< Of what goes to the sink.
  std::uint64_t passed_over = 0;
  int let_through = 0;  ///< Addresses that may be asked.
  std::size_t head_bytes = 0;
  std::optional<std::string_view> refused = {};   ///< What the last address was that may not be.
  std::optional<Kind> given_up = {};              ///< Why a callback ended it.
  bool read_enough = false;                       ///< The rest of the body is of no use.
  std::array<char, CURL_ERROR_SIZE> detail = {};  ///< Filled in by curl.
};

/// With the whole of what was asked for: a part (206) is for who asks for one, which nobody does.
bool is_success(long status) {
  return status >= 200 && status < 300 && status != 206;
}

bool is_redirect(long status) {
  return status >= 300 && status < 400;
}

/// Called with each address before anything is sent to it; there is no other way to a socket.
curl_socket_t open_socket(void* user, curlsocktype /*purpose*/, curl_sockaddr* target) {
  auto& running = *static_cast<Running*>(user);
  const auto address = net::IpAddress::of(target->addr, target->addrlen);
  const auto refusal = address ? running.guard.refusal(*address) : "of no known kind";
  if (refusal) {
    running.refused = refusal;
    return CURL_SOCKET_BAD;
  }
  ++running.let_through;
  return ::socket(target->family, target->socktype | SOCK_CLOEXEC, target->protocol);
}

bool give_to_sink(Running& running, std::span<const std::byte> piece) {
  curl_off_t announced = -1;
  ::curl_easy_getinfo(running.curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  const auto most = running.transfer.max_bytes;
  if ((announced > 0 && static_cast<std::uint64_t>(announced) > most) ||
      piece.size() > most - running.taken) {
    running.given_up = Kind::too_large;
    return false;
  }
  running.taken += piece.size();
  try {
    if (!running.transfer.sink(piece)) running.given_up = Kind::sink;
  } catch (const std::exception&) {  // It must not pass through curl.
    running.given_up = Kind::sink;
  }
  return !running.given_up;
}

/// Called with each line of a head, or of a trailer, and before that is kept by curl.
std::size_t take_head_line(const char* /*line*/, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const std::size_t length = size * count;
  running.head_bytes += length;
  if (running.head_bytes <= running.limits.head_bytes) return length;
  running.given_up = Kind::too_large;
  return 0;  // An error to curl, which ends it.
}

std::size_t take_piece(const char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const std::size_t length = size * count;
  long status = 0;
  ::curl_easy_getinfo(running.curl, CURLINFO_RESPONSE_CODE, &status);
  if (is_success(status) && running.transfer.sink) {
    return give_to_sink(running, std::as_bytes(std::span{bytes, length})) ? length : 0;
  }
  // Where it leads to is told by curl at its end alone.
  if (is_redirect(status) && running.transfer.sink) {
    running.passed_over += length;
    if (running.passed_over <= running.limits.redirect_bytes) return length;
    running.given_up = Kind::too_large;
    return 0;
  }
  auto& kept = running.answer.body;
  kept.append(bytes, std::min(length, running.limits.answer_bytes - kept.size()));
  running.read_enough = kept.size() == running.limits.answer_bytes;
  return running.read_enough ? 0 : length;  // 0 is an error to curl, and ends it.
}

int watch(void* user, curl_off_t /*to_come*/, curl_off_t /*received*/, curl_off_t /*to_go*/,
          curl_off_t /*sent*/) {
  auto& running = *static_cast<Running*>(user);
  if (running.transfer.go_on && !running.transfer.go_on()) running.given_up = Kind::stopped;
  if (running.pace.too_slow(running.taken, std::chrono::steady_clock::now()))
    running.given_up = Kind::timed_out;
  return running.given_up ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void append(HeaderList& list, const std::string& line) {
  auto* const longer = ::curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc{};
  (void)list.release();
  list.reset(longer);
}

bool has_controls(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f; });
}

/// nullopt where a header would be more than one line.
std::optional<HeaderList> header_list(const Headers& headers) {
  HeaderList list;
  append(list, "Expect:");  // Else curl waits for 100 before it sends a long body.
  for (const auto& [name, value] : headers) {
    if (has_controls(name) || has_controls(value)) return std::nullopt;
    // A colon with nothing behind it would take the header away.
    append(list, value.empty() ? name + ";" : name + ": " + value);
  }
  return list;
}

void set_callbacks(CURL* curl, Running& running) {
  ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  ::curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &take_head_line);
  ::curl_easy_setopt(curl, CURLOPT_HEADERDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_piece);
  ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &watch);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, running.detail.data());
}

void set_transport(CURL* curl, const WebLimits& limits) {
  ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  ::curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // A lookup that hangs is left to itself, so that the timeout holds.
  ::curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  ::curl_easy_setopt(curl, CURLOPT_USERAGENT, limits.user_agent.c_str());
  ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  ::curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  ::curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!limits.ca_file.empty()) {
    ::curl_easy_setopt(curl, CURLOPT_CAINFO, limits.ca_file.c_str());
    ::curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
}

void set_times(CURL* curl, std::chrono::milliseconds timeout, const WebLimits& limits) {
  // To curl 0 is no limit at all.
  const auto in_ms = [](std::chrono::milliseconds time) {
    return static_cast<long>(std::max<std::chrono::milliseconds::rep>(time.count(), 1));
  };
  ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, in_ms(timeout));
  ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     in_ms(std::min(limits.connect_timeout, timeout)));
}

Failure given_up(Kind kind, const Running& running) {
  switch (kind) {
    case Kind::too_large:
      if (running.head_bytes > running.limits.head_bytes) {
        return {kind, fmt::format("{} sends more than {} bytes of headers.",
                                  running.transfer.url.host, running.limits.head_bytes)};
      }
      return {kind, fmt::format("{} sends more than the {} bytes that are allowed.",
                                running.transfer.url.host, running.transfer.max_bytes)};
    case Kind::sink:
      return {kind, "What came could not be kept."};
    case Kind::timed_out:
      return {kind, fmt::format("{} sends too slowly.", running.transfer.url.host)};
    default:
      return {kind, "It was stopped."};
  }
}

Failure failure_of(CURLcode code, const Running& running) {
  const std::string& host = running.transfer.url.host;
  if (running.given_up) return given_up(*running.given_up, running);
  if (running.refused && running.let_through == 0 && code == CURLE_COULDNT_CONNECT) {
    return {
        Kind::refused_address,
        fmt::format("{} is at an address that no request may go to ({}).", host, *running.refused)};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {Kind::unresolvable, fmt::format("The host {} was not found.", host)};
    case CURLE_COULDNT_CONNECT:
      return {Kind::unreachable, fmt::format("Nothing takes connections at {}.", host)};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::timed_out, fmt::format("{} took too long.", host)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
      return {Kind::tls, fmt::format("There is no TLS connection to {} that can be trusted: {}.",
                                     host, running.detail.data())};
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return {Kind::unreachable, fmt::format("The connection to {} broke.", host)};
    default:
      return {Kind::other,
              fmt::format("The request to {} failed: {}.", host, ::curl_easy_strerror(code))};
  }
}

void read_head(CURL* curl, Transferred& done) {
  long status = 0;
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  done.answer.status = static_cast<int>(status);
  const char* text = nullptr;
  ::curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &text);
  if (text != nullptr) done.answer.content_type = text;
  curl_off_t seconds = 0;
  ::curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
  if (seconds > 0) done.answer.retry_after = std::chrono::seconds{seconds};
  text = nullptr;
  ::curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &text);
  if (text != nullptr) done.redirect = text;
}

}  // namespace

tl::expected<Transferred, Failure> run_transfer(const Transfer& transfer,
                                                const net::AddressGuard& guard,
                                                const WebLimits& limits) {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_DEFAULT); });
  const auto headers = header_list(transfer.headers);
  if (!headers) return tl::unexpected{Failure{Kind::other, "A header has a line break in it."}};
  if (transfer.timeout.count() <= 0) {
    return tl::unexpected{
        Failure{Kind::timed_out, fmt::format("{} took too long.", transfer.url.host)}};
  }
  const std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> handle{::curl_easy_init(),
                                                                     &::curl_easy_cleanup};
  CURL* const curl = handle.get();
  if (curl == nullptr) throw std::bad_alloc{};
  Running running{.transfer = transfer,
                  .guard = guard,
                  .limits = limits,
                  .curl = curl,
                  .pace = BodyPace{limits.least_rate, limits.rate_grace}};
  set_transport(curl, limits);
  set_times(curl, transfer.timeout, limits);
  set_callbacks(curl, running);
  ::curl_easy_setopt(curl, CURLOPT_URL, transfer.url.text.c_str());
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers->get());
  if (transfer.body) {
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(transfer.body->size()));
    ::curl_easy_setopt(curl, CURLOPT_POSTFIELDS, transfer.body->data());
    ::curl_easy_setopt(curl, CURLOPT_POST, 1L);
  }
  const CURLcode code = ::curl_easy_perform(curl);
  const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && running.read_enough);
  if (!answered) return tl::unexpected{failure_of(code, running)};
  Transferred done{.answer = std::move(running.answer)};
  read_head(curl, done);
  return done;
}

}  // namespace darkroom::outbound
