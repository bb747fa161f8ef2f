#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "actors/service_error.hpp"
#include "jobs/job.hpp"
#include "tests/simulation/job_script.hpp"
#include "tests/simulation/service_node.hpp"
#include "tests/simulation/world.hpp"

namespace darkroom::simulation {

/// The clients, and the HTTP threads that serve them: they write originals, ask ingest to make jobs
/// of them, read and delete jobs. What the HTTP side does with an answer, or without one, is done
/// here as it does it.
class Clients {
 public:
  Clients(World& world, ServiceNode& service);

  /// Spreads the uploads over the time with faults.
  void begin();
  /// From now on nothing new is asked for; what is under way goes on. Whatever operators have
  /// stopped is resumed.
  void stop();
  /// Reads the job once more.
  void read(const jobs::JobId& id);

 private:
  /// A picture, whose it is, and under which idempotency key it is sent, if under any.
  struct Picture {
    JobScript script;
    std::string key;
    std::string tenant = {};
    bool reusable = false;
  };

  [[nodiscard]] Picture draw_picture();
  [[nodiscard]] actors::NewJob new_job(const jobs::JobId& id, const Picture& picture);
  void upload_some();
  void upload(const Picture& picture);
  void upload_later(const Picture& picture);
  void create(const jobs::JobId& id, const Picture& picture);
  /// Makes the job of the results of another, if there is one; as http/result_reuse.cpp.
  void reuse_results(const Picture& picture, const actors::NewJob& job);
  void take_results(const Picture& picture, const actors::NewJob& job, const jobs::Job& donor);
  void create_job(const Picture& picture, const actors::NewJob& job);
  [[nodiscard]] bool write_blob(const std::string& key, std::string_view content);
  void created(const Picture& picture, const jobs::JobId& id, const actors::CreatedJob& created);
  void refused(const Picture& picture, const jobs::JobId& id, const actors::ServiceError& error);
  /// What a client may do with a job that it knows: reads it a few times, deletes it perhaps.
  void look_after(const jobs::JobId& id);
  void cancel(const jobs::JobId& id);
  void retry(const jobs::JobId& id);
  void retry_all();
  void remove(const jobs::JobId& id, std::uint32_t tries);

  // -- several uploads at once, in clients_batches.cpp --
  void upload_batch();
  void create_batch(const actors::NewBatch& batch);

  // -- operators, in clients_operators.cpp --
  void operate();
  void pause_queues();
  void drain_workers();
  /// Until the service says that it is done.
  void resume_queue(const std::string& queue);
  void resume_worker(const std::string& worker);

  /// Asks ingest, as an HTTP thread does. A thread dies with its process: then nobody hears.
  template <class Reply, class... Args>
  void ask(std::function<void(Reply&)> answered,
           std::function<void(const actors::ServiceError&)> failed, Args... args);

  World& world_;
  ServiceNode& service_;
  caf::actor asker_;
  std::deque<std::function<void(caf::event_based_actor*)>> questions_;
  bool stopped_ = false;
  /// Queues that may be paused, and workers that may be drained, and whether to resume them is
  /// under way.
  std::map<std::string, bool> paused_;
  std::map<std::string, bool> drained_;
  std::vector<JobScript> reusable_;  ///< Of pictures that came before.
  std::uint64_t last_key_ = 0;
  std::uint64_t last_picture_ = 0;
};

template <class Reply, class... Args>
void Clients::ask(std::function<void(Reply&)> answered,
                  std::function<void(const actors::ServiceError&)> failed, Args... args) {
  if (!service_.ingest()) {
    failed({actors::ServiceErrorCode::unavailable, "The service is down."});
    return;
  }
  constexpr std::chrono::seconds backend_timeout{10};
  questions_.push_back([this, answered = std::move(answered), failed = std::move(failed),
                        ingest = service_.ingest(), life = service_.life(),
                        ... message = std::move(args)](caf::event_based_actor* self) {
    self->request(ingest, backend_timeout, message...)
        .then(
            [this, life, answered](Reply& reply) {
              if (life == service_.life()) answered(reply);
            },
            [this, life, failed](const caf::error& error) {
              if (life == service_.life()) failed(actors::to_service_error(error));
            });
  });
  caf::anon_send(asker_, atom::run_v);
}

}  // namespace darkroom::simulation
