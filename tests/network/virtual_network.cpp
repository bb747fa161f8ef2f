#include "tests/network/virtual_network.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace darkroom::network {
namespace {

using Words = std::vector<std::string>;

/// Runs a program in the namespace (-1: that of the caller).
bool run_in(int name_space, const Words& words) {
  std::vector<std::string> copy = words;
  std::vector<char*> arguments;
  for (auto& word : copy)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return false;
  if (pid == 0) {
    if (name_space >= 0 && ::setns(name_space, CLONE_NEWNET) != 0) ::_exit(126);
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void must(bool done, const std::string& what) {
  if (!done) throw std::runtime_error("virtual network: " + what + " failed");
}

int open_name_space(const std::string& process) {
  return ::open(("/proc/" + process + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC);
}

/// A process in a network namespace of its own, which goes with this one.
pid_t start_holder() {
  std::array<int, 2> ready{};
  must(::pipe2(ready.data(), O_CLOEXEC) == 0, "pipe");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char word = ::unshare(CLONE_NEWNET) == 0 ? '+' : '-';
    (void)!::write(ready[1], &word, 1);
    while (true)
      ::pause();
  }
  char word = '-';
  if (pid > 0) (void)!::read(ready[0], &word, 1);
  ::close(ready[0]);
  ::close(ready[1]);
  must(pid > 0 && word == '+', "a network namespace");
  return pid;
}

constexpr const char* bridge = "switch";

}  // namespace

bool run(const Words& words) {
  return run_in(-1, words);
}

VirtualHost::~VirtualHost() {
  (void)run({"ip", "link", "delete", name_});
  if (name_space_ >= 0) ::close(name_space_);
  if (holder_ > 0) {
    ::kill(holder_, SIGKILL);
    ::waitpid(holder_, nullptr, 0);
  }
}

bool VirtualHost::run_here(const Words& words) const {
  return run_in(name_space_, words);
}

void VirtualHost::cut() const {
  must(run({"ip", "link", "set", name_, "nomaster"}), "cutting the cable");
}

void VirtualHost::heal() const {
  must(run({"ip", "link", "set", name_, "master", bridge}), "mending the cable");
}

bool VirtualHost::reset_connections() const {
  for (const char* chain : {"INPUT", "OUTPUT"}) {
    const Words rule{"iptables",
                     "-A",
                     chain,
                     "!",
                     chain == std::string{"INPUT"} ? "-i" : "-o",
                     "lo",
                     "-p",
                     "tcp",
                     "-j",
                     "REJECT",
                     "--reject-with",
                     "tcp-reset"};
    if (!run_here(rule)) return false;
  }
  return true;
}

bool VirtualHost::stop_resetting() const {
  return run_here({"iptables", "-F"});
}

bool VirtualHost::lose_packets(int percent) const {
  return run_here({"iptables", "-A", "INPUT", "-i", "eth0", "-m", "statistic", "--mode", "random",
                   "--probability", std::to_string(percent / 100.0), "-j", "DROP"});
}

bool VirtualHost::delay_packets(int milliseconds) const {
  return run_here({"tc", "qdisc", "add", "dev", "eth0", "root", "netem", "delay",
                   std::to_string(milliseconds) + "ms", std::to_string(milliseconds / 3) + "ms"});
}

bool VirtualHost::narrow(int megabits) const {
  return run_here({"tc", "qdisc", "add", "dev", "eth0", "root", "tbf", "rate",
                   std::to_string(megabits) + "mbit", "burst", "16kb", "latency", "200ms"});
}

std::optional<std::string> VirtualNetwork::obstacle() {
  if (!run({"ip", "-V"})) return "there is no ip (package iproute2)";
  if (!run({"unshare", "-n", "ip", "link", "add", "probe0", "type", "veth", "peer", "name",
            "probe1"})) {
    return "network namespaces with veth pairs are not permitted here (run as root)";
  }
  if (!run({"unshare", "-n", "ip", "link", "add", bridge, "type", "bridge"})) {
    return "the kernel has no bridges";
  }
  return std::nullopt;
}

VirtualNetwork::VirtualNetwork() : before_(open_name_space("thread-self")) {
  must(before_ >= 0 && ::unshare(CLONE_NEWNET) == 0, "a network namespace");
  must(run({"ip", "link", "set", "lo", "up"}), "loopback");
  must(run({"ip", "link", "add", bridge, "type", "bridge"}), "the switch");
  must(run({"ip", "address", "add", "10.20.0.1/24", "dev", bridge}), "the switch's address");
  must(run({"ip", "link", "set", bridge, "up"}), "the switch");
}

VirtualNetwork::~VirtualNetwork() {
  (void)::setns(before_, CLONE_NEWNET);
  ::close(before_);
}

std::unique_ptr<VirtualHost> VirtualNetwork::add_host() {
  std::unique_ptr<VirtualHost> host{new VirtualHost};
  const std::string number = std::to_string(++hosts_ + 1);
  host->name_ = "cable" + number;
  host->address_ = "10.20.0." + number;
  host->holder_ = start_holder();
  host->name_space_ = open_name_space(std::to_string(host->holder_));
  must(host->name_space_ >= 0, "a host");
  must(run({"ip", "link", "add", host->name_, "type", "veth", "peer", "name", "eth0", "netns",
            std::to_string(host->holder_)}),
       "a cable");
  must(run({"ip", "link", "set", host->name_, "master", bridge, "up"}), "a cable");
  must(host->run_here({"ip", "link", "set", "lo", "up"}), "loopback");
  must(host->run_here({"ip", "address", "add", host->address_ + "/24", "dev", "eth0"}),
       "an address");
  must(host->run_here({"ip", "link", "set", "eth0", "up"}), "the network card");
  return host;
}

}  // namespace darkroom::network
