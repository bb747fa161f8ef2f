#include "tools/bench_report.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>

#include <rapidjson/ostreamwrapper.h>
#include <rapidjson/prettywriter.h>

namespace darkroom::tools {
namespace {

struct Summary {
  double least = 0;
  double median = 0;
  double most = 0;
};

Summary summarise(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const bool odd = values.size() % 2 == 1;
  const double median = odd ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {.least = values.front(), .median = median, .most = values.back()};
}

constexpr int name_width = 24;
constexpr int number_width = 10;

void write_line(std::ostream& out, const std::string& name, const Summary& summary) {
  out << std::left << std::setw(name_width) << "  " + name << std::right << std::setw(number_width)
      << summary.least << std::setw(number_width) << summary.median << std::setw(number_width)
      << summary.most;
}

struct Ratios {
  double medians = 0;
  double minima = 0;
};

Ratios ratios(const BenchReport& report, const BenchComparison& rival) {
  const Summary ours = summarise(report.steps.back().milliseconds);
  const Summary theirs = summarise(rival.milliseconds);
  const auto part = [](double a, double b) { return b > 0 ? a / b : 0; };
  return {.medians = part(ours.median, theirs.median), .minima = part(ours.least, theirs.least)};
}

template <class Json>
void write_times(Json& json, const std::vector<double>& milliseconds) {
  const Summary summary = summarise(milliseconds);
  json.Key("min");
  json.Double(summary.least);
  json.Key("median");
  json.Double(summary.median);
  json.Key("max");
  json.Double(summary.most);
  json.Key("runs");
  json.StartArray();
  for (const double value : milliseconds)
    json.Double(value);
  json.EndArray();
}

}  // namespace

void write_table(std::ostream& out, std::span<const BenchReport> reports) {
  out << std::fixed << std::setprecision(1);
  for (const BenchReport& report : reports) {
    out << report.input << "\n"
        << std::left << std::setw(name_width) << "  CPU milliseconds" << std::right
        << std::setw(number_width) << "min" << std::setw(number_width) << "median"
        << std::setw(number_width) << "max"
        << "\n";
    for (const BenchStep& step : report.steps) {
      const Summary summary = summarise(step.milliseconds);
      write_line(out, step.name, summary);
      out << "\n";
    }
    if (!report.entropy_floor.empty()) {
      write_line(out, "entropy floor", summarise(report.entropy_floor));
      out << "\n";
    }
    for (const BenchComparison& rival : report.against) {
      write_line(out, rival.name, summarise(rival.milliseconds));
      const Ratios part = ratios(report, rival);
      out << "   we take " << std::setprecision(2) << part.medians << " of it (of the minima "
          << part.minima << ")\n"
          << std::setprecision(1);
    }
  }
}

void write_json(std::ostream& out, std::span<const BenchReport> reports) {
  rapidjson::OStreamWrapper stream(out);
  rapidjson::PrettyWriter<rapidjson::OStreamWrapper> json(stream);
  json.SetFormatOptions(rapidjson::kFormatSingleLineArray);
  json.SetMaxDecimalPlaces(3);
  json.StartArray();
  for (const BenchReport& report : reports) {
    json.StartObject();
    json.Key("input");
    json.String(report.input.c_str());
    json.Key("cpu_ms");
    json.StartObject();
    for (const BenchStep& step : report.steps) {
      json.Key(step.name.c_str());
      json.StartObject();
      write_times(json, step.milliseconds);
      json.EndObject();
    }
    json.EndObject();
    if (!report.entropy_floor.empty()) {
      json.Key("entropy_floor_ms");
      json.StartObject();
      write_times(json, report.entropy_floor);
      json.EndObject();
    }
    json.Key("against");
    json.StartObject();
    for (const BenchComparison& rival : report.against) {
      json.Key(rival.name.c_str());
      json.StartObject();
      json.Key("ratio");
      json.Double(ratios(report, rival).medians);
      json.Key("ratio_of_minima");
      json.Double(ratios(report, rival).minima);
      write_times(json, rival.milliseconds);
      json.EndObject();
    }
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  out << "\n";
}

}  // namespace darkroom::tools
