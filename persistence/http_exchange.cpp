#include "persistence/http_exchange.hpp"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <new>

#include <curl/curl.h>

namespace darkroom::persistence {

struct HttpExchange::Handle {
  std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> curl;
};

namespace {

constexpr std::size_t refusal_bytes = std::size_t{4} << 10U;
constexpr long buffer_bytes = long{256} << 10U;

/// What the callbacks of one request work on.
struct Running {
  const HttpRequest& request;
  const std::stop_token& stop;
  std::chrono::milliseconds stall;
  CURL* curl;
  HttpAnswer answer = {};
  std::uint64_t sent = 0;
  curl_off_t moved = 0;  ///< Bytes in both directions, when that last changed.
  jobs::SteadyTime moved_at = std::chrono::steady_clock::now();
  bool stalled = false;
};

bool has_content(long status) {
  return status == 200 || status == 206;
}

std::size_t take_piece(const char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const std::size_t length = size * count;
  long status = 0;
  ::curl_easy_getinfo(running.curl, CURLINFO_RESPONSE_CODE, &status);
  if (!has_content(status)) {
    auto& refusal = running.answer.refusal;
    refusal.append(bytes, std::min(length, refusal_bytes - refusal.size()));
    return length;
  }
  const bool taken =
      running.request.take && running.request.take(std::as_bytes(std::span{bytes, length}));
  return taken ? length : 0;  // 0 is an error to curl, unless there was nothing.
}

std::size_t give_piece(char* out, std::size_t size, std::size_t count, void* user) {
  auto& running = *static_cast<Running*>(user);
  const auto left = running.request.body_bytes - running.sent;
  const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left, size * count));
  if (want == 0) return 0;
  const auto given =
      running.request.body(running.sent, std::as_writable_bytes(std::span{out, want}));
  running.sent += given;
  return given == 0 ? CURL_READFUNC_ABORT : given;
}

/// A connection that was kept turned out to be closed: the body is sent again, over another one.
int rewind_body(void* user, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Running*>(user)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

/// Called at least once a second.
int watch(void* user, curl_off_t /*to_come*/, curl_off_t received, curl_off_t /*to_go*/,
          curl_off_t sent) {
  auto& running = *static_cast<Running*>(user);
  if (running.stop.stop_requested()) return 1;
  const auto now = std::chrono::steady_clock::now();
  if (received + sent != running.moved) {
    running.moved = received + sent;
    running.moved_at = now;
  }
  running.stalled = now - running.moved_at >= running.stall;
  return running.stalled ? 1 : 0;
}

void set_method(CURL* curl, const HttpRequest& request) {
  using Method = HttpRequest::Method;
  switch (request.method) {
    case Method::get:
      ::curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
      break;
    case Method::head:
      ::curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
      break;
    case Method::put:
      ::curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
      ::curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE,
                         static_cast<curl_off_t>(request.body_bytes));
      break;
    case Method::remove:
      ::curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "DELETE");
      break;
  }
}

void set_callbacks(CURL* curl, Running& running) {
  ::curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take_piece);
  ::curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_READFUNCTION, &give_piece);
  ::curl_easy_setopt(curl, CURLOPT_READDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, &rewind_body);
  ::curl_easy_setopt(curl, CURLOPT_SEEKDATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &watch);
  ::curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &running);
  ::curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

void set_transport(CURL* curl, const HttpTimeouts& timeouts) {
  ::curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  ::curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  ::curl_easy_setopt(curl, CURLOPT_PROXY, "");
  ::curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  ::curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
  ::curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, buffer_bytes);
  ::curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, buffer_bytes);
  // To curl 0 is no limit at all.
  const auto in_ms = [](std::chrono::milliseconds time) {
    return static_cast<long>(std::max<std::chrono::milliseconds::rep>(time.count(), 1));
  };
  ::curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, in_ms(timeouts.connect));
  ::curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, in_ms(timeouts.total));
}

std::string field(CURL* curl, const char* name) {
  curl_header* header = nullptr;
  // Of the last answer: one of 100 may have gone before.
  if (::curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return {};
  return header->value;
}

void read_head(CURL* curl, HttpAnswer& answer) {
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_off_t length = -1;
  ::curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length >= 0) answer.content_length = static_cast<std::uint64_t>(length);
  curl_off_t time = -1;
  ::curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &time);
  if (time >= 0) answer.modified_at = jobs::Timestamp{std::chrono::seconds{time}};
  answer.etag = field(curl, "ETag");
  answer.content_digest = field(curl, "Content-Digest");
}

HttpFailure failure_of(CURLcode code, const Running& running) {
  using Kind = HttpFailure::Kind;
  switch (code) {
    case CURLE_WRITE_ERROR:
      return {Kind::given_up, "the answer is not taken"};
    case CURLE_ABORTED_BY_CALLBACK:
      if (running.stop.stop_requested()) return {Kind::cancelled, "it was cancelled"};
      if (running.stalled) {
        return {Kind::broken, "nothing moved for " + std::to_string(running.stall.count()) + " ms"};
      }
      return {Kind::given_up, "the body cannot be read"};
    case CURLE_COULDNT_CONNECT:
      return {Kind::broken, "nothing takes connections there"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::broken, "it took too long"};
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return {Kind::broken, "the connection broke"};
    default:
      return {Kind::broken, ::curl_easy_strerror(code)};
  }
}

struct FreeList {
  void operator()(curl_slist* list) const noexcept { ::curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

HeaderList header_list(const std::vector<std::string>& lines) {
  HeaderList list;
  for (const auto& line : lines) {
    auto* const longer = ::curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

}  // namespace

HttpExchange::HttpExchange() {
  static std::once_flag once;
  std::call_once(once, [] { ::curl_global_init(CURL_GLOBAL_NOTHING); });
  handle_ = std::make_unique<Handle>(Handle{{::curl_easy_init(), &::curl_easy_cleanup}});
  if (!handle_->curl) throw std::bad_alloc{};
}

HttpExchange::HttpExchange(HttpExchange&&) noexcept = default;
HttpExchange& HttpExchange::operator=(HttpExchange&&) noexcept = default;
HttpExchange::~HttpExchange() = default;

tl::expected<HttpAnswer, HttpFailure> HttpExchange::run(const HttpRequest& request,
                                                        const HttpTimeouts& timeouts,
                                                        const std::stop_token& stop) {
  CURL* const curl = handle_->curl.get();
  ::curl_easy_reset(curl);  // Keeps the connection.
  Running running{.request = request, .stop = stop, .stall = timeouts.stall, .curl = curl};
  const auto headers = header_list(request.header_lines);
  ::curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  ::curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  set_transport(curl, timeouts);
  set_method(curl, request);
  set_callbacks(curl, running);
  const CURLcode code = ::curl_easy_perform(curl);
  if (code != CURLE_OK) return tl::unexpected{failure_of(code, running)};
  read_head(curl, running.answer);
  return std::move(running.answer);
}

}  // namespace darkroom::persistence
