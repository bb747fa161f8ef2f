#include "actors/job_registry.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/service_error.hpp"

namespace darkroom::actors {
namespace {

using Self = JobRegistryActor::stateful_pointer<JobRegistryState>;

/// How often expired leases and due retries are looked for.
constexpr std::chrono::milliseconds tick_interval{250};

std::function<double()> random_source() {
  return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
  };
}

/// Answers with `value` once what is staged is durable.
template <class T>
caf::typed_response_promise<T> answer_durably(Self self, T value) {
  auto promise = self->template make_response_promise<T>();
  self->state.answer_after_commit(
      [promise, value = std::move(value)](const ServiceError* error) mutable {
        if (error == nullptr) {
          promise.deliver(std::move(value));
        } else {
          promise.deliver(make_error(*error));
        }
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

void log_finish(const JobReport& report) {
  if (report.outcome == JobOutcome::completed) {
    spdlog::info("job completed job={} worker={}", report.job.to_string(), report.worker.name);
  } else if (report.outcome == JobOutcome::handed_back) {
    spdlog::info("job handed back job={} worker={}", report.job.to_string(), report.worker.name);
  } else {
    spdlog::warn("attempt failed: {} job={} worker={} kind={}", report.error.message,
                 report.job.to_string(), report.worker.name,
                 report.error.kind == jobs::ErrorKind::permanent ? "permanent" : "transient");
  }
}

void log_refused(const char* what, const jobs::JobId& job, const jobs::WorkerId& worker,
                 const ServiceError& error) {
  spdlog::warn("{} refused: {} job={} worker={}", what, error.message, job.to_string(),
               worker.name);
}

caf::result<jobs::Job> handle_get(Self self, const jobs::JobId& id) {
  auto job = self->state.ledger->get(id);
  // What is not durable yet must not be read, neither a new job nor the lack of a removed one.
  if (self->state.ledger->is_staged(id)) {
    auto promise = self->make_response_promise<jobs::Job>();
    self->state.answer_after_commit([self, id, promise](const ServiceError*) mutable {
      auto durable = self->state.ledger->get(id);
      if (durable) {
        promise.deliver(std::move(*durable));
      } else {
        promise.deliver(make_error(durable.error()));
      }
    });
    return promise;
  }
  if (!job) return make_error(job.error());
  return std::move(*job);
}

caf::result<atom::done> handle_rendition(Self self, const RenditionReport& report) {
  auto outcome = self->state.ledger->rendition(report, self->state.now());
  if (!outcome) log_refused("rendition", report.job, report.worker, outcome.error());
  return answer_done(self, outcome);
}

caf::result<atom::done> handle_finish(Self self, const JobReport& report) {
  auto outcome = self->state.ledger->finish(report, self->state.now());
  if (!outcome) {
    log_refused("report", report.job, report.worker, outcome.error());
    return make_error(outcome.error());
  }
  auto promise = self->make_response_promise<atom::done>();
  self->state.answer_after_commit([promise, report](const ServiceError* error) mutable {
    if (error != nullptr) {
      promise.deliver(make_error(*error));
      return;
    }
    log_finish(report);
    promise.deliver(atom::done_v);
  });
  return promise;
}

}  // namespace

Now JobRegistryState::now() const {
  return {.wall = wall_clock(), .steady = self->clock().now()};
}

void JobRegistryState::answer_after_commit(Answer answer) {
  waiting.push_back(std::move(answer));
  // A batch is bounded, however long the burst.
  if (ledger->staged() >= ledger->options().batch_limit) {
    flush();
  } else {
    ask_for_flush();
  }
}

void JobRegistryState::ask_for_flush() {
  if (flush_asked) return;
  flush_asked = true;
  self->send(self, atom::flush_v);
}

void JobRegistryState::flush() {
  const auto moment = now();
  const auto assignments = ledger->assign(moment);
  if (!commit_and_answer()) return;  // The next tick tries again to hand out leases.
  for (const auto& assignment : assignments)
    send_task(assignment);
  if (ledger->can_assign(moment.wall)) ask_for_flush();
}

bool JobRegistryState::commit_and_answer() {
  const auto written = ledger->commit(now());
  std::optional<ServiceError> error;
  if (!written) error = to_service_error(written.error());

  if (error && !write_failing) spdlog::error("store refused a write: {}", error->message);
  if (!error && write_failing) spdlog::info("store takes writes again");
  write_failing = error.has_value();

  for (auto& answer : std::exchange(waiting, {}))
    answer(error ? &*error : nullptr);
  return !error;
}

void JobRegistryState::send_task(const RegistryLedger::Assignment& assignment) {
  const auto worker = workers.find(assignment.worker.name);
  if (worker == workers.end() || worker->second.id != assignment.worker) {
    // Nobody to send it to: rather back into the queue than out of sight until the lease ends.
    ledger->leave(assignment.worker, now());
    ask_for_flush();
    return;
  }
  spdlog::debug("lease granted job={} worker={} attempt={}", assignment.task.job.to_string(),
                assignment.worker.name, assignment.task.attempt);
  self->send(worker->second.handle, atom::run_v, assignment.task);
}

void JobRegistryState::schedule_tick() {
  self->delayed_send(self, tick_interval, atom::tick_v, ++tick_generation);
}

void JobRegistryState::tick(std::uint64_t generation) {
  if (generation != tick_generation) return;
  schedule_tick();
  const auto moment = now();
  // After a stall of our own, a slow disk or a stopped machine, the heartbeats of that time lie
  // behind this message in the mailbox. They are heard first, and judged at the next tick.
  const bool stalled = moment.steady - last_tick > 4 * tick_interval;
  last_tick = moment.steady;
  if (!stalled) ledger->expire_leases(moment);
  if (ledger->staged() > 0 || ledger->can_assign(moment.wall)) ask_for_flush();
}

void JobRegistryState::enter(const WorkerHello& hello, WorkerActor handle) {
  const auto known = workers.find(hello.worker.name);
  if (known != workers.end() && known->second.handle != handle) {
    self->demonitor(known->second.handle.address());
  }
  self->monitor(handle);
  workers.insert_or_assign(hello.worker.name, Member{hello.worker, std::move(handle)});
  ledger->join(hello, now());
  spdlog::info("worker joined worker={} slots={} leases_kept={}", hello.worker.name, hello.slots,
               hello.held.size());
}

void JobRegistryState::worker_down(const caf::actor_addr& source) {
  const auto found = std::ranges::find_if(
      workers, [&](const auto& entry) { return entry.second.handle.address() == source; });
  if (found == workers.end()) return;
  spdlog::info("worker lost worker={}", found->second.id.name);
  ledger->lose(found->second.id, "the worker process died or its connection broke", now());
  workers.erase(found);
  ask_for_flush();
}

JobRegistryActor::behavior_type job_registry(Self self,
                                             std::shared_ptr<persistence::JobStore> store,
                                             RegistryOptions options, jobs::WallClock wall_clock) {
  auto& state = self->state;
  state.wall_clock = std::move(wall_clock);
  state.ledger.emplace(std::move(store), options, random_source());
  if (auto loaded = state.ledger->load(state.now()); !loaded) {
    spdlog::error("cannot read the job store: {}", loaded.error().message);
    self->quit(make_error(to_service_error(loaded.error())));
    return JobRegistryActor::behavior_type::make_empty_behavior();
  }

  self->set_down_handler([self](caf::down_msg& down) { self->state.worker_down(down.source); });
  self->set_exit_handler([self](caf::exit_msg& exit) {
    (void)self->state.commit_and_answer();
    self->quit(std::move(exit.reason));
  });
  state.last_tick = self->clock().now();
  state.schedule_tick();
  state.ask_for_flush();

  return {
      // -- ClientRegistryActor
      [self](atom::admit) -> caf::result<atom::done> {
        if (auto room = self->state.ledger->check_room(); !room) return make_error(room.error());
        return atom::done_v;
      },
      [self](atom::create, jobs::Job& job) -> caf::result<jobs::Job> {
        return answer_durably(self, self->state.ledger->create(std::move(job)));
      },
      [self](atom::get, const jobs::JobId& id) { return handle_get(self, id); },
      [self](atom::remove, const jobs::JobId& id) -> caf::result<jobs::Job> {
        return answer_durably(self, self->state.ledger->remove(id));
      },
      [self](atom::status) { return self->state.ledger->status(self->state.now()); },
      // -- WorkerRegistryActor
      [self](atom::join, const WorkerHello& hello, WorkerActor& worker) -> caf::result<atom::done> {
        const auto staged = self->state.ledger->staged();
        self->state.enter(hello, std::move(worker));
        self->state.ask_for_flush();
        // Joining is not durable; only leases that it gave up are.
        if (self->state.ledger->staged() == staged) return atom::done_v;
        return answer_durably(self, atom::done_v);
      },
      [self](atom::leave, const jobs::WorkerId& worker) -> caf::result<atom::done> {
        self->state.ledger->leave(worker, self->state.now());
        const auto known = self->state.workers.find(worker.name);
        if (known != self->state.workers.end() && known->second.id == worker) {
          self->demonitor(known->second.handle.address());
          self->state.workers.erase(known);
        }
        spdlog::info("worker left worker={}", worker.name);
        return answer_durably(self, atom::done_v);
      },
      [self](atom::heartbeat, const Heartbeat& heartbeat) -> caf::result<HeartbeatReply> {
        auto reply = self->state.ledger->heartbeat(heartbeat, self->state.now());
        if (!reply) return make_error(reply.error());
        if (self->state.ledger->can_assign(self->state.wall_clock())) self->state.ask_for_flush();
        return std::move(*reply);
      },
      [self](atom::rendition, const RenditionReport& report) {
        return handle_rendition(self, report);
      },
      [self](atom::finish, const JobReport& report) { return handle_finish(self, report); },
      // -- JanitorRegistryActor
      [self](atom::expire, std::uint32_t limit) -> caf::result<JobList> {
        auto removed = self->state.ledger->expire_jobs(limit, self->state.now());
        if (!removed) return make_error(removed.error());
        return answer_durably(self, JobList{std::move(*removed)});
      },
      [self](atom::unknown, const JobIdList& ids) -> caf::result<JobIdList> {
        auto missing = self->state.ledger->unknown(ids.ids);
        if (!missing) return make_error(missing.error());
        // A removal that may yet be undone must not cost the job its blobs.
        std::erase_if(*missing, [&](const auto& id) { return self->state.ledger->is_staged(id); });
        return JobIdList{std::move(*missing)};
      },
      // -- internal
      [self](atom::flush) {
        self->state.flush_asked = false;
        self->state.flush();
      },
      [self](atom::tick, std::uint64_t generation) { self->state.tick(generation); },
  };
}

}  // namespace darkroom::actors
