#include <algorithm>
#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "actors/job_registry.hpp"
#include "actors/service_error.hpp"

// The workers of the job registry: how they come, how they go, and how a ghost is told from one
// that lives.

namespace darkroom::actors {
namespace {

/// How long a broken connection waits for word of how the process at its other end ended: that is
/// known within milliseconds where it is a child of this machine's.
constexpr std::chrono::milliseconds exit_notice_wait{300};

/// How long a worker has to give a sign of life when another process asks to join under its name.
/// Its actor never blocks, so that a network and a busy machine are all that takes time. CAF tells
/// nobody that a message found no receiver.
constexpr std::chrono::seconds sign_of_life_wait{2};

constexpr const char* connection_broke = "the worker process died or its connection broke";

/// Whether they are the very same actor, or stand for one over the very same connection. CAF takes
/// any two for equal that stand for one actor, over whichever connection.
bool is_same(const WorkerActor& handle, const caf::strong_actor_ptr& other) {
  return caf::actor_cast<caf::strong_actor_ptr>(handle).get() == other.get();
}

bool is_same(const WorkerActor& handle, const WorkerActor& other) {
  return is_same(handle, caf::actor_cast<caf::strong_actor_ptr>(other));
}

}  // namespace

void JobRegistryState::join(const WorkerHello& hello, WorkerActor handle, JoinAnswer answer) {
  const auto rival = workers.find(hello.worker.name);
  if (rival == workers.end() || rival->second.id == hello.worker ||
      !ledger->has_worker(hello.worker.name)) {
    admit(hello, std::move(handle), std::move(answer));
    return;
  }
  if (!asked_for_life.insert(hello.worker.name).second) {
    turn_away(hello,
              {ServiceErrorCode::duplicate_worker,
               "Another process has just asked to join as " + hello.worker.name +
                   ", and it is being found out who is alive; this one may try again."},
              std::move(answer));
    return;
  }
  spdlog::info("another process asks to join under the name of a worker that is here worker={}",
               hello.worker.name);
  const auto asked = rival->second;
  self->request(asked.handle, sign_of_life_wait, atom::ping_v)
      .then(
          [this, hello, answer](atom::done) {
            asked_for_life.erase(hello.worker.name);
            turn_away(hello, ledger->duplicate_worker(hello.worker.name), answer);
          },
          [this, hello, handle, answer, ghost = asked.id](const caf::error&) {
            asked_for_life.erase(hello.worker.name);
            drop_ghost(ghost);
            admit(hello, handle, answer);
          });
}

void JobRegistryState::admit(const WorkerHello& hello, WorkerActor handle, JoinAnswer answer) {
  const auto staged = ledger->staged();
  if (auto entered = enter(hello, std::move(handle)); !entered) {
    turn_away(hello, entered.error(), std::move(answer));
    return;
  }
  ask_for_flush();
  // Joining is not durable; only leases that it gave up are.
  if (ledger->staged() == staged) {
    answer.deliver(atom::done_v);
    return;
  }
  answer_after_commit([answer](const ServiceError* error) mutable {
    if (error != nullptr) {
      answer.deliver(make_error(*error));
    } else {
      answer.deliver(atom::done_v);
    }
  });
}

void JobRegistryState::turn_away(const WorkerHello& hello, const ServiceError& error,
                                 JoinAnswer answer) {
  // A name that cannot be may hold anything.
  const bool has_name = error.code != ServiceErrorCode::bad_worker;
  spdlog::warn("worker refused: {} worker={}", error.message, has_name ? hello.worker.name : "?");
  answer.deliver(make_error(error));
}

void JobRegistryState::drop_ghost(const jobs::WorkerId& ghost) {
  const auto known = workers.find(ghost.name);
  if (known == workers.end() || known->second.id != ghost) return;
  self->demonitor(known->second.handle.address());
  workers.erase(known);
  exit_notices.erase(ghost.name);
  spdlog::warn("worker lost: it gave no sign of life when another joined worker={}", ghost.name);
  ledger->lose_unexplained(
      ghost, "the worker process was replaced by another one and gave no sign of life", now());
  ask_for_flush();
}

RegistryLedger::Result<void> JobRegistryState::enter(const WorkerHello& hello, WorkerActor handle) {
  if (!hello.reaches_files && !ledger->options().urls.signer) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::out_of_reach,
                     "Worker " + hello.worker.name +
                         " does not reach the files of this coordinator, which gives out none: "
                         "start it on the same machine with the same storage.path."});
  }
  const auto kept = ledger->join(hello, now());
  if (!kept) return tl::unexpected(kept.error());
  const auto known = workers.find(hello.worker.name);
  const bool is_watched = known != workers.end() && is_same(known->second.handle, handle);
  if (known != workers.end() && !is_watched) self->demonitor(known->second.handle.address());
  if (!is_watched) self->monitor(handle);
  if (const auto waits = dying.find(hello.worker.name); waits != dying.end()) {
    if (waits->second == hello.worker) {
      dying.erase(waits);  // Its connection alone broke.
    } else {
      // Whoever had its name before is dead for certain.
      lose(jobs::WorkerId{waits->second}, connection_broke);
    }
  }
  exit_notices.erase(hello.worker.name);
  workers.insert_or_assign(hello.worker.name,
                           Member{hello.worker, std::move(handle), hello.reaches_files});
  spdlog::info("worker joined worker={} slots={} leases_kept={}", hello.worker.name, hello.slots,
               *kept);
  return {};
}

void JobRegistryState::nobody_told(const jobs::WorkerId& worker) {
  lose(worker, connection_broke);
}

void JobRegistryState::worker_down(const caf::actor_addr& source) {
  const auto gone = caf::actor_cast<caf::strong_actor_ptr>(source);
  const auto found = std::ranges::find_if(
      workers, [&](const auto& entry) { return is_same(entry.second.handle, gone); });
  if (found == workers.end()) return;
  const auto id = found->second.id;
  workers.erase(found);
  ledger->strike_off(id);
  const auto replaced = dying.find(id.name);
  if (replaced != dying.end()) lose(jobs::WorkerId{replaced->second}, connection_broke);
  dying.insert_or_assign(id.name, id);
  if (const auto notice = exit_notices.find(id.name); notice != exit_notices.end()) {
    lose(id, std::string{notice->second});
  } else {
    self->delayed_send(self, exit_notice_wait, atom::lost_v, id);
  }
}

void JobRegistryState::process_ended(const std::string& worker, const std::string& how) {
  const auto reason = "its process ended with " + how;
  if (const auto waits = dying.find(worker); waits != dying.end()) {
    lose(jobs::WorkerId{waits->second}, reason);
  } else if (workers.contains(worker)) {
    exit_notices.insert_or_assign(worker, reason);
  }
}

void JobRegistryState::lose(const jobs::WorkerId& worker, const std::string& reason) {
  const auto waits = dying.find(worker.name);
  if (waits == dying.end() || waits->second != worker) return;
  dying.erase(waits);
  exit_notices.erase(worker.name);
  spdlog::warn("worker lost: {} worker={}", reason, worker.name);
  if (reason == connection_broke) {
    ledger->lose_unexplained(worker, reason, now());
  } else {
    ledger->lose(worker, reason, now());
  }
  ask_for_flush();
}

}  // namespace darkroom::actors
