#include "nodes/config_file.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "nodes/nearest_name.hpp"
#include "nodes/queue_settings.hpp"
#include "nodes/rendition_settings.hpp"

namespace darkroom::nodes {
namespace {

std::string_view in_words(toml::node_type type) {
  return type == toml::node_type::table ? "a table" : "a date or time";
}

/// Empty where the list holds anything but numbers.
std::vector<double> numbers_of(const toml::array& list) {
  std::vector<double> numbers;
  for (const toml::node& element : list) {
    const auto number = element.value<double>();
    if (!element.is_number() || !number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

tl::expected<SettingValue, std::string> value_from_node(const ValueType& type,
                                                        const toml::node& node) {
  if (const auto* text = node.as_string()) return value_from_string(type, text->get());
  if (const auto* integer = node.as_integer()) return value_from_integer(type, integer->get());
  if (const auto* number = node.as_floating_point()) return value_from_number(type, number->get());
  if (const auto* flag = node.as_boolean()) return value_from_flag(type, flag->get());
  if (const auto* list = node.as_array()) return value_from_list(type, numbers_of(*list));
  return tl::make_unexpected(fmt::format("{}, not {}", expectation(type), in_words(node.type())));
}

/// What a file that has been parsed says, taken over setting by setting.
class FileReader {
 public:
  FileReader(std::span<const Setting> settings, const std::string& name, EffectiveConfig& effective)
      : settings_(settings), name_(name), effective_(effective) {}

  void read(const toml::table& file);

  /// In the order of the lines.
  [[nodiscard]] std::vector<Problem> take_problems();

 private:
  struct LocatedProblem {
    toml::source_index line;
    Problem problem;
  };

  /// `what` begins the sentence: the setting, table or preset that it is about.
  void note(const toml::source_region& where, std::string_view what, std::string_view message,
            std::string setting = {});
  [[nodiscard]] std::string location(const toml::source_region& where) const;

  void read_section(const std::string& section, const toml::table& table);
  void read_unknown_at_top(const toml::key& key, const toml::node& node);
  /// Reads each table of [[preset]], [[watermark]] or [[queue]], which is called `kind`.
  void read_tables(const std::string& kind, const toml::node& node,
                   void (FileReader::*read_table)(const toml::table&));
  void read_watermark(const toml::table& table);
  void read_queue(const toml::table& table);
  void read_preset(const toml::table& table);
  std::optional<jobs::RenditionSpec> read_rendition(const std::string& label,
                                                    const toml::node& node);
  /// Sets the members of `owner` that `table` names; `required` must be among them.
  template <class Owner>
  void read_fields(const std::string& label, const toml::table& table,
                   std::span<const BasicSetting<Owner>> fields,
                   std::initializer_list<std::string_view> required, Owner& owner);

  std::span<const Setting> settings_;
  const std::string& name_;
  EffectiveConfig& effective_;
  std::vector<jobs::Preset> presets_;
  std::vector<LocatedProblem> problems_;
};

std::string FileReader::location(const toml::source_region& where) const {
  return fmt::format("{}:{}", name_, where.begin.line);
}

void FileReader::note(const toml::source_region& where, std::string_view what,
                      std::string_view message, std::string setting) {
  problems_.push_back(
      {where.begin.line,
       {std::move(setting), fmt::format("{}: {}: {}", location(where), what, message)}});
}

std::vector<Problem> FileReader::take_problems() {
  std::ranges::stable_sort(problems_, {}, &LocatedProblem::line);
  std::vector<Problem> problems;
  for (LocatedProblem& located : problems_)
    problems.push_back(std::move(located.problem));
  return problems;
}

void FileReader::read(const toml::table& file) {
  const std::vector<std::string> sections = section_names(settings_);
  for (const auto& [key, node] : file) {
    const std::string section{key.str()};
    if (section == "preset") {
      read_tables(section, node, &FileReader::read_preset);
    } else if (section == "watermark") {
      read_tables(section, node, &FileReader::read_watermark);
    } else if (section == "queue") {
      read_tables(section, node, &FileReader::read_queue);
    } else if (std::ranges::find(sections, section) == sections.end()) {
      read_unknown_at_top(key, node);
    } else if (const auto* table = node.as_table()) {
      read_section(section, *table);
    } else {
      note(key.source(), section,
           fmt::format("must be a table: write [{}] and its keys below", section));
    }
  }
  // The built-in preset stays unless the file has one of its name.
  const bool replaced =
      std::ranges::find(presets_, std::string{"default"}, &jobs::Preset::name) != presets_.end();
  if (replaced) effective_.config.presets.clear();
  std::ranges::move(presets_, std::back_inserter(effective_.config.presets));
}

void FileReader::read_unknown_at_top(const toml::key& key, const toml::node& node) {
  if (node.is_table() || node.is_array()) {
    std::vector<std::string> sections = section_names(settings_);
    sections.emplace_back("preset");
    sections.emplace_back("watermark");
    sections.emplace_back("queue");
    std::vector<std::string> written;
    written.reserve(sections.size());
    for (const std::string& section : sections)
      written.push_back(fmt::format("[{}]", section));
    note(key.source(), fmt::format("[{}]", key.str()),
         "there is no such section" + suggestion(fmt::format("[{}]", key.str()), written));
    return;
  }
  std::vector<std::string> names;
  for (const Setting& setting : settings_)
    names.push_back(setting.name());
  note(key.source(), key.str(),
       "there is no such setting outside a section" + suggestion(key.str(), names));
}

void FileReader::read_section(const std::string& section, const toml::table& table) {
  std::vector<std::string> names;
  for (const Setting& setting : settings_)
    names.push_back(setting.name());
  for (const auto& [key, node] : table) {
    const std::string name = fmt::format("{}.{}", section, key.str());
    const auto setting = std::ranges::find(settings_, name, &Setting::name);
    if (setting == settings_.end()) {
      note(key.source(), name, "there is no such setting" + suggestion(name, names));
      continue;
    }
    const auto value = value_from_node(setting->type, node);
    if (!value) {
      note(key.source(), name, setting->secret ? expectation(setting->type) : value.error(), name);
      continue;
    }
    setting->set(effective_.config, *value);
    effective_.origins[name] = location(key.source());
  }
}

void FileReader::read_tables(const std::string& kind, const toml::node& node,
                             void (FileReader::*read_table)(const toml::table&)) {
  const toml::array* tables = node.as_array();
  if (tables == nullptr || !tables->is_homogeneous(toml::node_type::table)) {
    note(node.source(), kind, fmt::format("write each {0} as a table of its own: [[{0}]]", kind));
    return;
  }
  for (const toml::node& table : *tables)
    (this->*read_table)(*table.as_table());
}

void FileReader::read_watermark(const toml::table& table) {
  const std::size_t problems_before = problems_.size();
  jobs::Watermark watermark;
  const auto name = table["name"].value<std::string>();
  const std::string label =
      name ? fmt::format("watermark \"{}\"", *name) : "watermark without a name";
  read_fields(label, table, watermark_settings(), {"name", "image"}, watermark);
  if (problems_.size() != problems_before) return;
  effective_.origins["watermark." + watermark.name] = location(table.source());
  effective_.config.watermarks.push_back(std::move(watermark));
}

void FileReader::read_queue(const toml::table& table) {
  const std::size_t problems_before = problems_.size();
  Queue queue;
  const auto name = table["name"].value<std::string>();
  const std::string label = name ? fmt::format("queue \"{}\"", *name) : "queue without a name";
  read_fields(label, table, queue_settings(), {"name"}, queue);
  if (problems_.size() != problems_before) return;
  effective_.origins["queue." + queue.name] = location(table.source());
  effective_.config.queues.push_back(std::move(queue));
}

void FileReader::read_preset(const toml::table& table) {
  const std::vector<std::string> keys{"name", "renditions"};
  const std::size_t problems_before = problems_.size();
  jobs::Preset preset;
  preset.name = table["name"].value_or(std::string{});
  const std::string label =
      preset.name.empty() ? "preset without a name" : fmt::format("preset \"{}\"", preset.name);
  for (const auto& [key, node] : table) {
    if (std::ranges::find(keys, key.str()) != keys.end()) continue;
    note(key.source(), label,
         fmt::format("there is no setting {}{}", key.str(), suggestion(key.str(), keys)));
  }
  if (preset.name.empty()) note(table.source(), label, "give it one: name = \"...\"");
  const toml::array* renditions = table["renditions"].as_array();
  if (renditions == nullptr) {
    note(table.source(), label,
         "must have a list: renditions = [ { name = \"...\", operation = \"...\" } ]");
    return;
  }
  for (std::size_t i = 0; i < renditions->size(); ++i) {
    const std::string rendition_label = fmt::format("{}, rendition {}", label, i + 1);
    effective_.origins[rendition_origin(preset.name, i)] = location(renditions->at(i).source());
    auto rendition = read_rendition(rendition_label, renditions->at(i));
    if (rendition) preset.renditions.push_back(*std::move(rendition));
  }
  if (problems_.size() != problems_before) return;
  effective_.origins["preset." + preset.name] = location(table.source());
  presets_.push_back(std::move(preset));
}

std::optional<jobs::RenditionSpec> FileReader::read_rendition(const std::string& label,
                                                              const toml::node& node) {
  const toml::table* table = node.as_table();
  if (table == nullptr) {
    note(node.source(), label,
         "must be a table such as { name = \"small\", operation = \"resize\" }");
    return std::nullopt;
  }
  const std::size_t problems_before = problems_.size();
  jobs::RenditionSpec spec;
  read_fields(label, *table, rendition_settings(), {"name", "operation"}, spec);
  if (!table->contains("folder")) spec.folder = default_folder(spec.operation);
  if (problems_.size() != problems_before) return std::nullopt;
  return spec;
}

template <class Owner>
void FileReader::read_fields(const std::string& label, const toml::table& table,
                             std::span<const BasicSetting<Owner>> fields,
                             std::initializer_list<std::string_view> required, Owner& owner) {
  std::vector<std::string> names;
  for (const auto& field : fields)
    names.push_back(field.key);
  for (const auto& [key, value_node] : table) {
    const auto field = std::ranges::find(fields, key.str(), &BasicSetting<Owner>::key);
    if (field == fields.end()) {
      note(key.source(), label,
           fmt::format("there is no setting {}{}", key.str(), suggestion(key.str(), names)));
      continue;
    }
    const auto value = value_from_node(field->type, value_node);
    if (value) {
      field->set(owner, *value);
    } else {
      note(key.source(), label, fmt::format("{} {}", field->key, value.error()));
    }
  }
  for (const std::string_view key : required) {
    if (!table.contains(key)) note(table.source(), label, fmt::format("lacks {}", key));
  }
}

}  // namespace

void apply_config_file(std::span<const Setting> settings, const std::string& name,
                       std::string_view text, EffectiveConfig& effective,
                       std::vector<Problem>& problems) {
  try {
    const toml::table file = toml::parse(text, name);
    FileReader reader(settings, name, effective);
    reader.read(file);
    for (Problem& problem : reader.take_problems())
      problems.push_back(std::move(problem));
  } catch (const toml::parse_error& error) {
    const toml::source_position& where = error.source().begin;
    problems.push_back(
        {"", fmt::format("{}:{}:{}: {}", name, where.line, where.column, error.description())});
  }
}

}  // namespace darkroom::nodes
