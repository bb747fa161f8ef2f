#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace darkroom::network {

/// Runs a program and waits for it. True if it ended well; what it wrote is lost.
[[nodiscard]] bool run(const std::vector<std::string>& words);

/// A machine on a VirtualNetwork: a network namespace of its own, with a loopback, an address and a
/// cable to the switch. The file system is that of all.
class VirtualHost {
 public:
  VirtualHost(const VirtualHost&) = delete;
  VirtualHost& operator=(const VirtualHost&) = delete;
  ~VirtualHost();

  [[nodiscard]] const std::string& address() const { return address_; }
  /// For setns(2).
  [[nodiscard]] int name_space() const { return name_space_; }

  /// Runs a program on this machine; see run().
  [[nodiscard]] bool run_here(const std::vector<std::string>& words) const;

  /// Nothing gets through the cable any more, and nobody is told.
  void cut() const;
  void heal() const;
  /// All connections of this machine but those to itself are answered with RST, as by a firewall or
  /// a peer that has forgotten them. False where the system cannot.
  [[nodiscard]] bool reset_connections() const;
  [[nodiscard]] bool stop_resetting() const;
  /// So many hundredths of the packets that come here are lost. False where the system cannot.
  [[nodiscard]] bool lose_packets(int percent) const;
  /// What leaves here is late by so many milliseconds, give or take a third. False where the system
  /// cannot.
  [[nodiscard]] bool delay_packets(int milliseconds) const;
  /// No more than so many megabits a second leave here. False where the system cannot.
  [[nodiscard]] bool narrow(int megabits) const;

 private:
  friend class VirtualNetwork;
  VirtualHost() = default;

  std::string name_;  ///< Of the switch's end of its cable.
  std::string address_;
  pid_t holder_ = -1;  ///< A process that does nothing but be there.
  int name_space_ = -1;
};

/// Several machines on one switch, out of network namespaces and veth pairs. The thread that makes
/// it, and every thread and process that this begins, is on the network too, at the switch, until
/// the network goes. Takes root, or user namespaces for all.
class VirtualNetwork {
 public:
  /// Why there can be none here; nothing where there can.
  [[nodiscard]] static std::optional<std::string> obstacle();

  /// Throws std::runtime_error where the system refuses.
  VirtualNetwork();
  VirtualNetwork(const VirtualNetwork&) = delete;
  VirtualNetwork& operator=(const VirtualNetwork&) = delete;
  ~VirtualNetwork();

  [[nodiscard]] std::unique_ptr<VirtualHost> add_host();

 private:
  int before_ = -1;  ///< The namespace to go back to.
  int hosts_ = 0;
};

}  // namespace darkroom::network
