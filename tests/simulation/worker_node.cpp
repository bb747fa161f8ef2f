#include "tests/simulation/worker_node.hpp"

#include <utility>

#include <caf/send.hpp>
#include <fmt/format.h>

#include "actors/worker.hpp"
#include "tests/simulation/scripted_runner.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

/// Short of the default, so that a job that hangs ends within the run.
constexpr std::chrono::milliseconds job_timeout{20'000};

}  // namespace

WorkerNode::WorkerNode(World& world, std::string name, bool remote, std::vector<std::string> queues)
    : world_(world), name_(std::move(name)), remote_(remote), queues_(std::move(queues)) {}

void WorkerNode::start() {
  wanted_ = true;
  if (process_) return;
  auto& system = world_.system;
  const auto process = system.new_process();
  process_ = process;
  const jobs::WorkerId id{name_, world_.random.next()};
  world_.trace.note(fmt::format("{} starts", name_));

  // What an earlier incarnation asked for must not hit this one.
  const auto die_later = [this, process](const std::string& why,
                                         const std::optional<jobs::JobId>& culprit) {
    world_.system.after_step([this, process, why, culprit] {
      if (process_ == process) die(why, culprit);
    });
  };
  actors::WorkerConfig config;
  config.id = id;
  config.options.slots = world_.plan.slots;
  config.options.job_timeout = job_timeout;
  config.options.memory = 1'000;
  config.queues = queues_;
  config.connect = world_.network.connect_from(process);
  config.stuck = [die_later](const std::string& why) { die_later(why, {}); };
  const auto worker =
      system.place(process, system.actors().spawn(actors::worker, std::move(config)));
  worker_ = caf::actor_cast<caf::strong_actor_ptr>(worker);
  for (std::uint32_t slot = 0; slot < world_.plan.slots; ++slot) {
    const ScriptedRunnerConfig runner_config{.worker = id,
                                             .blobs = world_.blobs,
                                             .checker = &world_.checker,
                                             .process = process,
                                             .reports_to = worker,
                                             .die = [die_later](const jobs::JobId& job) {
                                               die_later("killed by its job " + job.to_string(),
                                                         job);
                                             }};
    const auto runner =
        system.place(process, system.actors().spawn(scripted_runner, runner_config));
    caf::anon_send(worker, atom::runner_v, slot, actors::TaskRunnerActor{runner});
  }
}

void WorkerNode::end_process(const std::string& why, const std::optional<jobs::JobId>& culprit) {
  if (!process_) return;
  world_.trace.note(fmt::format("{} dies: {}", name_, why));
  world_.checker.process_ended(*process_, culprit);
  world_.blobs->set_killing(true);
  world_.system.kill(*process_);
  world_.blobs->set_killing(false);
  world_.network.cut(*process_);
  process_.reset();
  worker_ = nullptr;
}

void WorkerNode::die(const std::string& why, const std::optional<jobs::JobId>& culprit) {
  if (!process_) return;
  end_process(why, culprit);
  ended(name_);
  world_.system.after(world_.random.between(200ms, 3s), [this] {
    if (wanted_) start();
  });
}

void WorkerNode::stop(const std::string& why) {
  wanted_ = false;
  end_process(why, {});
}

void WorkerNode::freeze(std::chrono::milliseconds duration) {
  if (!process_ || world_.system.is_frozen(*process_)) return;
  world_.trace.note(fmt::format("{} freezes for {} ms", name_, duration.count()));
  world_.system.freeze(*process_);
  world_.system.after(duration, [this, process = *process_] {
    if (process_ == process) thaw();
  });
}

void WorkerNode::thaw() {
  if (!process_ || !world_.system.is_frozen(*process_)) return;
  world_.trace.note(fmt::format("{} thaws", name_));
  world_.system.thaw(*process_);
}

void WorkerNode::cut_connection() {
  if (!process_) return;
  world_.trace.note(fmt::format("the connection of {} breaks", name_));
  world_.network.cut(*process_);
}

void WorkerNode::drain() {
  if (!process_) return;
  world_.trace.note(fmt::format("{} is told to stop", name_));
  worker_->enqueue(
      nullptr, caf::make_message_id(),
      caf::make_message(caf::exit_msg{worker_->address(), caf::exit_reason::user_shutdown}),
      nullptr);
  // Its supervisor waits for it, and then ends the process.
  world_.system.after(8s, [this, process = *process_] {
    if (process_ == process) die("it was told to stop");
  });
}

}  // namespace darkroom::simulation
