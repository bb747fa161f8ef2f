#include "actors/job_registry.hpp"

#include <utility>

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"
#include "actors/task_urls.hpp"
#include "actors/unexpected.hpp"

namespace darkroom::actors {
namespace {

using Self = JobRegistryActor::stateful_pointer<JobRegistryState>;

/// Answers with `value` once what is staged is durable, and tells the worker of the lease, if there
/// is one, that it is over. To be called once for a message: it may write, and what is staged then
/// may be undone.
template <class T>
caf::typed_response_promise<T> answer_durably(Self self, T value,
                                              std::optional<jobs::Lease> revoked = std::nullopt) {
  auto promise = self->template make_response_promise<T>();
  self->state.answer_after_commit(
      [self, promise, value = std::move(value),
       revoked = std::move(revoked)](const ServiceError* error) mutable {
        if (error != nullptr) {
          promise.deliver(make_error(*error));
          return;
        }
        if (revoked) self->state.revoke(*revoked);
        promise.deliver(std::move(value));
      });
  return promise;
}

/// The same for an outcome that may be an error already, which is answered at once.
template <class T>
caf::result<T> answer_durably(Self self, RegistryLedger::Result<T> outcome) {
  if (!outcome) return make_error(outcome.error());
  return answer_durably(self, std::move(*outcome));
}

caf::result<atom::done> answer_done(Self self, const RegistryLedger::Result<void>& outcome) {
  if (!outcome) return make_error(outcome.error());
  return answer_durably(self, atom::done_v);
}

/// Such a record stays where it is, and takes the service no further down than its own job.
void log_damage(const persistence::Damage& damage) {
  for (const auto& record : damage)
    spdlog::error("job record set aside: {} job={}", record.message, record.id.to_string());
}

caf::result<atom::done> handle_admit(Self self) {
  if (auto room = self->state.ledger->check_room(); !room) return make_error(room.error());
  return atom::done_v;
}

caf::result<jobs::Job> handle_get(Self self, const jobs::JobId& id) {
  auto job = self->state.ledger->get(id, self->state.wall_clock());
  // What is not durable yet must not be read, neither a new job nor the lack of a removed one.
  if (self->state.ledger->is_staged(id)) {
    auto promise = self->make_response_promise<jobs::Job>();
    self->state.answer_after_commit([self, id, promise](const ServiceError*) mutable {
      auto durable = self->state.ledger->durable(id, self->state.wall_clock());
      if (durable) {
        promise.deliver(std::move(*durable));
      } else {
        promise.deliver(make_error(durable.error()));
      }
    });
    return promise;
  }
  if (job) return std::move(*job);
  if (job.error().code == ServiceErrorCode::damaged) {
    spdlog::error("job asked for has a damaged record: {} job={}", job.error().message,
                  id.to_string());
  }
  return make_error(job.error());
}

caf::result<ServiceStatus> handle_status(Self self) {
  auto promise = self->make_response_promise<ServiceStatus>();
  self->state.after_look_at_store([self, promise]() mutable {
    auto status = self->state.ledger->status(self->state.now());
    status.resting_nodes = self->state.resting_nodes();
    promise.deliver(std::move(status));
  });
  return promise;
}

caf::result<atom::done> handle_join(Self self, const WorkerHello& hello, WorkerActor& worker) {
  auto answer = self->make_response_promise<atom::done>();
  self->state.join(hello, std::move(worker), answer);
  return answer;
}

caf::result<atom::done> handle_pause(Self self, const std::string& queue, bool paused) {
  auto& state = self->state;
  auto decisions = state.ledger->with_pause(queue, paused);
  if (!decisions) return make_error(decisions.error());
  if (auto kept = state.keep(std::move(*decisions)); !kept) return make_error(kept.error());
  spdlog::info("queue {} by an operator queue={}", paused ? "paused" : "resumed", queue);
  return atom::done_v;
}

caf::result<WorkerList> handle_drain(Self self, const std::string& name, bool drained) {
  auto& state = self->state;
  auto decisions = state.ledger->with_drain(name, drained);
  if (!decisions) return make_error(decisions.error());
  if (auto kept = state.keep(std::move(*decisions)); !kept) return make_error(kept.error());
  spdlog::info("worker or node {} by an operator name={}", drained ? "drained" : "resumed", name);
  return state.ledger->workers_called(name, state.now().steady);
}

caf::result<atom::done> handle_leave(Self self, const jobs::WorkerId& worker) {
  auto& state = self->state;
  state.ledger->leave(worker, state.now());
  const auto known = state.workers.find(worker.name);
  if (known != state.workers.end() && known->second.id == worker) {
    self->demonitor(known->second.handle.address());
    state.workers.erase(known);
  }
  spdlog::info("worker left worker={}", worker.name);
  return answer_durably(self, atom::done_v);
}

caf::result<HeartbeatReply> handle_heartbeat(Self self, const Heartbeat& heartbeat) {
  auto reply = self->state.ledger->heartbeat(heartbeat, self->state.now());
  if (!reply) return make_error(reply.error());
  if (self->state.ledger->can_assign(self->state.wall_clock())) self->state.ask_for_flush();
  return std::move(*reply);
}

caf::result<atom::done> handle_rendition(Self self, const RenditionReport& report) {
  auto outcome = self->state.ledger->rendition(report, self->state.now());
  if (!outcome) {
    self->state.refuse("rendition", report.job, report.worker, outcome.error(),
                       {report.result.blob_key});
  }
  return answer_done(self, outcome);
}

caf::result<atom::done> handle_fetched(Self self, const FetchedReport& report) {
  auto outcome = self->state.ledger->take_original(report, self->state.now());
  if (!outcome) {
    self->state.refuse("original", report.job, report.worker, outcome.error(),
                       {report.original.blob_key});
  }
  return answer_done(self, outcome);
}

caf::result<atom::done> handle_finish(Self self, const JobReport& report) {
  auto outcome = self->state.ledger->finish(report, self->state.now());
  if (!outcome) {
    std::vector<std::string> keys;
    for (const auto& result : report.results)
      keys.push_back(result.blob_key);
    self->state.refuse("report", report.job, report.worker, outcome.error(), std::move(keys));
  }
  return answer_done(self, outcome);
}

caf::result<JobList> handle_due(Self self, std::uint32_t limit) {
  auto due = self->state.ledger->due_jobs(limit, self->state.now());
  if (!due) return make_error(due.error());
  return JobList{std::move(due->jobs)};
}

caf::result<JobList> handle_expire(Self self, std::uint32_t limit) {
  auto removed = self->state.ledger->expire_jobs(limit, self->state.now());
  if (!removed) return make_error(removed.error());
  log_damage(removed->damaged);
  return answer_durably(self, JobList{std::move(removed->jobs)});
}

caf::result<CreatedBatch> handle_create_batch(Self self, jobs::Batch batch, JobList jobs) {
  return answer_durably(self, self->state.ledger->create_batch(
                                  std::move(batch), std::move(jobs.jobs), self->state.now()));
}

caf::result<KeyList> handle_orphans(Self self, const KeyList& keys) {
  auto orphans = self->state.ledger->orphans(keys.keys, self->state.now());
  if (!orphans) return make_error(orphans.error());
  return KeyList{std::move(*orphans)};
}

caf::result<jobs::Job> handle_remove(Self self, const jobs::JobId& id) {
  auto job = self->state.ledger->remove(id, self->state.now());
  if (!job) return make_error(job.error());
  auto lease = job->lease;
  return answer_durably(self, std::move(*job), std::move(lease));
}

caf::result<jobs::Job> handle_cancel(Self self, const jobs::JobId& id) {
  auto before = self->state.ledger->cancel(id, self->state.now());
  if (!before) return make_error(before.error());
  auto cancelled = self->state.ledger->get(id);
  if (!cancelled) return make_error(cancelled.error());
  return answer_durably(self, std::move(*cancelled), std::move(before->lease));
}

caf::result<JobList> handle_results(Self self, const jobs::Job& wish) {
  auto found = self->state.ledger->results_for(wish, self->state.now());
  if (!found) return make_error(found.error());
  JobList list;
  if (*found) list.jobs.push_back(std::move(**found));
  return list;
}

caf::result<std::string> handle_sign(Self self, const BlobGrantRequest& request) {
  const auto& state = self->state;
  auto url = sign_url(request, state.ledger->options().urls, state.wall_clock());
  if (!url) return make_error(url.error());
  return std::move(*url);
}

/// Null where the registry is to write its batches itself.
std::unique_ptr<Committer> new_committer(Self self) {
  const auto& options = self->state.ledger->options();
  const auto written = [registry = caf::actor_cast<JobRegistryActor>(self)] {
    caf::anon_send(registry, atom::written_v);
  };
  if (options.new_committer) return options.new_committer(self->state.store, written);
  if (!self->getf(caf::abstract_actor::is_detached_flag)) return nullptr;
  return std::make_unique<ThreadedCommitter>(self->state.store, written);
}

}  // namespace

JobRegistryActor::behavior_type job_registry(Self self,
                                             std::shared_ptr<persistence::JobStore> store,
                                             RegistryOptions options, jobs::WallClock wall_clock) {
  auto& state = self->state;
  state.wall_clock = std::move(wall_clock);
  state.store = store;
  state.ledger.emplace(std::move(store), std::move(options));
  state.unfetched.emplace(state.ledger->options().lease);
  const auto damage = state.ledger->load(state.now());
  if (!damage) {
    spdlog::error("cannot read the job store: {}", damage.error().message);
    self->quit(make_error(to_service_error(damage.error())));
    return JobRegistryActor::behavior_type::make_empty_behavior();
  }
  if (const auto loaded = state.load_api_keys(); !loaded) {
    spdlog::error("cannot read the API keys: {}", loaded.error().message);
    self->quit(make_error(loaded.error()));
    return JobRegistryActor::behavior_type::make_empty_behavior();
  }
  log_damage(*damage);
  state.events.emplace(events_remembered, state.ledger->last_revision());
  state.committer = new_committer(self);

  // Whoever connects to the node's port may send anything.
  self->set_default_handler(drop_unexpected);
  self->set_down_handler([self](caf::down_msg& down) {
    self->state.worker_down(down.source);
    self->state.node_down(down.source);
  });
  self->set_exit_handler([self](caf::exit_msg& exit) {
    self->state.commit_all();
    self->state.answer_listeners(JobRegistryState::ListenersDue::all);
    self->quit(std::move(exit.reason));
  });
  state.last_tick = self->clock().now();
  state.schedule_tick();
  state.ask_for_flush();

  return {
      // -- ClientRegistryActor
      [self](atom::admit) { return handle_admit(self); },
      [self](atom::create, jobs::Job& job) -> caf::result<CreatedJob> {
        return answer_durably(self, self->state.ledger->create(std::move(job), self->state.now()));
      },
      [self](atom::create, jobs::Batch& batch, JobList& jobs) {
        return handle_create_batch(self, std::move(batch), std::move(jobs));
      },
      [self](atom::batch, const jobs::JobId& id) { return self->state.batch(id); },
      [self](atom::results, const jobs::Job& wish) { return handle_results(self, wish); },
      [self](atom::get, const jobs::JobId& id) { return handle_get(self, id); },
      [self](atom::remove, const jobs::JobId& id) { return handle_remove(self, id); },
      [self](atom::cancel, const jobs::JobId& id) { return handle_cancel(self, id); },
      [self](atom::retry, const jobs::JobId& id) -> caf::result<jobs::Job> {
        return answer_durably(self, self->state.ledger->retry(id, self->state.now()));
      },
      [self](atom::retry, const jobs::JobId& after,
             std::uint32_t limit) -> caf::result<RetriedJobs> {
        return answer_durably(self,
                              self->state.ledger->retry_failed(after, limit, self->state.now()));
      },
      [self](atom::changes, const EventQuery& query) { return self->state.changes(query); },
      [self](atom::ended, const EventQuery& query) { return self->state.ended(query); },
      [self](atom::list, const JobQuery& query) { return self->state.find(query); },
      [self](atom::retry, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) { return self->state.retry_where(filter, after, limit); },
      [self](atom::remove, const persistence::JobFilter& filter, const jobs::JobId& after,
             std::uint32_t limit) { return self->state.remove_where(filter, after, limit); },
      [self](atom::deliveries, const jobs::JobId& subject) {
        return self->state.deliveries(subject);
      },
      [self](atom::replay, const jobs::JobId& subject, const jobs::JobId& delivery) {
        return self->state.replay(subject, delivery);
      },
      [self](atom::sign, const BlobGrantRequest& request) { return handle_sign(self, request); },
      [self](atom::status) { return handle_status(self); },
      // -- NodeRegistryActor
      [self](atom::enlist, const NodeHello& hello, NodeActor& node) {
        auto answer = self->make_response_promise<NodeWelcome>();
        self->state.enlist(hello, std::move(node), answer);
        return answer;
      },
      [self](atom::demand, const DemandQuery& query) {
        return self->state.ledger->demand(query, self->state.wall_clock());
      },
      [self](atom::pause, const std::string& queue, bool paused) {
        return handle_pause(self, queue, paused);
      },
      [self](atom::api_keys, std::uint64_t known) { return self->state.api_keys(known); },
      [self](atom::api_keys, KeyTable& wanted) {
        return self->state.put_api_keys(std::move(wanted));
      },
      [self](atom::workers) { return self->state.ledger->workers(self->state.now().steady); },
      [self](atom::drain, const std::string& name, bool drained) {
        return handle_drain(self, name, drained);
      },
      // -- WorkerRegistryActor
      [self](atom::join, const WorkerHello& hello, WorkerActor& worker) {
        return handle_join(self, hello, worker);
      },
      [self](atom::leave, const jobs::WorkerId& worker) { return handle_leave(self, worker); },
      [self](atom::heartbeat, const Heartbeat& beat) { return handle_heartbeat(self, beat); },
      [self](atom::rendition, const RenditionReport& report) {
        return handle_rendition(self, report);
      },
      [self](atom::fetched, const FetchedReport& report) { return handle_fetched(self, report); },
      [self](atom::finish, const JobReport& report) { return handle_finish(self, report); },
      // -- JanitorRegistryActor
      [self](atom::expire, std::uint32_t limit) { return handle_expire(self, limit); },
      [self](atom::due, std::uint32_t limit) { return handle_due(self, limit); },
      [self](atom::orphans, const KeyList& keys) { return handle_orphans(self, keys); },
      [self](atom::records, std::uint32_t limit) -> caf::result<std::uint32_t> {
        return answer_durably(self, self->state.ledger->expire_records(limit, self->state.now()));
      },
      // -- DeliveryRegistryActor
      [self](atom::delivered, const DeliveryOutcome& outcome) {
        return self->state.note_try(outcome);
      },
      // -- AttendanceActor
      [self](atom::joined, const std::string& worker) {
        const auto& ledger = *self->state.ledger;
        return Attendance{.here = ledger.has_worker(worker),
                          .others = ledger.has_other_worker(worker)};
      },
      [self](atom::exited, const std::string& worker, const std::string& how) {
        self->state.process_ended(worker, how);
      },
      // -- from the node, and internal
      [self](atom::janitor, BlobRemoverActor& remover) {
        self->state.remover = std::move(remover);
      },
      [self](atom::catalogue, CatalogueActor& catalogue) {
        self->state.catalogue = std::move(catalogue);
      },
      [self](atom::notifier, DeliveryAlarmActor& notifier) {
        self->state.notifier = std::move(notifier);
      },
      [self](atom::lost, const jobs::WorkerId& worker) { self->state.nobody_told(worker); },
      [self](atom::flush) {
        self->state.flush_asked = false;
        self->state.flush();
      },
      [self](atom::written) { self->state.take_outcome(); },
      [self](atom::tick, std::uint64_t generation) { self->state.tick(generation); },
  };
}

}  // namespace darkroom::actors
