#pragma once

#include <cstdint>

namespace darkroom::jobs {

/// No watermark's file may have more bytes: each job holds those that it lays over pictures.
inline constexpr std::uint64_t max_watermark_bytes = std::uint64_t{64} << 20U;

}  // namespace darkroom::jobs
