#include "tests/actors/virtual_time_test.hpp"

#include <caf/others.hpp>

#include "actors/message_block.hpp"

namespace darkroom::actors {
namespace {

caf::scheduler::test_coordinator& test_scheduler(caf::actor_system& system) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
}

}  // namespace

VirtualTimeTest::Config::Config() {
  add_messages(*this);
  set("scheduler.policy", caf::atom("testing"));
}

VirtualTimeTest::VirtualTimeTest() : system_(config_), scheduler_(test_scheduler(system_)) {}

VirtualTimeTest::~VirtualTimeTest() {
  caf::scoped_actor self{system_};
  for (const auto& actor : kept_)
    self->send_exit(actor, caf::exit_reason::kill);
  run();
}

void VirtualTimeTest::run() {
  scheduler_.run();
}

void VirtualTimeTest::advance(std::chrono::milliseconds duration) {
  constexpr std::chrono::milliseconds step{10};
  run();
  for (std::chrono::milliseconds passed{0}; passed < duration; passed += step) {
    scheduler_.advance_time(step);
    run();
  }
}

void VirtualTimeTest::jump(std::chrono::milliseconds duration) {
  run();
  scheduler_.advance_time(duration);
  run();
}

tl::expected<caf::message, ServiceError> VirtualTimeTest::await(Request request) {
  run();
  tl::expected<caf::message, ServiceError> answer;
  request.receive(
      [&](const caf::error& error) { answer = tl::unexpected(to_service_error(error)); },
      caf::others >> [&](caf::message_view& view) -> caf::result<caf::message> {
        answer = view.move_content_to_message();
        return caf::message{};
      });
  return answer;
}

jobs::Timestamp VirtualTimeTest::now() {
  return jobs::Timestamp{std::chrono::duration_cast<std::chrono::milliseconds>(
      scheduler_.clock().now().time_since_epoch())};
}

}  // namespace darkroom::actors
