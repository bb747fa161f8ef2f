#pragma once

#include <chrono>
#include <tuple>
#include <type_traits>
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
  VirtualTimeTest();
  ~VirtualTimeTest() override;

  /// Runs until no actor has a message left. Timers do not fire.
  void run();

  /// Moves time on in small steps, so that timers that set themselves anew all fire.
  void advance(std::chrono::milliseconds duration);

  /// Moves time on at one blow, as a process sees it that was stopped: each timer fires once.
  void jump(std::chrono::milliseconds duration);

  /// The wall clock of the actors under test goes with virtual time.
  [[nodiscard]] jobs::WallClock wall_clock() {
    return [this] { return now(); };
  }

  [[nodiscard]] jobs::Timestamp now();

  template <class Handle>
  Handle keep(Handle actor) {
    kept_.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }

  /// One request, answered without time passing.
  template <class Reply, class Handle, class... Args>
  tl::expected<Reply, ServiceError> ask(const Handle& actor, Args... args) {
    using Answer = caf::response_type<typename Handle::signatures, Args...>;
    static_assert(std::is_same_v<typename Answer::tuple_type, std::tuple<Reply>>);
    caf::scoped_actor self{system_};
    // Checked above; a request to a typed actor takes the compiler twice as long.
    auto answer = await(self->request(caf::actor_cast<caf::actor>(actor),
                                      std::chrono::seconds{3'600}, std::move(args)...));
    if (!answer) return tl::unexpected(std::move(answer.error()));
    if constexpr (std::is_convertible_v<Reply, caf::atom_value>) {
      return Reply{};
    } else {
      return std::move(answer->template get_mutable_as<Reply>(0));
    }
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
    Config();
  };

  using Request = caf::response_handle<caf::blocking_actor, caf::message, true>;
  tl::expected<caf::message, ServiceError> await(Request request);

  Config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<caf::strong_actor_ptr> kept_;
};

}  // namespace darkroom::actors
