#include "http/traffic.hpp"

#include <algorithm>

namespace darkroom::http {
namespace {

constexpr std::array known_statuses{200, 201, 202, 204, 206, 301, 302, 303, 304, 307,
                                    308, 400, 401, 403, 404, 405, 406, 408, 409, 410,
                                    411, 412, 413, 414, 415, 416, 417, 421, 422, 426,
                                    428, 429, 431, 500, 501, 502, 503, 504, 505, 507};

constexpr std::array<std::string_view, 8> known_methods{"GET",   "HEAD",   "POST",    "PUT",
                                                        "PATCH", "DELETE", "OPTIONS", "other"};

// The one behind all others, where there is none.
template <class List, class Value>
std::size_t place_in(const List& list, const Value& value, std::size_t otherwise) {
  const auto found = std::ranges::find(list, value);
  return found == list.end() ? otherwise : static_cast<std::size_t>(found - list.begin());
}

std::uint64_t read(const std::atomic<std::uint64_t>& counter) {
  return counter.load(std::memory_order_relaxed);
}

std::uint64_t read(const std::atomic<std::int64_t>& gauge) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, gauge.load(std::memory_order_relaxed)));
}

}  // namespace

Traffic::Traffic() {
  set_routes({});
}

void Traffic::set_routes(const std::vector<Router::RouteName>& routes) {
  series_.clear();
  routes_ = routes.size();
  for (const auto& route : routes) {
    add_series(route.pattern, route.method);
    add_series(route.pattern, "HEAD");
  }
  for (const auto method : known_methods)
    add_series({}, method);
}

void Traffic::add_series(std::string_view route, std::string_view method) {
  auto& series = *series_.emplace_back(std::make_unique<Series>());
  series.route = route;
  series.method = method;
}

Traffic::Series& Traffic::series_of(const Answered& answer) {
  if (answer.route && *answer.route < routes_) {
    return *series_[2 * *answer.route + (answer.method == "HEAD" ? 1 : 0)];
  }
  const auto method = place_in(known_methods, answer.method, known_methods.size() - 1);
  return *series_[2 * routes_ + method];
}

void Traffic::answered(const Answered& answer) {
  static_assert(known_statuses.size() < most_statuses);
  constexpr auto relaxed = std::memory_order_relaxed;
  auto& series = series_of(answer);
  const auto status = place_in(known_statuses, answer.status, known_statuses.size());
  series.statuses[status].fetch_add(1, relaxed);
  const auto took = std::max(answer.took, std::chrono::microseconds::zero());
  series.buckets[jobs::Histogram::bucket_of(took)].fetch_add(1, relaxed);
  series.microseconds.fetch_add(static_cast<std::uint64_t>(took.count()), relaxed);
}

void Traffic::moved(std::uint64_t received, std::uint64_t sent) {
  received_.fetch_add(received, std::memory_order_relaxed);
  sent_.fetch_add(sent, std::memory_order_relaxed);
}

Traffic::Figures Traffic::figures() const {
  Figures figures{.routes = {},
                  .requests = 0,
                  .in_flight = read(in_flight_),
                  .received_bytes = read(received_),
                  .sent_bytes = read(sent_),
                  .connections = read(connections_),
                  .connection_limit = connection_limit_.load(std::memory_order_relaxed),
                  .refused_connections = read(refused_connections_)};
  for (const auto& series : series_) {
    RouteFigures route{
        .route = series->route, .method = series->method, .statuses = {}, .time = {}};
    for (std::size_t i = 0; i <= known_statuses.size(); ++i) {
      const auto count = read(series->statuses[i]);
      if (count == 0) continue;
      const bool known = i < known_statuses.size();
      route.statuses.emplace_back(known ? std::to_string(known_statuses[i]) : "other", count);
      figures.requests += count;
    }
    if (route.statuses.empty()) continue;
    for (std::size_t i = 0; i < series->buckets.size(); ++i)
      route.time.counts[i] = read(series->buckets[i]);
    route.time.microseconds = read(series->microseconds);
    figures.routes.push_back(std::move(route));
  }
  return figures;
}

}  // namespace darkroom::http
