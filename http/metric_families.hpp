#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jobs/histogram.hpp"

namespace darkroom::http {

/// Metrics for GET /metrics, by families, in the order in which they are to be printed.
class MetricFamilies {
 public:
  /// Names and values. A name has few values: each is a series that somebody keeps for weeks.
  using Labels = std::vector<std::pair<std::string, std::string>>;

  MetricFamilies();
  MetricFamilies(const MetricFamilies&) = delete;
  MetricFamilies& operator=(const MetricFamilies&) = delete;
  MetricFamilies(MetricFamilies&&) = delete;
  MetricFamilies& operator=(MetricFamilies&&) = delete;
  ~MetricFamilies();

  /// Begins a family, whose metrics add() adds. Each name comes once.
  MetricFamilies& gauge(std::string_view name, std::string_view help);
  MetricFamilies& counter(std::string_view name, std::string_view help);
  /// Of durations, in seconds.
  MetricFamilies& histogram(std::string_view name, std::string_view help);

  MetricFamilies& add(double value, const Labels& labels = {});
  MetricFamilies& add(const jobs::Histogram& histogram, const Labels& labels = {});

  template <class Number>
  MetricFamilies& add_number(Number value, const Labels& labels = {}) {
    return add(static_cast<double>(value), labels);
  }

  /// The text format of Prometheus, version 0.0.4.
  [[nodiscard]] std::string text() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace darkroom::http
