#include <algorithm>
#include <iomanip>
#include <ostream>

#include "json/json_writer.hpp"
#include "tools/bench_scale.hpp"
#include "tools/latency_json.hpp"
#include "tools/latency_text.hpp"

namespace darkroom::tools {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double factor(const std::vector<double>& many, const std::vector<double>& one) {
  return one.empty() ? 0 : median(many) / median(one);
}

void write_runs(std::ostream& out, const std::vector<double>& runs) {
  out << std::fixed << std::setprecision(1) << std::setw(8) << median(runs) << "   (";
  for (std::size_t i = 0; i < runs.size(); ++i)
    out << (i > 0 ? " " : "") << runs[i];
  out << ")\n";
}

void write_series(std::ostream& out, const ScaleSeries& series) {
  out << series.workers << (series.workers == 1 ? " worker process\n" : " worker processes\n");
  out << "  the service          ";
  write_runs(out, series.service);
  out << "  imaging code alone   ";
  write_runs(out, series.pixels);
}

void write_series(json::JsonWriter& json, const char* name, const ScaleSeries& series) {
  json.object(name, [&] {
    json.member("workers", series.workers);
    json.member("jobs_per_second", median(series.service));
    json.member("pixels_jobs_per_second", median(series.pixels));
    json.list("runs", series.service, [&](double rate) { json.member("jobs_per_second", rate); });
    json.list("pixels_runs", series.pixels,
              [&](double rate) { json.member("jobs_per_second", rate); });
  });
}

}  // namespace

void write_scale_table(std::ostream& out, const ScaleReport& report) {
  out << report.photos << "\njobs a second with a full queue, medians (and all runs)\n";
  write_series(out, report.one);
  write_series(out, report.many);
  out << std::setprecision(2) << "the service is "
      << factor(report.many.service, report.one.service)
      << " times as fast, the imaging code alone " << factor(report.many.pixels, report.one.pixels)
      << "\n";
  write_load(out, report.load);
}

void write_scale_json(std::ostream& out, const ScaleReport& report) {
  json::JsonWriter json;
  json.member("photos", report.photos);
  write_series(json, "one", report.one);
  write_series(json, "many", report.many);
  json.member("factor", factor(report.many.service, report.one.service));
  json.member("pixels_factor", factor(report.many.pixels, report.one.pixels));
  write_load(json, report.load);
  out << json.finish() << "\n";
}

}  // namespace darkroom::tools
