#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/config.hpp"
#include "nodes/setting.hpp"

namespace darkroom::nodes {

using Setting = BasicSetting<Config>;

/// A line of the table: `Path` leads to the member of Config.
template <auto... Path>
[[nodiscard]] Setting setting(std::string_view section, std::string_view key, const ValueType& type,
                              std::string_view help) {
  return bind_setting<Config, Path...>(section, key, type, help);
}

/// Every setting, section by section. config.toml, the environment, the flags, the help texts and
/// `darkroom config` all follow from this table; a new setting is one line in it.
[[nodiscard]] std::span<const Setting> all_settings();

/// What a section is about, for the help texts and `darkroom config`; empty for no section of ours.
[[nodiscard]] std::string_view section_title(std::string_view section);

/// The sections of `settings`, each once, in their order.
[[nodiscard]] std::vector<std::string> section_names(std::span<const Setting> settings);

/// "--http-max-upload"
[[nodiscard]] std::string flag_name(const Setting& setting);

/// "DARKROOM_HTTP_MAX_UPLOAD"
[[nodiscard]] std::string environment_name(const Setting& setting);

}  // namespace darkroom::nodes
