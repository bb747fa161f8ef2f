#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom::jobs {

/// Which worker process: the name an operator sees, and a random number that tells a restarted
/// process from its ghost.
struct WorkerId {
  std::string name;
  std::uint64_t incarnation = 0;

  friend auto operator<=>(const WorkerId&, const WorkerId&) = default;
};

/// The workers that a service starts as its own children are called local-1, local-2 and so on, and
/// no other may have such a name: they are dead whenever the service is.
inline constexpr std::string_view local_worker_prefix = "local-";

/// 128 random bits that name one lease. A report counts only with the job's current token.
struct LeaseToken {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// A new token from the kernel's random numbers. Thread-safe.
  [[nodiscard]] static LeaseToken generate();

  friend auto operator<=>(const LeaseToken&, const LeaseToken&) = default;
};

/// A worker's right to work on a job. Its deadline is kept in memory only (see LeaseTable): after
/// a restart of the coordinator every lease gets a fresh one.
struct Lease {
  LeaseToken token;
  WorkerId worker;

  friend bool operator==(const Lease&, const Lease&) = default;
};

}  // namespace darkroom::jobs
