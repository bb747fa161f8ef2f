#include "tests/actors/registry_fixture.hpp"

#include <utility>

#include "actors/job_registry.hpp"

namespace darkroom::actors {
namespace {

WorkerActor::behavior_type keep_tasks(
    const std::shared_ptr<std::vector<Task>>& tasks,
    const std::shared_ptr<std::vector<jobs::LeaseToken>>& cancelled) {
  return {[tasks](atom::run, const Task& task) { tasks->push_back(task); },
          [cancelled](atom::cancel, const jobs::LeaseToken& token) { cancelled->push_back(token); },
          [](atom::ping) { return atom::done_v; }};
}

}  // namespace

JobRegistryActor RegistryFixture::start_registry(RegistryOptions options) {
  registry = keep(system().spawn(job_registry, std::shared_ptr<persistence::JobStore>{store},
                                 std::move(options), wall_clock()));
  run();
  return registry;
}

jobs::Job RegistryFixture::new_job() {
  return jobs::make_job(jobs::JobId::generate(now()), jobs::default_preset(), jobs::Original{},
                        now(), std::chrono::hours{24});
}

jobs::Job RegistryFixture::create() {
  return create(new_job());
}

jobs::Job RegistryFixture::create(const jobs::Job& job) {
  return ask<CreatedJob>(registry, atom::create_v, job).value().job;
}

jobs::Job RegistryFixture::get(const jobs::JobId& id) {
  return ask<jobs::Job>(registry, atom::get_v, id).value();
}

RegistryFixture::ScriptedWorker RegistryFixture::start_worker(const std::string& name,
                                                              std::uint64_t incarnation) {
  ScriptedWorker worker{.id = {name, incarnation}, .actor = {}};
  worker.actor = keep(system().spawn(keep_tasks, worker.tasks, worker.cancelled));
  return worker;
}

tl::expected<atom::done, ServiceError> RegistryFixture::ask_to_join(const WorkerHello& hello,
                                                                    const ScriptedWorker& worker) {
  return ask<atom::done>(registry, atom::join_v, hello, worker.actor);
}

RegistryFixture::ScriptedWorker RegistryFixture::join(const std::string& name, std::uint32_t slots,
                                                      std::vector<jobs::LeaseToken> held,
                                                      std::uint64_t incarnation,
                                                      std::uint32_t fetches) {
  const auto worker = start_worker(name, incarnation);
  const WorkerHello hello{.worker = worker.id,
                          .slots = slots,
                          .accepts = slots,
                          .held = std::move(held),
                          .fetches = fetches};
  EXPECT_TRUE(ask_to_join(hello, worker));
  run();
  return worker;
}

void RegistryFixture::lose(const ScriptedWorker& worker) {
  kill(worker.actor);
  advance(std::chrono::milliseconds{300});
}

void RegistryFixture::die(const ScriptedWorker& worker, const std::string& how) {
  kill(worker.actor);
  caf::anon_send(registry, atom::exited_v, worker.id.name, how);
  run();
}

tl::expected<HeartbeatReply, ServiceError> RegistryFixture::beat(const ScriptedWorker& worker,
                                                                 std::vector<jobs::LeaseToken> held,
                                                                 std::uint32_t accepts) {
  return ask<HeartbeatReply>(
      registry, atom::heartbeat_v,
      Heartbeat{.worker = worker.id, .accepts = accepts, .held = std::move(held), .fetches = 1});
}

tl::expected<atom::done, ServiceError> RegistryFixture::complete(const ScriptedWorker& worker,
                                                                 const Task& task) {
  JobReport report{worker.id, task.job, task.token, JobOutcome::completed, {}, {}};
  for (const auto& spec : task.renditions) {
    jobs::RenditionResult result;
    result.name = spec.name;
    result.width = 3;
    report.results.push_back(result);
  }
  return ask<atom::done>(registry, atom::finish_v, report);
}

tl::expected<atom::done, ServiceError> RegistryFixture::fail(const ScriptedWorker& worker,
                                                             const Task& task,
                                                             jobs::JobError error) {
  return ask<atom::done>(
      registry, atom::finish_v,
      JobReport{worker.id, task.job, task.token, JobOutcome::failed, std::move(error), {}});
}

}  // namespace darkroom::actors
