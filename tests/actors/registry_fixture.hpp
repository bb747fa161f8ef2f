#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/messages.hpp"
#include "actors/options.hpp"
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

  JobRegistryActor start_registry(RegistryOptions options = {});

  jobs::Job new_job();
  jobs::Job create();
  jobs::Job create(const jobs::Job& job);
  jobs::Job get(const jobs::JobId& id);

  /// A worker that keeps the tasks it is sent and does none of them. It has not joined yet.
  ScriptedWorker start_worker(const std::string& name, std::uint64_t incarnation = 1);
  tl::expected<atom::done, ServiceError> ask_to_join(const WorkerHello& hello,
                                                     const ScriptedWorker& worker);
  ScriptedWorker join(const std::string& name, std::uint32_t slots = 1,
                      std::vector<jobs::LeaseToken> held = {}, std::uint64_t incarnation = 1,
                      std::uint32_t fetches = 1);

  /// The worker's connection breaks, and nobody tells how its process ended.
  void lose(const ScriptedWorker& worker);

  /// The process of the worker dies, and its owner tells how.
  void die(const ScriptedWorker& worker, const std::string& how = "signal 11 (Segmentation fault)");

  tl::expected<HeartbeatReply, ServiceError> beat(const ScriptedWorker& worker,
                                                  std::vector<jobs::LeaseToken> held,
                                                  std::uint32_t accepts = 1);

  /// The worker says that it made everything that the task asks for.
  tl::expected<atom::done, ServiceError> complete(const ScriptedWorker& worker, const Task& task);

  tl::expected<atom::done, ServiceError> fail(const ScriptedWorker& worker, const Task& task,
                                              jobs::JobError error);

  std::shared_ptr<persistence::FaultyJobStore> store =
      std::make_shared<persistence::FaultyJobStore>(persistence::make_memory_job_store());
  JobRegistryActor registry;
};

}  // namespace darkroom::actors
