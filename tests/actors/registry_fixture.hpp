#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/job_registry.hpp"
#include "jobs/transitions.hpp"
#include "tests/actors/virtual_time_test.hpp"
#include "tests/persistence/faulty_job_store.hpp"

namespace darkroom::actors {

/// A job registry on a store in memory, and scripted workers that keep what they are sent.
class RegistryFixture : public VirtualTimeTest {
 protected:
  struct ScriptedWorker {
    jobs::WorkerId id;
    std::shared_ptr<std::vector<Task>> tasks = std::make_shared<std::vector<Task>>();
    std::shared_ptr<std::vector<jobs::LeaseToken>> cancelled =
        std::make_shared<std::vector<jobs::LeaseToken>>();
    WorkerActor actor;
  };

  /// The behaviour of a worker that keeps the tasks it is sent and does none of them.
  static WorkerActor::behavior_type keep_tasks(
      const std::shared_ptr<std::vector<Task>>& tasks,
      const std::shared_ptr<std::vector<jobs::LeaseToken>>& cancelled) {
    return {
        [tasks](atom::run, const Task& task) { tasks->push_back(task); },
        [cancelled](atom::cancel, const jobs::LeaseToken& token) { cancelled->push_back(token); },
        [](atom::ping) { return atom::done_v; }};
  }

  JobRegistryActor start_registry(RegistryOptions options = {}) {
    registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                   options, wall_clock()));
    run();
    return registry;
  }

  jobs::Job new_job() {
    return jobs::make_job(jobs::JobId::generate(now()), jobs::default_preset(), jobs::Original{},
                          now(), std::chrono::hours{24});
  }

  jobs::Job create() { return create(new_job()); }

  jobs::Job create(const jobs::Job& job) {
    return ask<CreatedJob>(registry, atom::create_v, job).value().job;
  }

  jobs::Job get(const jobs::JobId& id) { return ask<jobs::Job>(registry, atom::get_v, id).value(); }

  ScriptedWorker join(const std::string& name, std::uint32_t slots = 1,
                      std::vector<jobs::LeaseToken> held = {}, std::uint64_t incarnation = 1,
                      std::uint32_t fetches = 1) {
    ScriptedWorker worker{.id = {name, incarnation}, .actor = {}};
    worker.actor = keep(system().spawn(keep_tasks, worker.tasks, worker.cancelled));
    const WorkerHello hello{.worker = worker.id,
                            .slots = slots,
                            .accepts = slots,
                            .held = std::move(held),
                            .fetches = fetches};
    EXPECT_TRUE(ask<atom::done>(registry, atom::join_v, hello, worker.actor));
    run();
    return worker;
  }

  /// The worker's connection breaks, and nobody tells how its process ended.
  void lose(const ScriptedWorker& worker) {
    kill(worker.actor);
    advance(std::chrono::milliseconds{300});
  }

  /// The process of the worker dies, and its owner tells how.
  void die(const ScriptedWorker& worker,
           const std::string& how = "signal 11 (Segmentation fault)") {
    kill(worker.actor);
    caf::anon_send(registry, atom::exited_v, worker.id.name, how);
    run();
  }

  tl::expected<HeartbeatReply, ServiceError> beat(const ScriptedWorker& worker,
                                                  std::vector<jobs::LeaseToken> held,
                                                  std::uint32_t accepts = 1) {
    return ask<HeartbeatReply>(
        registry, atom::heartbeat_v,
        Heartbeat{.worker = worker.id, .accepts = accepts, .held = std::move(held), .fetches = 1});
  }

  /// The worker says that it made everything that the task asks for.
  tl::expected<atom::done, ServiceError> complete(const ScriptedWorker& worker, const Task& task) {
    JobReport report{worker.id, task.job, task.token, JobOutcome::completed, {}, {}};
    for (const auto& spec : task.renditions) {
      jobs::RenditionResult result;
      result.name = spec.name;
      result.width = 3;
      report.results.push_back(result);
    }
    return ask<atom::done>(registry, atom::finish_v, report);
  }

  tl::expected<atom::done, ServiceError> fail(const ScriptedWorker& worker, const Task& task,
                                              jobs::JobError error) {
    return ask<atom::done>(
        registry, atom::finish_v,
        JobReport{worker.id, task.job, task.token, JobOutcome::failed, std::move(error), {}});
  }

  std::shared_ptr<persistence::FaultyJobStore> store =
      std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
  JobRegistryActor registry;
};

}  // namespace darkroom::actors
