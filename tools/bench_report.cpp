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

}  // namespace

void write_table(std::ostream& out, std::span<const BenchReport> reports) {
  constexpr int name_width = 24;
  constexpr int number_width = 10;
  out << std::fixed << std::setprecision(1);
  for (const BenchReport& report : reports) {
    out << report.input << "\n"
        << std::left << std::setw(name_width) << "  CPU milliseconds" << std::right
        << std::setw(number_width) << "min" << std::setw(number_width) << "median"
        << std::setw(number_width) << "max"
        << "\n";
    for (const BenchStep& step : report.steps) {
      const Summary summary = summarise(step.milliseconds);
      out << std::left << std::setw(name_width) << "  " + step.name << std::right
          << std::setw(number_width) << summary.least << std::setw(number_width) << summary.median
          << std::setw(number_width) << summary.most << "\n";
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
      const Summary summary = summarise(step.milliseconds);
      json.Key(step.name.c_str());
      json.StartObject();
      json.Key("min");
      json.Double(summary.least);
      json.Key("median");
      json.Double(summary.median);
      json.Key("max");
      json.Double(summary.most);
      json.Key("runs");
      json.StartArray();
      for (const double value : step.milliseconds)
        json.Double(value);
      json.EndArray();
      json.EndObject();
    }
    json.EndObject();
    json.EndObject();
  }
  json.EndArray();
  out << "\n";
}

}  // namespace darkroom::tools
