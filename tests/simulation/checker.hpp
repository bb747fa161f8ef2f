#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/message_types.hpp"
#include "jobs/retry.hpp"
#include "jobs/shared_job.hpp"
#include "persistence/job_store.hpp"
#include "tests/simulation/job_script.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/wall_time.hpp"

namespace darkroom::simulation {

struct Violation {
  std::optional<jobs::JobId> job;
  std::string what;
};

/// Knows what clients asked for and were told, what workers really did, and every durable state of
/// every job, and compares them as they come. What can only be seen at the end of a run is in
/// final_check.hpp.
class Checker {
 public:
  /// @param budget  What the service promises; a weakened one may be told something else.
  /// @param harmed  Workers may die or fall silent without a job's doing.
  Checker(Trace& trace, const WallTime& wall, jobs::RetryPolicy budget, bool harmed);

  /// The content of a blob, or none.
  std::function<std::optional<std::string>(std::string_view key)> blob;

  // -- from clients --
  /// @param key  The upload's idempotency key, or empty.
  void asked_to_create(const jobs::JobId& id, const JobScript& script, const std::string& key);
  /// @param key  As there.
  void acknowledged(const jobs::Job& job, const std::string& key);
  void was_read(const jobs::Job& job);
  void was_missing(const jobs::JobId& id);
  void asked_to_remove(const jobs::JobId& id);
  void removal_acknowledged(const jobs::JobId& id);
  void asked_to_cancel(const jobs::JobId& id);
  void asked_to_retry(const jobs::JobId& id);
  /// All jobs that have failed, or will have by the time that is done.
  void asked_to_retry_all();
  /// Of a cancellation or a retry.
  void change_acknowledged(const jobs::Job& job);

  // -- from operators; queues and workers have different names --
  /// The service has promised that no job of the queue, or by the worker, is begun any more.
  void stop_acknowledged(const std::string& name) { stopped_.insert(name); }
  void asked_to_resume(const std::string& name) { stopped_.erase(name); }
  /// There is such a worker, which takes jobs of these queues; none: of all.
  void add_worker(const std::string& name, std::vector<std::string> queues);
  [[nodiscard]] const std::vector<std::string>& workers() const { return workers_; }

  // -- from the stores --
  void applied(const persistence::JobChange& change);
  void undone(const persistence::JobChange& change);
  void record_applied(const persistence::RecordChange& change);
  void record_undone(const persistence::RecordChange& change);
  /// A batch that is not completed has a job that has not ended.
  void check_open_batches();
  void blob_removed(std::string_view key);

  // -- from workers --
  void work_began(const actors::Task& task, const std::string& worker, std::uint32_t process);
  void work_ended(const actors::Task& task, actors::JobOutcome outcome);
  /// With all that runs in it; `culprit` is the job that took it down, if one did.
  void process_ended(std::uint32_t process, const std::optional<jobs::JobId>& culprit);

  /// How often the job's work has failed so far.
  [[nodiscard]] std::uint32_t failures(const jobs::JobId& id) const;
  [[nodiscard]] const JobScript& script(const jobs::JobId& id) const;
  /// The job as it is durable now, or none.
  [[nodiscard]] const jobs::Job* current(const jobs::JobId& id) const;
  [[nodiscard]] bool is_known(const jobs::JobId& id) const { return known_.contains(id); }
  /// Every job that is there now.
  [[nodiscard]] std::vector<const jobs::Job*> existing() const;
  [[nodiscard]] bool all_final() const { return unfinished_.empty(); }
  [[nodiscard]] const std::set<jobs::JobId>& unfinished() const { return unfinished_; }

  void violation(const std::optional<jobs::JobId>& job, std::string what);
  [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }

 private:
  struct Version {
    jobs::SharedJob record;  ///< None: removed.
    bool relied_on = false;  ///< Somebody was told of it, so it may not be undone.
  };
  /// A task that a worker has begun, by its lease.
  struct Work {
    jobs::JobId job;
    std::uint32_t process = 0;
    bool running = true;
    std::set<actors::JobOutcome> reported = {};
    std::optional<jobs::JobId> killed_by = {};  ///< The neighbour that took its process down.
  };
  struct Known {
    JobScript script;
    bool acknowledged = false;
    bool removal_asked = false;
    bool cancel_asked = false;
    std::uint32_t retries_left = 0;  ///< Asked for by clients, and not seen yet.
    std::uint32_t failures = 0;
    std::vector<Version> history;
  };

  [[nodiscard]] bool waits(const jobs::JobId& batch) const;
  [[nodiscard]] bool may_be_removed(const Known& known, const jobs::Job& job) const;
  void check_creation(const Known& known, const jobs::Job& job);
  void check_edge(Known& known, const jobs::SharedJob& before, const jobs::SharedJob& after);
  void check_budget(const jobs::Job& job);
  /// An attempt has begun.
  void check_start(const jobs::Job& job);
  void check_change_of_final(Known& known, const jobs::Job& before, const jobs::Job& after);
  [[nodiscard]] bool is_current(const jobs::LeaseToken& token, const jobs::JobId& id) const;
  void check_company(const jobs::LeaseToken& token, const Work& work);
  void check_end_of_attempt(const jobs::Job& before, const jobs::Job& after);
  void check_failed(const Known& known, const jobs::Job& job);
  void check_completed(const jobs::Job& job);
  void note_unfinished(const jobs::JobId& id, const jobs::SharedJob& record);

  Trace& trace_;
  const WallTime& wall_;
  jobs::RetryPolicy budget_;
  bool harmed_;
  bool retry_all_asked_ = false;
  std::map<jobs::JobId, Known> known_;
  std::map<jobs::LeaseToken, Work> works_;
  std::map<std::string, jobs::JobId> acknowledged_keys_;
  std::set<jobs::JobId> unfinished_;
  std::map<jobs::JobId, bool> batches_;  ///< That are there, and whether they are completed.
  std::vector<Violation> violations_;
  std::set<std::string> stopped_;  ///< Queues and workers.
  std::vector<std::string> workers_;
  std::map<std::string, std::vector<std::string>> queues_of_;  ///< By worker.
};

}  // namespace darkroom::simulation
