#include "tests/torture/chaos.hpp"

#include <csignal>
#include <thread>

namespace darkroom::torture {

std::chrono::milliseconds Chaos::between(int least_ms, int most_ms) {
  return std::chrono::milliseconds{std::uniform_int_distribution{least_ms, most_ms}(random_)};
}

void Chaos::kill_worker() {
  const auto workers = service_.workers();
  if (workers.empty()) return;
  const auto& victim =
      workers.at(std::uniform_int_distribution<std::size_t>{0, workers.size() - 1}(random_));
  kills_.push_back({victim.name, jobs::system_now()});
  ++deeds_["worker killed"];
  ::kill(victim.process.pid, SIGKILL);
}

void Chaos::stop_worker() {
  const auto workers = service_.workers();
  if (workers.empty()) return;
  const auto& victim =
      workers.at(std::uniform_int_distribution<std::size_t>{0, workers.size() - 1}(random_));
  ++deeds_["worker stopped and continued"];
  ::kill(victim.process.pid, SIGSTOP);
  // Both sides of the lease of 8 s.
  std::this_thread::sleep_for(between(100, 12'000));
  if (is_alive(victim.process)) ::kill(victim.process.pid, SIGCONT);
}

void Chaos::strike() {
  switch (std::uniform_int_distribution{0, 11}(random_)) {
    case 0:
    case 1:
      ++deeds_["service killed"];
      service_.end_service(SIGKILL);
      std::this_thread::sleep_for(between(0, 1'500));
      service_.start_service();
      (void)service_.wait_until_ready();
      break;
    case 2:
      ++deeds_["service restarted"];
      service_.end_service(SIGTERM);
      service_.start_service();
      (void)service_.wait_until_ready();
      break;
    case 3:
      ++deeds_["service stopped and continued"];
      service_.stop_service_for(between(100, 5'000));
      break;
    case 4:
    case 5:
      ++deeds_["outside worker killed"];
      service_.end_lone_worker(SIGKILL);
      service_.start_lone_worker();
      break;
    case 6:
    case 7:
      stop_worker();
      break;
    default:
      kill_worker();
      break;
  }
}

}  // namespace darkroom::torture
