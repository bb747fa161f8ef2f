#include "actors/ingest_client.hpp"

#include <string>
#include <utility>

#include <caf/scoped_actor.hpp>

#include "actors/service_error.hpp"

namespace darkroom::actors {

void IngestClient::use(IngestActor ingest) {
  const std::scoped_lock lock{mutex_};
  ingest_ = std::move(ingest);
}

template <class Reply, class... Args>
tl::expected<Reply, ServiceError> IngestClient::request(Args... args) {
  IngestActor ingest;
  {
    const std::scoped_lock lock{mutex_};
    ingest = ingest_;
  }
  tl::expected<Reply, ServiceError> outcome = tl::unexpected(
      ServiceError{ServiceErrorCode::unavailable, "The job service is not running."});
  if (!ingest) return outcome;
  // An actor for this request alone costs about a microsecond, and no thread shares it.
  caf::scoped_actor self{system_};
  self->request(ingest, timeout_, std::move(args)...)
      .receive([&](Reply& reply) { outcome = std::move(reply); },
               [&](const caf::error& error) { outcome = tl::unexpected(to_service_error(error)); });
  return outcome;
}

tl::expected<void, ServiceError> IngestClient::admit(std::string_view preset) {
  auto outcome = request<atom::done>(atom::admit_v, std::string{preset});
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

tl::expected<void, ServiceError> IngestClient::admit() {
  auto outcome = request<atom::done>(atom::admit_v);
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

tl::expected<jobs::Job, ServiceError> IngestClient::create(NewJob job) {
  return request<jobs::Job>(atom::create_v, std::move(job));
}

tl::expected<jobs::Job, ServiceError> IngestClient::get(const jobs::JobId& id) {
  return request<jobs::Job>(atom::get_v, id);
}

tl::expected<jobs::Job, ServiceError> IngestClient::remove(const jobs::JobId& id) {
  return request<jobs::Job>(atom::remove_v, id);
}

tl::expected<ServiceStatus, ServiceError> IngestClient::status() {
  return request<ServiceStatus>(atom::status_v);
}

}  // namespace darkroom::actors
