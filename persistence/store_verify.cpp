#include "persistence/store_verify.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "persistence/blob_check.hpp"
#include "persistence/data_folder.hpp"
#include "persistence/file_blob_walk.hpp"
#include "persistence/stored_blobs.hpp"
#include "persistence/stored_jobs.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

/// Suspects that are looked up again together, since that opens the store anew.
constexpr std::size_t suspects_at_once = 256;
/// A file is there before the record that knows it; after this long no upload is still between.
constexpr std::chrono::minutes upload_time{10};
/// An index that does not fit the records is read again so often before it counts as damaged.
constexpr int index_tries = 2;

/// Something that seemed wrong in a view of the store that may be old by now.
struct Suspect {
  jobs::JobId id;
  std::optional<StoredBlob> blob;  ///< None: the record itself.
  std::string message;
};

class StoreVerify {
 public:
  StoreVerify(const fs::path& root, const RocksOptions& options, const VerifyWatch& watch)
      : root_(root), options_(options), watch_(watch), check_(root) {}

  tl::expected<VerifyReport, StoreError> run() {
    if (auto done = verify_jobs(); !done) return tl::unexpected{done.error()};
    enter(VerifyPhase::indexes);
    if (auto done = verify_indexes(); !done) return tl::unexpected{done.error()};
    enter(VerifyPhase::orphans);
    if (auto done = find_orphans(); !done) return tl::unexpected{done.error()};
    return report_;
  }

 private:
  [[nodiscard]] tl::expected<StoredJobs, StoreError> open() const {
    return StoredJobs::open(root_ / data_folder::jobs, options_);
  }

  void enter(VerifyPhase phase) {
    report_.phase = phase;
    watch_.progress(report_);
  }

  void add(VerifyFault fault) {
    ++report_.faults;
    watch_.fault(fault);
  }

  tl::expected<void, StoreError> verify_jobs() {
    enter(VerifyPhase::jobs);
    const auto stored = open();
    if (!stored) return tl::unexpected{stored.error()};
    std::optional<StoreError> failure;
    auto walked = stored->for_each([&](const StoredJob& record) {
      verify_job(record);
      watch_.progress(report_);
      if (suspects_.size() < suspects_at_once) return true;
      if (auto judged = judge_suspects(); !judged) failure = judged.error();
      return !failure;
    });
    if (failure) return tl::unexpected{*failure};
    if (!walked) return walked;
    return judge_suspects();
  }

  void verify_job(const StoredJob& record) {
    ++report_.jobs;
    if (!record.job) {
      suspects_.push_back(
          {record.id, std::nullopt, "the record is damaged: " + record.job.error()});
      return;
    }
    for (const auto& blob : stored_blobs(*record.job)) {
      if (auto message = check_.fault(blob)) {
        suspects_.push_back({record.id, blob, std::move(*message)});
      } else {
        ++report_.blobs;
        report_.blob_bytes += blob.bytes;
      }
    }
  }

  /// A record goes before its files do. So where the store as it is now still has the record, what
  /// was seen before was damage.
  tl::expected<void, StoreError> judge_suspects() {
    if (suspects_.empty()) return {};
    const auto now = open();
    if (!now) return tl::unexpected{now.error()};
    for (auto& suspect : suspects_) {
      const auto record = now->get(suspect.id);
      if (!record) return tl::unexpected{record.error()};
      const bool nameless = suspect.id == jobs::JobId{};
      if (!nameless && !*record) continue;
      if (!suspect.blob) {
        if (!nameless && (*record)->job) continue;
      } else {
        if (!(*record)->job) continue;  // Damage of its own.
        const auto blobs = stored_blobs(*(*record)->job);
        if (std::find(blobs.begin(), blobs.end(), *suspect.blob) == blobs.end()) continue;
        // It may have been replaced by what the record says.
        const auto message = check_.fault(*suspect.blob);
        if (!message) continue;
        suspect.message = *message;
      }
      add({suspect.id, suspect.blob ? suspect.blob->key : "", std::move(suspect.message)});
    }
    suspects_.clear();
    return {};
  }

  tl::expected<void, StoreError> verify_indexes() {
    for (int i = 1;; ++i) {
      const auto stored = open();
      if (!stored) return tl::unexpected{stored.error()};
      const bool last = i == index_tries;
      bool found = false;
      auto walked = stored->for_each_index_fault([&](const IndexFault& fault) {
        found = true;
        if (last) add({fault.id, "", fault.message});
        return last;
      });
      if (!walked || !found || last) return walked;
    }
  }

  tl::expected<void, StoreError> find_orphans() {
    const auto oldest_upload = jobs::system_now() - upload_time;
    const auto stored = open();
    if (!stored) return tl::unexpected{stored.error()};
    auto walk = FileBlobWalk::begin(root_ / data_folder::uploads);
    if (!walk) return tl::unexpected{walk.error()};
    while (true) {
      const auto blob = (*walk)->next();
      if (!blob) return tl::unexpected{blob.error()};
      if (!*blob) return {};
      if ((*blob)->modified_at > oldest_upload) continue;
      const auto id = jobs::job_of_blob((*blob)->key);
      tl::expected<std::optional<StoredJob>, StoreError> record;
      if (id) record = stored->get(*id);
      if (!record) return tl::unexpected{record.error()};
      const bool known =
          *record && (!(*record)->job || may_have_blob(*(*record)->job, (*blob)->key));
      if (known) continue;
      ++report_.orphans;
      report_.orphan_bytes += (*blob)->bytes;
    }
  }

  fs::path root_;
  RocksOptions options_;
  const VerifyWatch& watch_;
  BlobCheck check_;
  std::vector<Suspect> suspects_;
  VerifyReport report_;
};

}  // namespace

std::string_view to_string(VerifyPhase phase) {
  switch (phase) {
    case VerifyPhase::jobs:
      return "jobs";
    case VerifyPhase::indexes:
      return "indexes";
    case VerifyPhase::orphans:
      return "orphans";
  }
  return "unknown";
}

tl::expected<VerifyReport, StoreError> verify_store(const fs::path& root,
                                                    const RocksOptions& options,
                                                    const VerifyWatch& watch) {
  return StoreVerify{root, options, watch}.run();
}

}  // namespace darkroom::persistence
