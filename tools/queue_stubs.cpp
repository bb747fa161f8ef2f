#include "tools/queue_stubs.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/service_error.hpp"
#include "tools/sample_jobs.hpp"
#include "tools/stub_report.hpp"

namespace darkroom::tools {
namespace {

using actors::JobRegistryActor;
using actors::WorkerActor;

constexpr std::chrono::seconds heartbeat{2};

void send_next(caf::event_based_actor* self, const JobRegistryActor& registry, QueueLoad& load) {
  if (load.all_made() || load.over()) return;
  self->send(registry, atom::create_v, load.make(QueueLoad::Clock::now()));
}

caf::behavior client(caf::event_based_actor* self, const JobRegistryActor& registry,
                     QueueLoad* load, std::size_t outstanding) {
  for (std::size_t i = 0; i < outstanding; ++i)
    send_next(self, registry, *load);
  return {
      [=](const actors::CreatedJob& created) {
        load->created(created.job);
        if (outstanding > 0) send_next(self, registry, *load);
      },
      [=](const caf::error& error) { load->failed(actors::to_service_error(error).message); },
  };
}

/// A report is sent as a plain message, whose answer comes back as one: each request would leave a
/// timer behind, which CAF keeps until its time is up.
caf::behavior worker(caf::event_based_actor* self, const JobRegistryActor& registry,
                     QueueLoad* load, const jobs::WorkerId& id, std::uint32_t slots) {
  const actors::WorkerHello hello{id, slots, slots, {}};
  self->send(registry, atom::join_v, hello, caf::actor_cast<WorkerActor>(self));
  self->delayed_send(self, heartbeat, atom::tick_v);
  return {
      [=](atom::run, const actors::Task& task) {
        self->send(registry, atom::finish_v, completed_report(task, id));
      },
      // Of a report, and once of joining, which counts for no job.
      [=, joined = false](atom::done) mutable {
        if (std::exchange(joined, true)) load->completed();
      },
      [=](atom::tick) {
        self->send(registry, atom::heartbeat_v, actors::Heartbeat{id, slots, {}});
        self->delayed_send(self, heartbeat, atom::tick_v);
      },
      [](const actors::HeartbeatReply&) {},
      [=](const caf::error& error) { load->failed(actors::to_service_error(error).message); },
  };
}

}  // namespace

QueueLoad::QueueLoad(std::size_t jobs) : due_(jobs) {}

jobs::Job QueueLoad::make(Clock::time_point due) {
  const auto now = jobs::system_now();
  due_[made_] = due;
  return sample_job(jobs::JobId::generate(now), made_++, now);
}

void QueueLoad::created(const jobs::Job& job) {
  creates_.add(Clock::now() - due_[number_of(job)]);
}

void QueueLoad::completed() {
  if (++completed_ == due_.size()) end("");
}

void QueueLoad::failed(const std::string& why) {
  end(why);
}

void QueueLoad::end(const std::string& why) {
  if (!over_.exchange(true)) end_.set_value(why);
}

std::string QueueLoad::wait() {
  return end_.get_future().get();
}

caf::actor spawn_client(caf::actor_system& system, const JobRegistryActor& registry,
                        QueueLoad& load, std::size_t outstanding) {
  return system.spawn(client, registry, &load, outstanding);
}

WorkerActor spawn_worker(caf::actor_system& system, const JobRegistryActor& registry,
                         QueueLoad& load, const std::string& name, std::uint32_t slots) {
  return caf::actor_cast<WorkerActor>(
      system.spawn(worker, registry, &load, jobs::WorkerId{name, 1}, slots));
}

}  // namespace darkroom::tools
