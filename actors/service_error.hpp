#pragma once

#include <caf/error.hpp>

#include "actors/job_service.hpp"
#include "persistence/error.hpp"

namespace darkroom::actors {

/// As an error that travels in messages.
[[nodiscard]] caf::error make_error(const ServiceError& error);

/// Back again. CAF's own errors, a timeout or a vanished actor above all, become `unavailable`.
[[nodiscard]] ServiceError to_service_error(const caf::error& error);

/// A full disk becomes store_full, anything else store_failed.
[[nodiscard]] ServiceError to_service_error(const persistence::StoreError& error);

[[nodiscard]] std::string_view to_string(ServiceErrorCode code);

}  // namespace darkroom::actors
