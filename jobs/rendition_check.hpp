#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/rendition.hpp"

namespace darkroom::jobs {

/// Renditions of one picture, whoever asks for them.
inline constexpr std::size_t max_renditions = 32;

/// Names become part of file names.
inline constexpr std::size_t max_name_length = 64;

/// True for 1 to 64 lower-case letters, digits, '-' and '_'.
[[nodiscard]] bool is_safe_name(std::string_view name);

/// 'the name "A b" must be 1 to 64 lower-case letters, digits, '-' and '_''; `what` is "the name".
[[nodiscard]] std::string unsafe_name(std::string_view what, std::string_view name);

/// Everything that is wrong with one rendition, in itself and between its options, as sentences
/// that name it; empty where it can be made. An option that would have no effect is a mistake too.
/// Whether a watermark of that name exists is for resolve_watermarks().
[[nodiscard]] std::vector<std::string> rendition_faults(const RenditionSpec& spec);

/// The same for all renditions of one picture together: also their number, from 1 to `limit`, and
/// that their names differ.
[[nodiscard]] std::vector<std::string> rendition_list_faults(
    std::span<const RenditionSpec> renditions, std::size_t limit = max_renditions);

/// Everything that is wrong with an operator's watermark but its image, which this does not read.
[[nodiscard]] std::vector<std::string> watermark_faults(const Watermark& watermark);

}  // namespace darkroom::jobs
