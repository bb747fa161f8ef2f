#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/messages.hpp"
#include "actors/service_error.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::actors {

/// Actors on CAF's test scheduler: nothing runs but when told to, and time stands still but when
/// moved. Register every actor with `keep`, so that it has ended before the system does. Spawn
/// functions that take an argument besides the actor itself: for those without, CAF 0.17.6
/// dereferences a null pointer to no arguments, which the sanitizer refuses.
class VirtualTimeTest : public testing::Test {
 protected:
  VirtualTimeTest() : system_(config_), scheduler_(test_scheduler(system_)) {}

  ~VirtualTimeTest() override {
    caf::scoped_actor self{system_};
    for (const auto& actor : kept_)
      self->send_exit(actor, caf::exit_reason::kill);
    run();
  }

  /// Runs until no actor has a message left. Timers do not fire.
  void run() { scheduler_.run(); }

  /// Moves time on in small steps, so that timers that set themselves anew all fire.
  void advance(std::chrono::milliseconds duration) {
    constexpr std::chrono::milliseconds step{10};
    run();
    for (std::chrono::milliseconds passed{0}; passed < duration; passed += step) {
      scheduler_.advance_time(step);
      run();
    }
  }

  /// Moves time on at one blow, as a process sees it that was stopped: each timer fires once.
  void jump(std::chrono::milliseconds duration) {
    run();
    scheduler_.advance_time(duration);
    run();
  }

  /// The wall clock of the actors under test goes with virtual time.
  [[nodiscard]] jobs::WallClock wall_clock() {
    return [this] { return now(); };
  }

  [[nodiscard]] jobs::Timestamp now() {
    return jobs::Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(
        scheduler_.clock().now().time_since_epoch())};
  }

  template <class Handle>
  Handle keep(Handle actor) {
    kept_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }

  /// One request, answered without time passing.
  template <class Reply, class Handle, class... Args>
  tl::expected<Reply, ServiceError> ask(const Handle& actor, Args... args) {
    caf::scoped_actor self{system_};
    auto request = self->request(actor, std::chrono::seconds{3'600}, std::move(args)...);
    run();
    std::optional<tl::expected<Reply, ServiceError>> outcome;
    request.receive(
        [&](Reply& reply) { outcome = std::move(reply); },
        [&](const caf::error& error) { outcome = tl::unexpected(to_service_error(error)); });
    return std::move(*outcome);
  }

  template <class Handle>
  void kill(const Handle& actor, caf::exit_reason reason = caf::exit_reason::kill) {
    caf::scoped_actor self{system_};
    self->send_exit(actor, reason);
    run();
  }

  [[nodiscard]] caf::actor_system& system() { return system_; }

 private:
  struct Config : caf::actor_system_config {
    Config() {
      add_message_types<caf::id_block::darkroom>();
      set("scheduler.policy", caf::atom("testing"));
    }
  };

  static caf::scheduler::test_coordinator& test_scheduler(caf::actor_system& system) {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  Config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<caf::strong_actor_ptr> kept_;
};

}  // namespace darkroom::actors
