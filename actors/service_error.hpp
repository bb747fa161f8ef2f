#pragma once

#include <caf/error.hpp>

#include "actors/job_service.hpp"
#include "persistence/error.hpp"

namespace darkroom::actors {

/// As an error that travels in messages.
[[nodiscard]] caf::error make_error(const ServiceError& error);

/// Back again. CAF's own errors, a timeout or a vanished actor above all, become `unavailable`.
[[nodiscard]] ServiceError to_service_error(const caf::error& error);

/// Of a read. A full disk becomes store_full, a damaged record damaged, anything else store_failed.
[[nodiscard]] ServiceError to_service_error(const persistence::StoreError& error);

/// The same of a write, which no record can be blamed for.
[[nodiscard]] ServiceError to_write_error(const persistence::StoreError& error);

}  // namespace darkroom::actors
