#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "jobs/delivery.hpp"

namespace darkroom::persistence {

/// The record of an entry of the outbox as the store keeps it; in the form, and under the schema
/// version, of pack_job().
[[nodiscard]] std::string pack_delivery(const jobs::Delivery& delivery);

/// Reads what pack_delivery() wrote. Any other bytes give an error that says what was wrong.
[[nodiscard]] tl::expected<jobs::Delivery, std::string> unpack_delivery(std::string_view record);

}  // namespace darkroom::persistence
