#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/rendition.hpp"

namespace darkroom::nodes {

/// Reads the renditions that an upload or `darkroom process --renditions` asks for: a JSON array of
/// objects whose members are those of a preset's renditions, without `folder`, which is for the
/// operator to say. Nothing is taken on trust: unknown and repeated members, wrong types, values
/// out of bounds, options that do not go together, more than `limit` renditions and names that no
/// one of `watermarks` has are refused. On error a sentence for each mistake.
[[nodiscard]] tl::expected<std::vector<jobs::RenditionSpec>, std::vector<std::string>>
read_renditions(std::string_view json, std::size_t limit,
                std::span<const jobs::Watermark> watermarks);

/// The same with the error as one text for an HTTP answer: the first few mistakes.
[[nodiscard]] tl::expected<std::vector<jobs::RenditionSpec>, std::string> read_renditions_of_upload(
    std::string_view json, std::size_t limit, std::span<const jobs::Watermark> watermarks);

}  // namespace darkroom::nodes
