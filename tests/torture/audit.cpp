#include "tests/torture/audit.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "tests/cluster/pictures.hpp"

namespace darkroom::torture {
namespace {

/// Far longer than the longest lease, back-off and queue after a minute of harm.
constexpr std::chrono::minutes patience{10};

void check_files(const cluster::ApiClient& client, const cluster::JobReport& job, Audit& audit) {
  for (const auto& rendition : job.renditions) {
    const auto file = client.get(rendition.url);
    try {
      if (file.status != 200 || file.body.size() != rendition.bytes) {
        throw std::runtime_error("answered " + std::to_string(file.status) + " with " +
                                 std::to_string(file.body.size()) + " bytes");
      }
      const auto picture = cluster::decoded(file.body);
      if (picture->width() != rendition.width || picture->height() != rendition.height) {
        throw std::runtime_error("has another size than the job says");
      }
      ++audit.files;
    } catch (const std::exception& exception) {
      audit.faults.push_back("job " + job.id + ": " + rendition.url + " " + exception.what());
    }
  }
}

void note_recoveries(const cluster::JobReport& job, const std::vector<Kill>& kills, Audit& audit) {
  for (std::size_t i = 0; i + 1 < job.attempts.size(); ++i) {
    const auto& attempt = job.attempts[i];
    const auto killed = std::ranges::find_if(kills, [&](const Kill& kill) {
      return kill.worker == attempt.worker && attempt.started_at <= kill.at &&
             attempt.finished_at && kill.at <= *attempt.finished_at;
    });
    if (killed == kills.end()) continue;
    audit.recoveries.push_back(job.attempts[i + 1].started_at - killed->at);
  }
}

void check_job(const cluster::ApiClient& client, const Acknowledged& upload,
               const std::vector<Kill>& kills, Audit& audit) {
  const auto job = client.wait_for_end(upload.job, patience);
  if (job.status != "completed") {
    audit.faults.push_back("job " + job.id + " is " + job.status + ": " + job.error_message);
    return;
  }
  ++audit.completed;
  audit.repeated_attempts += job.attempts.size() - 1;
  const auto completed =
      std::ranges::count(job.attempts, "completed", &cluster::JobReport::Attempt::outcome);
  if (completed != 1) {
    audit.faults.push_back("job " + job.id + " was completed " + std::to_string(completed) +
                           " times");
  }
  check_files(client, job, audit);
  note_recoveries(job, kills, audit);
}

}  // namespace

Audit audit(const cluster::ApiClient& client, const std::vector<Acknowledged>& uploads,
            const std::vector<Kill>& kills) {
  Audit audit;
  audit.acknowledged = uploads.size();
  std::map<std::string, std::string> keys;
  for (const auto& upload : uploads) {
    const auto [known, is_new] = keys.emplace(upload.job, upload.key);
    if (!is_new) {
      audit.faults.push_back("uploads " + known->second + " and " + upload.key +
                             " were given one job");
    }
    try {
      check_job(client, upload, kills, audit);
    } catch (const std::exception& exception) {
      audit.faults.push_back("job " + upload.job + " is lost: " + exception.what());
    }
  }
  std::ranges::sort(audit.recoveries);
  return audit;
}

}  // namespace darkroom::torture
