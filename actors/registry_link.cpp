#include "actors/registry_link.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/unexpected.hpp"

namespace darkroom::actors {
namespace {

using Self = RegistryLinkActor::stateful_pointer<RegistryLinkState>;

constexpr std::chrono::milliseconds first_backoff{100};
constexpr std::chrono::milliseconds longest_backoff{2'000};

ServiceError unreachable() {
  return {ServiceErrorCode::unavailable, "The coordinator cannot be reached at the moment."};
}

}  // namespace

void RegistryLinkState::connect() {
  config.connect(
      self, [this](ClusterRegistryActor registry) { enlist(std::move(registry)); },
      [this](const std::string& why) {
        wait(why);
        backoff = std::clamp(backoff * 2, first_backoff, longest_backoff);
        schedule_tick(backoff);
      });
}

void RegistryLinkState::wait(const std::string& why) {
  if (why == waits_for) return;
  waits_for = why;
  spdlog::info("waiting for the coordinator: {}", why);
}

void RegistryLinkState::enlist(ClusterRegistryActor registry) {
  found = std::move(registry);
  self->monitor(found);
  ++connection;
  self->request(found, config.timeout, atom::enlist_v, config.hello,
                NodeActor{static_cast<RegistryLinkActor::pointer>(self)})
      .then(
          [this, which = connection](const NodeWelcome& welcome) {
            if (which != connection || !found) return;
            enlisted = true;
            waits_for.clear();
            backoff = std::chrono::milliseconds{0};
            spdlog::info("connected to the coordinator node={} coordinator_version={}",
                         config.hello.node.name, welcome.version);
            if (config.enlisted) config.enlisted(welcome);
          },
          [this, which = connection](const caf::error& error) {
            wait(to_service_error(error).message);
            lost(which);
          });
}

void RegistryLinkState::lost(std::uint64_t which_connection) {
  if (!found || which_connection != connection) return;
  self->demonitor(found.address());
  found = nullptr;
  enlisted = false;
  fail_all();
  backoff = std::clamp(backoff * 2, first_backoff, longest_backoff);
  schedule_tick(backoff);
}

void RegistryLinkState::schedule_tick(std::chrono::milliseconds delay) {
  self->delayed_send(self, delay, atom::tick_v, ++tick_generation);
}

void RegistryLinkState::fail_all() {
  const auto error = make_error(unreachable());
  for (auto& [number, fail] : std::exchange(pending, {}))
    fail(error);
}

template <class Reply, class... Args>
caf::result<Reply> RegistryLinkState::forward(Args... args) {
  return forward_within<Reply>(config.timeout, std::move(args)...);
}

template <class Reply, class... Args>
caf::result<Reply> RegistryLinkState::forward_within(std::chrono::milliseconds timeout,
                                                     Args... args) {
  if (!enlisted) return make_error(unreachable());
  auto promise = self->make_response_promise<Reply>();
  const auto number = ++last_request;
  pending.emplace(number, [promise](const caf::error& error) mutable { promise.deliver(error); });
  // Whoever takes the request out of `pending` answers it, so that it is answered once.
  self->request(found, timeout, std::move(args)...)
      .then(
          [this, number, promise](Reply& reply) mutable {
            if (pending.erase(number) > 0) promise.deliver(std::move(reply));
          },
          [this, number, promise](const caf::error& error) mutable {
            if (pending.erase(number) > 0) promise.deliver(error);
          });
  return promise;
}

RegistryLinkActor::behavior_type registry_link(Self self, RegistryLinkConfig config) {
  auto& state = self->state;
  state.config = std::move(config);
  self->set_default_handler(drop_unexpected);
  self->set_down_handler([self](const caf::down_msg& down) {
    auto& link = self->state;
    if (!link.found || link.found.address() != down.source) return;
    spdlog::warn("lost the coordinator node={}", link.config.hello.node.name);
    link.lost(link.connection);
  });
  self->set_exit_handler([self](caf::exit_msg& exit) {
    self->state.fail_all();
    self->quit(std::move(exit.reason));
  });
  state.schedule_tick(std::chrono::milliseconds{0});

  return {
      // -- ClientRegistryActor
      [self](atom::admit) { return self->state.forward<atom::done>(atom::admit_v); },
      [self](atom::create, jobs::Job& job) {
        return self->state.forward<CreatedJob>(atom::create_v, std::move(job));
      },
      [self](atom::create, jobs::Batch& batch, JobList& jobs) {
        return self->state.forward<CreatedBatch>(atom::create_v, std::move(batch), std::move(jobs));
      },
      [self](atom::batch, const jobs::JobId& id) {
        return self->state.forward<BatchState>(atom::batch_v, id);
      },
      [self](atom::results, jobs::Job& wish) {
        return self->state.forward<JobList>(atom::results_v, std::move(wish));
      },
      [self](atom::get, const jobs::JobId& id) {
        return self->state.forward<jobs::Job>(atom::get_v, id);
      },
      [self](atom::remove, const jobs::JobId& id) {
        return self->state.forward<jobs::Job>(atom::remove_v, id);
      },
      [self](atom::cancel, const jobs::JobId& id) {
        return self->state.forward<jobs::Job>(atom::cancel_v, id);
      },
      [self](atom::retry, const jobs::JobId& id) {
        return self->state.forward<jobs::Job>(atom::retry_v, id);
      },
      [self](atom::retry, const jobs::JobId& after, std::uint32_t limit) {
        return self->state.forward<RetriedJobs>(atom::retry_v, after, limit);
      },
      [self](atom::changes, const EventQuery& query) {
        const std::chrono::milliseconds held{query.hold_ms};
        return self->state.forward_within<JobEvents>(held + self->state.config.timeout,
                                                     atom::changes_v, query);
      },
      [self](atom::ended, const EventQuery& query) {
        return self->state.forward<JobEvents>(atom::ended_v, query);
      },
      [self](atom::list, const JobQuery& query) {
        return self->state.forward<JobPage>(atom::list_v, query);
      },
      [self](atom::retry, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) {
        return self->state.forward<BulkDone>(atom::retry_v, filter, after, limit);
      },
      [self](atom::remove, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) {
        return self->state.forward<BulkRemoved>(atom::remove_v, filter, after, limit);
      },
      [self](atom::deliveries, const jobs::JobId& subject) {
        return self->state.forward<DeliveryList>(atom::deliveries_v, subject);
      },
      [self](atom::replay, const jobs::JobId& subject, const jobs::JobId& delivery) {
        return self->state.forward<DeliveryList>(atom::replay_v, subject, delivery);
      },
      [self](atom::status) { return self->state.forward<ServiceStatus>(atom::status_v); },
      [self](atom::sign, const BlobGrantRequest& wanted) {
        return self->state.forward<std::string>(atom::sign_v, wanted);
      },
      [self](atom::pause, const std::string& queue, bool paused) {
        return self->state.forward<atom::done>(atom::pause_v, queue, paused);
      },
      [self](atom::api_keys, std::uint64_t known) {
        return self->state.forward<KeyTable>(atom::api_keys_v, known);
      },
      [self](atom::api_keys, KeyTable& wanted) {
        return self->state.forward<KeyTable>(atom::api_keys_v, std::move(wanted));
      },
      [self](atom::workers) { return self->state.forward<WorkerList>(atom::workers_v); },
      [self](atom::drain, const std::string& name, bool drained) {
        return self->state.forward<WorkerList>(atom::drain_v, name, drained);
      },
      // -- AttendanceActor
      [self](atom::joined, const std::string& worker) {
        return self->state.forward<Attendance>(atom::joined_v, worker);
      },
      [self](atom::exited, const std::string& worker, const std::string& how) {
        // Where it is lost, the worker's broken connection tells the same, without the reason.
        if (self->state.enlisted) self->send(self->state.found, atom::exited_v, worker, how);
      },
      // --
      [](atom::ping) { return atom::done_v; },
      [self](atom::demand, const DemandQuery& query) {
        return self->state.forward<Demand>(atom::demand_v, query);
      },
      [self](atom::tick, std::uint64_t generation) {
        if (generation != self->state.tick_generation || self->state.found) return;
        self->state.connect();
      },
  };
}

}  // namespace darkroom::actors
