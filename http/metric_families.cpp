#include "http/metric_families.hpp"

#include <chrono>
#include <cstddef>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace darkroom::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double seconds(jobs::Histogram::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

struct MetricFamilies::Content {
  void begin(std::string_view name, std::string_view help, MetricType type) {
    auto& family = families.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
  }

  ClientMetric& add(const Labels& labels) {
    auto& metric = families.back().metric.emplace_back();
    for (const auto& [name, value] : labels)
      metric.label.push_back({name, value});
    return metric;
  }

  std::vector<MetricFamily> families;
};

MetricFamilies::MetricFamilies() : content_(std::make_unique<Content>()) {}
MetricFamilies::~MetricFamilies() = default;

MetricFamilies& MetricFamilies::gauge(std::string_view name, std::string_view help) {
  content_->begin(name, help, MetricType::Gauge);
  return *this;
}

MetricFamilies& MetricFamilies::counter(std::string_view name, std::string_view help) {
  content_->begin(name, help, MetricType::Counter);
  return *this;
}

MetricFamilies& MetricFamilies::histogram(std::string_view name, std::string_view help) {
  content_->begin(name, help, MetricType::Histogram);
  return *this;
}

MetricFamilies& MetricFamilies::add(double value, const Labels& labels) {
  auto& metric = content_->add(labels);
  if (content_->families.back().type == MetricType::Gauge) {
    metric.gauge.value = value;
  } else {
    metric.counter.value = value;
  }
  return *this;
}

MetricFamilies& MetricFamilies::add(const jobs::Histogram& histogram, const Labels& labels) {
  auto& target = content_->add(labels).histogram;
  std::uint64_t so_far = 0;
  for (std::size_t i = 0; i < jobs::Histogram::bounds.size(); ++i) {
    so_far += histogram.counts.at(i);
    auto& bucket = target.bucket.emplace_back();
    bucket.cumulative_count = so_far;
    bucket.upper_bound = seconds(jobs::Histogram::bounds.at(i));
  }
  target.sample_count = so_far + histogram.counts.back();
  target.sample_sum = static_cast<double>(histogram.microseconds) / 1e6;
  return *this;
}

std::string MetricFamilies::text() const {
  return prometheus::TextSerializer{}.Serialize(content_->families);
}

}  // namespace darkroom::http
