#pragma once

#include <span>
#include <string_view>

#include "jobs/rendition.hpp"
#include "nodes/setting.hpp"

namespace darkroom::nodes {

/// What can stand in one rendition, of a preset or of an upload. A new option is one line here; the
/// file, the JSON of uploads and `darkroom config` follow from the table.
[[nodiscard]] std::span<const BasicSetting<jobs::RenditionSpec>> rendition_settings();

/// What can stand in one [[watermark]] table.
[[nodiscard]] std::span<const BasicSetting<jobs::Watermark>> watermark_settings();

/// Where a rendition is kept that does not say: "resized", "compressed" or "thumbnails".
[[nodiscard]] std::string_view default_folder(jobs::Operation operation);

}  // namespace darkroom::nodes
