#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobs/lease.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// The workers that have joined, and their credit: how many more jobs each will take, which is what
/// it accepts less what it holds. Nothing is ever handed to a worker beyond its credit. Plain, not
/// thread-safe.
class WorkerRoster {
 public:
  /// Enters a worker that accepts as many jobs as it has slots and holds `holds` already, one of
  /// them perhaps `alone`. Returns
  /// false, and changes nothing, where one of its name and another incarnation is here: two live
  /// workers of one name would otherwise drive each other out for ever.
  [[nodiscard]] bool join(const WorkerId& worker, std::uint32_t slots, std::uint32_t holds,
                          SteadyTime now, bool alone = false);

  /// Returns false where the worker is not there.
  bool leave(const WorkerId& worker);

  /// A sign of life, with how many jobs the worker is willing to hold at once, at most its slots: 0
  /// while it drains; and with how many are at work in its process that are not its own any more.
  /// Returns false where the worker is not there.
  bool heard_from(const WorkerId& worker, std::uint32_t accepts, std::uint32_t strays,
                  SteadyTime now);
  /// When it last gave a sign of life; nullopt where it is not there.
  [[nodiscard]] std::optional<SteadyTime> last_heard(const WorkerId& worker) const;

  /// Workers not heard from since `horizon` or longer.
  [[nodiscard]] std::vector<WorkerId> silent_since(SteadyTime horizon) const;

  [[nodiscard]] bool contains(const WorkerId& worker) const;
  /// A worker of this name, whichever its incarnation.
  [[nodiscard]] bool contains(const std::string& name) const;

  /// The worker with the most credit, which spreads jobs evenly; nullopt where nobody has any.
  /// Leaves out `except`.
  [[nodiscard]] std::optional<WorkerId> most_credit(
      const std::optional<WorkerId>& except = std::nullopt) const;

  /// Where a job that must run alone goes: the worker, of those that accept jobs, whose process is
  /// busy with the fewest. None where all are busy with one that must run alone.
  struct Emptiest {
    WorkerId worker;
    bool idle = false;  ///< Nothing runs in its process: the job may go there now.
  };
  [[nodiscard]] std::optional<Emptiest> emptiest() const;

  /// The worker holds one job more, or one fewer. While it holds one that must run `alone` it has
  /// no credit. Unknown workers are ignored.
  void took_job(const WorkerId& worker, bool alone = false);
  void gave_back_job(const WorkerId& worker);

  /// The worker is busy with a job that is not its own any more: one slot fewer counts as free
  /// until it is heard from again.
  void slot_is_busy(const WorkerId& worker);

  /// The worker takes no more until it is heard from again.
  void takes_none(const WorkerId& worker);

  /// True where a worker is busy with jobs that it has lost.
  [[nodiscard]] bool is_crowded(const WorkerId& worker) const;

  [[nodiscard]] std::size_t size() const { return workers_.size(); }
  [[nodiscard]] std::size_t slots() const;

 private:
  struct Member {
    std::uint64_t incarnation = 0;
    std::uint32_t slots = 0;
    std::uint32_t accepts = 0;
    std::uint32_t holds = 0;
    std::uint32_t strays = 0;  ///< At work in its process, and not its own any more.
    SteadyTime last_heard;
    bool alone = false;  ///< What it holds must run alone.

    [[nodiscard]] std::uint32_t credit() const {
      return accepts > holds && !alone ? accepts - holds : 0;
    }
    [[nodiscard]] std::uint32_t runs() const { return holds + strays; }
  };

  [[nodiscard]] Member* find(const WorkerId& worker);
  [[nodiscard]] const Member* find(const WorkerId& worker) const;

  std::map<std::string, Member> workers_;  ///< by name
};

}  // namespace darkroom::jobs
