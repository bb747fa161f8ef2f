#include "tests/tunnel/hostile_peers.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include "tests/tunnel/plain_socket.hpp"

namespace darkroom::tunnel::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t crowd = 1'000;
constexpr int made_at_once = 50;
constexpr auto pause = 100ms;

}  // namespace

HostileCrowd::HostileCrowd(std::uint16_t port, HostileKind kind, std::string from)
    : port_(port), kind_(std::move(kind)), from_(std::move(from)), thread_([this] { run(); }) {}

HostileCrowd::~HostileCrowd() {
  stop_ = true;
  thread_.join();
}

void HostileCrowd::run() {
  std::vector<PlainSocket> sockets;
  int round = 0;
  while (!stop_) {
    std::erase_if(sockets, [](PlainSocket& socket) { return socket.closed_within(0ms); });
    for (int i = 0; i < made_at_once && sockets.size() < crowd; ++i) {
      try {
        sockets.push_back(PlainSocket::connect(port_, from_));
      } catch (const std::system_error&) {
        continue;
      }
      ++made_;
      if (!sockets.back().send(kind_.first_bytes)) sockets.pop_back();
    }
    if (kind_.drips && ++round % 10 == 0) {
      for (PlainSocket& socket : sockets)
        socket.send("x");
    }
    std::this_thread::sleep_for(pause);
  }
}

std::chrono::duration<double> cpu_time_of_thread(const std::string& name) {
  std::chrono::duration<double> total{0};
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string its_name;
    std::getline(std::ifstream{task.path() / "comm"} >> std::ws, its_name);
    if (its_name != name) continue;
    double nanoseconds = 0;
    std::ifstream{task.path() / "schedstat"} >> nanoseconds;
    total += std::chrono::duration<double, std::nano>{nanoseconds};
  }
  return total;
}

double resident_kib() {
  double all = 0;
  double resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'024;
}

void raise_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace darkroom::tunnel::tests
