#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jobs/lease.hpp"
#include "jobs/queue_order.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// The workers that have joined, and their credit: how many more jobs each will take, which is what
/// it accepts less what it holds. Nothing is ever handed to a worker beyond its credit. Finding who
/// gets the next job takes time that grows with the number of different subscriptions, and not with
/// that of workers. Plain, not thread-safe.
class WorkerRoster {
 public:
  /// A worker that joins, or joins again.
  struct Newcomer {
    WorkerId worker;
    std::uint32_t slots = 0;  ///< It accepts as many jobs.
    std::uint32_t holds = 0;  ///< So many it has already.
    bool alone = false;       ///< One of them must run alone.
    bool drained = false;     ///< By an operator: it gets no job until set_drained() says so.
    std::string node = {};
    std::string version = {};
    std::shared_ptr<Subscription> takes = {};  ///< Not null.
    Timestamp joined_at = {};
  };

  /// What operators see of a worker.
  struct Figures {
    WorkerId worker;
    std::string node;
    std::string version;
    std::vector<std::string> queues;  ///< None: all.
    std::uint32_t slots = 0;
    std::uint32_t busy = 0;  ///< Jobs at work in its process.
    bool drained = false;
    bool accepts = false;     ///< It is willing to hold any.
    bool has_strays = false;  ///< Some of what is at work in its process is not its own any more.
    Timestamp joined_at;
    SteadyTime last_heard;
  };

  /// Returns false, and changes nothing, where one of its name and another incarnation is here: two
  /// live workers of one name would otherwise drive each other out for ever.
  [[nodiscard]] bool join(const Newcomer& newcomer, SteadyTime now);

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

  /// An operator wants the worker to get no more jobs, or wants that no longer. For each worker of
  /// which `wanted`, given its name and its node, says so; all others get jobs.
  void set_drained(
      const std::function<bool(const std::string& name, const std::string& node)>& wanted);

  /// Whether there is a job for workers with this subscription.
  using HasWork = std::function<bool(Subscription&)>;
  struct Choice {
    WorkerId worker;
    std::shared_ptr<Subscription> takes;
    friend bool operator==(const Choice&, const Choice&) = default;
  };
  /// Among the workers for which there is a job, the one with the most credit, which spreads jobs
  /// evenly; of several the one that takes fewer queues, which leaves the others for jobs that it
  /// cannot do. None where nobody has any. Leaves out `except`.
  [[nodiscard]] std::optional<Choice> most_credit(
      const HasWork& has_work, const std::optional<WorkerId>& except = std::nullopt) const;

  /// Where a job that must run alone goes: the worker, of those that take its queue and accept
  /// jobs, whose process is busy with the fewest. None where all are busy with one that must run
  /// alone.
  struct Emptiest {
    WorkerId worker;
    bool idle = false;  ///< Nothing runs in its process: the job may go there now.
  };
  [[nodiscard]] std::optional<Emptiest> emptiest(std::string_view queue) const;

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
  /// True where the worker is one of several of a node that has a name of its own.
  [[nodiscard]] bool is_elsewhere(const WorkerId& worker) const;

  [[nodiscard]] std::size_t size() const { return workers_.size(); }
  [[nodiscard]] std::size_t slots() const;

  /// Those of the workers that take a queue, have slots and are not drained.
  struct Capacity {
    std::size_t workers = 0;
    std::size_t slots = 0;
  };
  [[nodiscard]] Capacity capacity_for(std::string_view queue) const;

  /// Every worker, by name.
  [[nodiscard]] std::vector<Figures> figures() const;

 private:
  struct Group;

  struct Member {
    std::uint64_t incarnation = 0;
    std::uint32_t slots = 0;
    std::uint32_t accepts = 0;
    std::uint32_t holds = 0;
    std::uint32_t strays = 0;  ///< At work in its process, and not its own any more.
    SteadyTime last_heard;
    bool alone = false;  ///< What it holds must run alone.
    bool drained = false;
    std::string node;
    std::string version;
    Timestamp joined_at;
    Group* group = nullptr;

    [[nodiscard]] std::uint32_t credit() const {
      return accepts > holds && !alone && !drained ? accepts - holds : 0;
    }
    [[nodiscard]] bool may_run_one_alone() const { return accepts > 0 && !alone && !drained; }
    [[nodiscard]] std::uint32_t runs() const { return holds + strays; }
  };
  using Members = std::map<std::string, Member>;

  /// A worker of a group, by a number that says how much it is wanted.
  using Ranked = std::pair<std::uint32_t, std::string_view>;
  /// The workers that take the same queues.
  struct Group {
    std::shared_ptr<Subscription> takes;
    std::size_t size = 0;
    std::set<Ranked> free;  ///< Those with credit, the most first: by its complement.
    std::set<Ranked> open;  ///< Those that may get a job that must run alone, the emptiest first.
  };

  [[nodiscard]] const Member* find(const WorkerId& worker) const;
  /// Around each change of a member: takes it out of its group's ranks, and puts it back.
  static void unrank(const Members::value_type& member);
  static void rank(const Members::value_type& member);
  template <class Change>
  bool change(const WorkerId& worker, const Change& apply);
  void leave_group(const Members::value_type& member);

  Members workers_;                                   ///< by name
  std::map<std::vector<std::string>, Group> groups_;  ///< by queues
};

}  // namespace darkroom::jobs
