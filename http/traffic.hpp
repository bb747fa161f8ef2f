#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/router.hpp"
#include "jobs/histogram.hpp"

namespace darkroom::http {

/// What goes through a server, counted as it happens, without locks: some nanoseconds a request.
/// Requests are told apart by the pattern of their route, never by their path, so that no client
/// can make the numbers many. Thread-safe, but for set_routes().
class Traffic {
 public:
  /// One request that was answered, or whose client was gone by then.
  struct Answered {
    std::optional<std::size_t> route = {};  ///< Its place in Router::routes(); none: of no route.
    std::string_view method = {};           ///< Empty where it cannot be read.
    int status = 0;
    std::chrono::microseconds took{};
  };

  Traffic();

  /// To be called once, before the first request.
  void set_routes(const std::vector<Router::RouteName>& routes);

  void answered(const Answered& answer);
  /// Bytes that came and went on a connection since the last call for it.
  void moved(std::uint64_t received, std::uint64_t sent);
  /// A connection for which there was no room.
  void refused_connection() { refused_connections_.fetch_add(1, std::memory_order_relaxed); }
  void limit_connections(std::size_t limit) { connection_limit_ = limit; }

  /// One more for as long as it lives.
  class Held {
   public:
    explicit Held(std::atomic<std::int64_t>& gauge) : gauge_(gauge) {
      gauge_.fetch_add(1, std::memory_order_relaxed);
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    Held(Held&&) = delete;
    Held& operator=(Held&&) = delete;
    ~Held() { gauge_.fetch_sub(1, std::memory_order_relaxed); }

   private:
    std::atomic<std::int64_t>& gauge_;
  };

  [[nodiscard]] Held hold_connection() { return Held{connections_}; }
  [[nodiscard]] Held hold_request() { return Held{in_flight_}; }

  struct RouteFigures {
    std::string route;   ///< Empty: of no route.
    std::string method;  ///< "other" where it is none that is known, or cannot be read.
    std::vector<std::pair<std::string, std::uint64_t>> statuses;  ///< Those that were answered.
    jobs::Histogram time;
  };
  struct Figures {
    std::vector<RouteFigures> routes;  ///< Those that were asked for.
    std::uint64_t requests = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t connections = 0;
    std::uint64_t connection_limit = 0;
    std::uint64_t refused_connections = 0;
  };
  [[nodiscard]] Figures figures() const;

 private:
  using Counter = std::atomic<std::uint64_t>;

  static constexpr std::size_t most_statuses = 48;

  struct Series {
    std::string route;
    std::string method;
    std::array<Counter, most_statuses> statuses{};
    std::array<Counter, jobs::Histogram::buckets> buckets{};
    Counter microseconds = 0;
  };

  [[nodiscard]] Series& series_of(const Answered& answer);
  void add_series(std::string_view route, std::string_view method);

  /// Of each route that of its method and that of HEAD, then those of no route by method.
  std::vector<std::unique_ptr<Series>> series_;
  std::size_t routes_ = 0;
  Counter received_ = 0;
  Counter sent_ = 0;
  Counter refused_connections_ = 0;
  std::atomic<std::int64_t> connections_ = 0;
  std::atomic<std::int64_t> in_flight_ = 0;
  std::atomic<std::size_t> connection_limit_ = 0;
};

}  // namespace darkroom::http
