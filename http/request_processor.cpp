#include "http/request_processor.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/access_log.hpp"
#include "http/client_address.hpp"
#include "http/client_text.hpp"
#include "http/cross_origin_fields.hpp"
#include "http/exchange.hpp"
#include "http/forwarded_client.hpp"
#include "http/gate.hpp"
#include "http/library_request.hpp"
#include "http/rate_gate.hpp"
#include "http/request_id.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "http/service_address.hpp"
#include "http/trace_context.hpp"

namespace darkroom::http {
namespace {

constexpr std::size_t write_buffer_bytes = std::size_t{16} << 10U;

// What the library sees of a connection: one request line without any field, then the end. So
// nothing of the library's that is too lenient or unbounded gets to see the client's bytes: not its
// header lines (it decodes %XX in values and skips what it cannot read), not the body, and never
// the next request.
class RequestStream final : public httplib::Stream {
 public:
  /// `streamed`: where that has begun, what the library writes is dropped.
  RequestStream(ClientSocket& socket, const RequestHead& head, std::optional<std::string> client,
                const StreamedAnswer& streamed)
      : socket_(socket),
        streamed_(streamed),
        client_(std::move(client)),
        head_(fmt::format("{} {} HTTP/1.1\r\n\r\n", head.method, head.target)) {}

  [[nodiscard]] bool is_readable() const override { return true; }
  [[nodiscard]] bool is_writable() const override { return !failed_; }

  ssize_t read(char* data, std::size_t size) override {
    const std::size_t count = head_.copy(data, size, head_taken_);
    head_taken_ += count;
    return static_cast<ssize_t>(count);
  }

  // The library writes header and body apart; gathered, a small answer is one packet.
  ssize_t write(const char* data, std::size_t size) override {
    if (streamed_.begun()) return static_cast<ssize_t>(size);
    note_status({data, size});
    if (unsent_.size() + size <= write_buffer_bytes) {
      unsent_.append(data, size);
      return static_cast<ssize_t>(size);
    }
    if (!flush()) return -1;
    failed_ = !socket_.write({data, size});
    return failed_ ? -1 : static_cast<ssize_t>(size);
  }

  bool flush() {
    if (!failed_ && !unsent_.empty()) failed_ = !socket_.write(unsent_);
    unsent_.clear();
    return !failed_;
  }

  /// That the library has written; 0 before.
  [[nodiscard]] int status() const { return status_; }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    ip = client_.value_or(socket_.peer_address());
    port = client_ ? -1 : socket_.peer_port();  // See client_of().
  }
  void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}

  // The library only asks in order to refuse numbers that are too high for its own select().
  [[nodiscard]] socket_t socket() const override { return INVALID_SOCKET; }

 private:
  // The first that it writes is the status line, "HTTP/1.1 200 OK".
  void note_status(std::string_view bytes) {
    constexpr std::size_t at = 9;
    if (status_ == 0 && bytes.size() > at + 3) {
      std::from_chars(bytes.data() + at, bytes.data() + at + 3, status_);
    }
  }

  ClientSocket& socket_;
  const StreamedAnswer& streamed_;
  std::optional<std::string> client_;  ///< Where a proxy stands between.
  std::string head_;
  std::size_t head_taken_ = 0;
  std::string unsent_;
  bool failed_ = false;
  int status_ = 0;
};

class LibraryProcessor final : public RequestProcessor, private httplib::Server {
 public:
  LibraryProcessor(std::unique_ptr<RouteSet> routes, const http::Options& options,
                   const TrustedProxies& proxies, const CrossOrigins& cross_origins,
                   Traffic& traffic)
      : routes_(std::move(routes)),
        gate_(routes_->gate()),
        rates_(options.rates),
        public_url_(options.public_url),
        access_log_(options.access_log),
        proxies_(proxies),
        cross_origins_(cross_origins),
        traffic_(traffic) {
    // The library never listens here; but without a socket it takes itself for stopped and cuts
    // answers short.
    svr_sock_ = 0;
    routes_->add_to(router_);
    traffic_.set_routes(router_.routes());
    add_hooks();
  }

  [[nodiscard]] bool process(ClientSocket& socket, const RequestHead& head, MessageBody& body,
                             StreamedAnswer& streamed, bool last) override {
    const auto begun = std::chrono::steady_clock::now();
    const std::uint64_t written_before = socket.bytes_written();
    const auto held = traffic_.hold_request();
    const auto client = forwarded_client(socket.peer_address(), head, proxies_);
    RequestStream stream{socket, head, client.address, streamed};
    RequestContext known;
    known.base_url = service_address(head, public_url_, client.through_proxy, socket.secured());
    known.request_id = request_id_of(head);
    known.trace_parent = trace_parent_for(head);
    Exchange exchange{.body = body, .streamed = streamed, .context = std::move(known)};
    bool unused = false;
    const bool written =
        process_request(stream, last, unused, [&head, &exchange](httplib::Request& request) {
          set_fields(request, head);
          request.progress = ExchangeAccess{&exchange};
        });
    const bool whole = !streamed.failed() && stream.flush() && written;
    const int status = streamed.begun() ? 200 : stream.status();
    count(socket, head, exchange, status, begun);
    if (access_log_) {
      const RequestContext& context = exchange.context;
      log_access({.method = head.method,
                  .target = head.target,
                  .status = status,
                  .whole = whole,
                  .bytes = socket.bytes_written() - written_before,
                  .took = std::chrono::steady_clock::now() - begun,
                  .client = client.address ? *client.address : socket.peer_address(),
                  .request_id = context.request_id,
                  .trace_parent = context.trace_parent,
                  .key_id = context.caller.key_id});
    }
    return whole;
  }

 private:
  void count(ClientSocket& socket, const RequestHead& head, const Exchange& exchange, int status,
             std::chrono::steady_clock::time_point begun) {
    const auto moved = socket.take_moved();
    traffic_.moved(moved.received, moved.sent);
    const auto took = std::chrono::steady_clock::now() - begun;
    traffic_.answered({.route = exchange.route,
                       .method = head.method,
                       .status = status,
                       .took = std::chrono::duration_cast<std::chrono::microseconds>(took)});
  }

  void add_hooks() {
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      route(request, response);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      finish_answer(request, response);
    });
    set_exception_handler(
        [](const httplib::Request& request, httplib::Response& response,
           const std::exception_ptr& failure) { answer_failure(request, response, failure); });
    set_error_handler(Handler{[](const httplib::Request&, httplib::Response& response) {
      answer_library_error(response);
    }});
  }

  void route(const httplib::Request& request, httplib::Response& response) const {
    add_marks(request, response);
    if (is_allowed_preflight(cross_origins_, request)) {
      // It shows no API key, and counts for nothing: what follows does.
      if (const std::string methods = router_.allowed(request.path); !methods.empty()) {
        return answer_preflight(response, methods);
      }
    }
    Exchange& exchange = exchange_of(request);
    const auto found = router_.find(request.method, request.path);
    if (found) exchange.route = found->place;
    exchange.traits = found ? found->traits : RouteTraits{.form = found.error().form};
    // First who it is; but who is not let in counts as well.
    tl::expected<void, Problem> let_in;
    if (found && gate_ != nullptr) {
      let_in = gate_->enter(request, *found, exchange.context);
    }
    if (const auto entered = rates_.enter(request, response, exchange.traits); !entered) {
      return refuse(request, response, entered.error());
    }
    if (request.method == "OPTIONS") {
      if (const std::string methods = router_.allowed(request.path); !methods.empty()) {
        response.status = 204;
        response.set_header("Allow", methods);
        return;
      }
    }
    if (!found) return refuse(request, response, found.error().problem);
    if (!let_in) return refuse(request, response, let_in.error());
    (*found->handler)(request, response, found->argument, exchange.body);
  }

  // First of all, so that streams and refusals have them too.
  void add_marks(const httplib::Request& request, httplib::Response& response) const {
    if (!response.has_header(request_id_field)) {
      response.set_header(request_id_field, context_of(request).request_id);
    }
    add_cross_origin_fields(cross_origins_, request, response);
  }

  static void refuse(const httplib::Request& request, httplib::Response& response,
                     const Problem& problem) {
    const ProblemForm form = exchange_of(request).traits.form;
    if (form == nullptr) return answer_problem(response, problem);
    form(request, response, problem);
  }

  void finish_answer(const httplib::Request& request, httplib::Response& response) const {
    auto& headers = response.headers;
    headers.erase("Keep-Alive");
    // The library refuses by itself what it cannot read, and then nothing was set.
    const bool ours = static_cast<bool>(request.progress);
    if (ours) add_marks(request, response);
    const bool read = !ours || exchange_of(request).body.finished();
    if (!read && !response.has_header("Connection")) {
      headers.emplace("Connection", "close");
    }
    // RFC 9110, section 8.6: no length where there can be no content. The library gives 0.
    if (response.status == 204 || response.status == 304) headers.erase("Content-Length");
    // The library says so of every answer to HEAD.
    if (!response.has_header("ETag")) headers.erase("Accept-Ranges");
    headers.emplace("Date", jobs::to_http_date(jobs::system_now()));
    const bool logged = ours && exchange_of(request).traits.logs_refusals;
    if (response.status >= 500 && !logged) {
      spdlog::warn("{} {} answered {}, client {}{}", request.method, quoted_text(request.path),
                   response.status, client_of(request), pairs_of(request));
    }
  }

  static void answer_failure(const httplib::Request& request, httplib::Response& response,
                             const std::exception_ptr& failure) {
    std::string what = "an unknown exception";
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      what = error.what();
    } catch (...) {
      // Then `what` stays as it is.
    }
    spdlog::error("{} {} failed: {}{}", request.method, quoted_text(request.path), what,
                  pairs_of(request));
    refuse(request, response,
           {ProblemCode::internal,
            "The service made a mistake; its log says more. Please report it."});
  }

  static void answer_library_error(httplib::Response& response) {
    if (is_problem(response) || response.has_header("Content-Type")) return;
    const bool ours = response.status >= 500;
    answer_problem(response,
                   ours ? Problem{ProblemCode::internal, "The service made a mistake."}
                        : Problem{ProblemCode::malformed_request, "The request cannot be read."});
  }

  std::unique_ptr<RouteSet> routes_;
  const Gate* gate_;
  Router router_;
  RateGate rates_;
  std::string_view public_url_;
  bool access_log_;
  const TrustedProxies& proxies_;
  const CrossOrigins& cross_origins_;
  Traffic& traffic_;
};

}  // namespace

std::unique_ptr<RequestProcessor> make_request_processor(std::unique_ptr<RouteSet> routes,
                                                         const Options& options,
                                                         const TrustedProxies& proxies,
                                                         const CrossOrigins& cross_origins,
                                                         Traffic& traffic) {
  return std::make_unique<LibraryProcessor>(std::move(routes), options, proxies, cross_origins,
                                            traffic);
}

}  // namespace darkroom::http
