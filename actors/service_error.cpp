#include "actors/service_error.hpp"

#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace darkroom::actors {
namespace {

constexpr auto category = caf::atom("service");

std::string text_of(const caf::error& error) {
  const auto& context = error.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0) : std::string{};
}

}  // namespace

caf::error make_error(const ServiceError& error) {
  return {static_cast<std::uint8_t>(error.code), category, caf::make_message(error.message)};
}

ServiceError to_service_error(const caf::error& error) {
  if (error.category() == category) {
    return {static_cast<ServiceErrorCode>(error.code()), text_of(error)};
  }
  if (error.category() == caf::atom("system") &&
      error.code() == static_cast<std::uint8_t>(caf::sec::request_timeout)) {
    return {ServiceErrorCode::unavailable, "The job service did not answer in time."};
  }
  return {ServiceErrorCode::unavailable, "The job service is not running at the moment."};
}

ServiceError to_service_error(const persistence::StoreError& error) {
  const bool full = error.code == persistence::StoreErrorCode::no_space;
  return {full ? ServiceErrorCode::store_full : ServiceErrorCode::store_failed, error.message};
}

std::string_view to_string(ServiceErrorCode code) {
  switch (code) {
    case ServiceErrorCode::unknown_job:
      return "unknown_job";
    case ServiceErrorCode::unknown_preset:
      return "unknown_preset";
    case ServiceErrorCode::queue_full:
      return "queue_full";
    case ServiceErrorCode::store_full:
      return "store_full";
    case ServiceErrorCode::store_failed:
      return "store_failed";
    case ServiceErrorCode::unavailable:
      return "unavailable";
    case ServiceErrorCode::stale_lease:
      return "stale_lease";
    case ServiceErrorCode::unknown_worker:
      return "unknown_worker";
    case ServiceErrorCode::duplicate_job:
      return "duplicate_job";
  }
  return "unknown";
}

}  // namespace darkroom::actors
