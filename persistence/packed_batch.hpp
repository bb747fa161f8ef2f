#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/batch.hpp"

namespace darkroom::persistence {

/// The batch's record as the store keeps it; in the form, and under the schema version, of
/// pack_job().
[[nodiscard]] std::string pack_batch(const jobs::Batch& batch);

/// Reads what pack_batch() wrote. Any other bytes give an error that says what was wrong.
[[nodiscard]] tl::expected<jobs::Batch, std::string> unpack_batch(std::string_view record);

}  // namespace darkroom::persistence
