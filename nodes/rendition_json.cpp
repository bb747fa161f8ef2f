#include "nodes/rendition_json.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "jobs/rendition_check.hpp"
#include "jobs/rendition_resolve.hpp"
#include "nodes/nearest_name.hpp"
#include "nodes/rendition_settings.hpp"

namespace darkroom::nodes {
namespace {

using Field = BasicSetting<jobs::RenditionSpec>;
using Faults = std::vector<std::string>;

/// Names and words are shorter; what is longer need not be repeated to whoever sent it.
constexpr std::size_t max_text_bytes = 100;

constexpr std::string_view expected_form =
    "must be a JSON array such as [{\"name\":\"small\",\"operation\":\"resize\",\"width\":64}]";

std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

std::vector<double> numbers_of(const rapidjson::Value& list) {
  std::vector<double> numbers;
  for (const auto& element : list.GetArray()) {
    if (!element.IsNumber()) return {};
    numbers.push_back(element.GetDouble());
  }
  return numbers;
}

tl::expected<SettingValue, std::string> value_from_json(const ValueType& type,
                                                        const rapidjson::Value& value) {
  const auto refused = [&](std::string_view found) {
    return tl::make_unexpected(fmt::format("{}, not {}", expectation(type), found));
  };
  if (value.IsString()) {
    const auto text = text_of(value);
    if (text.size() > max_text_bytes) return refused("such a long text");
    return value_from_string(type, text);
  }
  if (value.IsInt64()) return value_from_integer(type, value.GetInt64());
  if (value.IsNumber()) return value_from_number(type, value.GetDouble());
  if (value.IsBool()) return value_from_flag(type, value.GetBool());
  if (value.IsArray()) return value_from_list(type, numbers_of(value));
  return refused(value.IsNull() ? "null" : "an object");
}

/// What an upload may say of a rendition.
std::span<const Field> upload_settings() {
  static const std::vector<Field> table = [] {
    std::vector<Field> fields;
    std::ranges::copy_if(rendition_settings(), std::back_inserter(fields),
                         [](const Field& field) { return field.key != "folder"; });
    return fields;
  }();
  return table;
}

std::string unknown_member(std::string_view name) {
  if (name == "folder") return "folder is for the operator to say, in a preset; leave it out";
  if (name.size() > max_text_bytes) return "there is no setting of such a long name";
  std::vector<std::string> names;
  for (const Field& field : upload_settings())
    names.push_back(field.key);
  return fmt::format("there is no setting {}{}", name, suggestion(name, names));
}

jobs::RenditionSpec read_rendition(const rapidjson::Value& object, std::string_view label,
                                   Faults& faults) {
  jobs::RenditionSpec spec;
  const auto fault = [&](std::string_view text) {
    faults.push_back(fmt::format("{}: {}", label, text));
  };
  if (!object.IsObject()) {
    fault("must be an object such as {\"name\":\"small\",\"operation\":\"resize\"}");
    return spec;
  }
  std::set<std::string_view> seen;
  for (const auto& member : object.GetObject()) {
    const std::string_view name = text_of(member.name);
    const auto field = std::ranges::find(upload_settings(), name, &Field::key);
    if (field == upload_settings().end()) {
      fault(unknown_member(name));
    } else if (!seen.insert(name).second) {
      fault(fmt::format("{} is given twice", name));
    } else if (const auto value = value_from_json(field->type, member.value)) {
      field->set(spec, *value);
    } else {
      fault(fmt::format("{} {}", name, value.error()));
    }
  }
  for (const std::string_view required : {"name", "operation"}) {
    if (!object.HasMember(required.data())) fault(fmt::format("lacks {}", required));
  }
  spec.folder = default_folder(spec.operation);
  return spec;
}

tl::unexpected<Faults> refused(std::string fault) {
  return tl::make_unexpected(Faults{std::move(fault)});
}

}  // namespace

tl::expected<std::vector<jobs::RenditionSpec>, Faults> read_renditions(
    std::string_view json, std::size_t limit, std::span<const jobs::Watermark> watermarks) {
  // Iterative, because the text may be nested deeper than the stack. Not in full precision, which
  // RapidJSON 1.1.0 has undefined behaviour for (0e9); the difference begins at 15 digits.
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  rapidjson::Document document;
  document.Parse<flags>(json.data(), json.size());
  if (document.HasParseError()) {
    return refused(fmt::format("{}; at byte {}: {}", expected_form, document.GetErrorOffset(),
                               rapidjson::GetParseError_En(document.GetParseError())));
  }
  if (!document.IsArray()) return refused(std::string{expected_form});
  if (document.Size() > limit) {
    return refused(fmt::format("must have 1 to {} renditions, not {}", limit, document.Size()));
  }
  Faults faults;
  std::vector<jobs::RenditionSpec> renditions;
  for (const auto& element : document.GetArray()) {
    const std::string label = fmt::format("rendition {}", renditions.size() + 1);
    renditions.push_back(read_rendition(element, label, faults));
  }
  // Between options only where each is right in itself: else one mistake would be told twice.
  if (faults.empty()) faults = jobs::rendition_list_faults(renditions, limit);
  if (faults.empty()) faults = jobs::resolve_watermarks(renditions, watermarks);
  if (!faults.empty()) return tl::make_unexpected(std::move(faults));
  return renditions;
}

tl::expected<std::vector<jobs::RenditionSpec>, std::string> read_renditions_of_upload(
    std::string_view json, std::size_t limit, std::span<const jobs::Watermark> watermarks) {
  auto read = read_renditions(json, limit, watermarks);
  if (read) return std::move(*read);
  constexpr std::size_t most = 5;
  const Faults& faults = read.error();
  const auto told = std::span{faults}.first(std::min(faults.size(), most));
  const std::string more =
      faults.size() > most ? fmt::format("; and {} more", faults.size() - most) : std::string{};
  return tl::make_unexpected(fmt::format("renditions: {}{}.", fmt::join(told, "; "), more));
}

}  // namespace darkroom::nodes
