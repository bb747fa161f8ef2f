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

ServiceError no_such_job(const jobs::JobId& id) {
  return {ServiceErrorCode::unknown_job,
          "There is no job " + id.to_string() + "; it may have expired or been deleted."};
}

ServiceError no_such_batch(const jobs::JobId& id) {
  return {ServiceErrorCode::unknown_batch,
          "There is no batch " + id.to_string() + "; it may have expired."};
}

ServiceError no_such_delivery(const jobs::JobId& id) {
  return {ServiceErrorCode::unknown_delivery,
          "There is no delivery " + id.to_string() + " of this; it may have expired."};
}

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
  switch (error.code) {
    case persistence::StoreErrorCode::no_space:
      return {ServiceErrorCode::store_full, error.message};
    case persistence::StoreErrorCode::corrupt:
      return {ServiceErrorCode::damaged, error.message};
    default:
      return {ServiceErrorCode::store_failed, error.message};
  }
}

ServiceError to_write_error(const persistence::StoreError& error) {
  auto mapped = to_service_error(error);
  if (mapped.code == ServiceErrorCode::damaged) mapped.code = ServiceErrorCode::store_failed;
  return mapped;
}

}  // namespace darkroom::actors
