#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>
#include <tl/expected.hpp>

#include "actors/job_wire.hpp"
#include "actors/service_wire.hpp"
#include "actors/worker_messages.hpp"
#include "imaging/operations.hpp"
#include "jobs/delivery_retry.hpp"
#include "jobs/delivery_schedule.hpp"
#include "jobs/job.hpp"
#include "persistence/blob_url.hpp"
#include "persistence/job_store.hpp"

// What messages carry, and the form on the wire of what travels between nodes. A change of that
// changes `wire_version`.

namespace darkroom::actors {

/// Nodes talk to each other only where this is the same on both sides.
inline constexpr const char* wire_version = "darkroom-9";

// -- Between coordinator and ingest nodes -------------------------------------------------------

/// What an ingest node wants to do with a blob, for which it asks for a URL.
struct BlobGrantRequest {
  persistence::BlobMethod method = persistence::BlobMethod::get;
  std::string key;
  std::uint64_t limit = 0;  ///< The most bytes of a PUT.
};

/// Deliveries about one job or batch, without their bodies.
struct DeliveryList {
  std::vector<jobs::Delivery> deliveries;
};

// -- Within the coordinator --------------------------------------------------------------------

/// Asks for what is to be sent by now.
struct DueQuery {
  std::optional<persistence::DuePlace> behind = {};
  std::uint32_t limit = 0;
};

struct DueList {
  std::vector<jobs::DueDelivery> deliveries;
  std::optional<persistence::DuePlace> last = {};  ///< Of the last one.
  bool more = false;                               ///< There are others behind it.
  jobs::Timestamp upto = {};                       ///< What falls due later is not among them.
};

/// What came of one try, for the registry to keep.
struct DeliveryOutcome {
  jobs::JobId delivery;
  jobs::TriedDelivery tried;
};

/// None where there was nothing to send.
struct SentDelivery {
  std::optional<jobs::TriedDelivery> tried = {};
};

struct JobList {
  std::vector<jobs::Job> jobs;
};

struct KeyList {
  std::vector<std::string> keys;  ///< Of blobs.
};

// -- Within a worker: these hold pixels and never leave the process ------------------------------

struct RenderRequest {
  imaging::Source source;
  jobs::RenditionSpec spec;
  std::stop_token stop = {};  ///< Once it is asked to stop the rendition is not begun.
};

struct RenderReply {
  tl::expected<imaging::RenderedImage, imaging::Error> result;
  std::chrono::steady_clock::duration took{};
};

// -- The form on the wire ----------------------------------------------------------------------

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, BlobGrantRequest& x) {
  return f(caf::meta::type_name("blob_grant_request"), x.method, x.key, x.limit);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, DeliveryList& x) {
  return f(caf::meta::type_name("delivery_list"), x.deliveries);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, JobList& x) {
  return f(caf::meta::type_name("job_list"), x.jobs);
}

}  // namespace darkroom::actors
