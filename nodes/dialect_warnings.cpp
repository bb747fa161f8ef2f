#include "nodes/dialect_warnings.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "http/dialects.hpp"

namespace darkroom::nodes {
namespace {

using jobs::Operation;

/// That of uploads which name none, as those of the other services do.
constexpr std::string_view default_preset = "default";

std::vector<std::string_view> missing(const jobs::Preset& preset,
                                      std::span<const Operation> wanted) {
  std::vector<std::string_view> names;
  for (const auto operation : wanted) {
    const bool made = std::ranges::any_of(
        preset.renditions, [operation](const auto& spec) { return spec.operation == operation; });
    if (!made) names.push_back(to_string(operation));
  }
  return names;
}

}  // namespace

std::vector<std::string> dialect_warnings(const Config& config) {
  std::vector<std::string> warnings;
  const auto dialects = http::Dialects::parse(config.http.dialects);
  const auto preset = std::ranges::find(config.presets, default_preset, &jobs::Preset::name);
  if (!dialects || preset == config.presets.end()) return warnings;
  const auto check = [&](bool on, std::string_view dialect,
                         std::initializer_list<Operation> wanted) {
    if (!on) return;
    const auto lacking = missing(*preset, {wanted.begin(), wanted.size()});
    if (lacking.empty()) return;
    warnings.push_back(
        fmt::format("http.dialects: the preset {} has no rendition by {}, so answers to clients of "
                    "{} will have none; add it, or take {} out of the list",
                    default_preset, fmt::join(lacking, " and "), dialect, dialect));
  };
  check(dialects->django, "django", {Operation::thumbnail});
  check(dialects->upload, "upload", {Operation::resize, Operation::compress, Operation::thumbnail});
  check(dialects->fastapi, "fastapi", {Operation::resize, Operation::thumbnail});
  return warnings;
}

}  // namespace darkroom::nodes
