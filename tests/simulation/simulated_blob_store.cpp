#include "tests/simulation/simulated_blob_store.hpp"

#include <span>
#include <utility>

#include "tests/simulation/job_script.hpp"

namespace darkroom::simulation {

using persistence::StoreError;
using persistence::StoreErrorCode;

class SimulatedBlobStore::Writer final : public persistence::BlobWriter {
 public:
  explicit Writer(SimulatedBlobStore& store) : store_(store), number_(++store.last_temporary_) {
    store_.temporaries_[number_] = store_.clock_();
  }
  ~Writer() override {
    if (!store_.killing_) store_.temporaries_.erase(number_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  tl::expected<void, StoreError> write(std::span<const std::byte> bytes) override {
    if (store_.error_) return tl::unexpected{*store_.error_};
    for (const auto byte : bytes)
      content_.push_back(static_cast<char>(byte));
    store_.temporaries_[number_] = store_.clock_();
    return {};
  }

  std::uint64_t size() const override { return content_.size(); }

  tl::expected<std::string, StoreError> finish() override { return digest(content_); }

  const std::filesystem::path& path() const override { return path_; }

  tl::expected<void, StoreError> commit(std::string_view key) override {
    if (store_.error_) return tl::unexpected{*store_.error_};
    // The janitor took it for one whose writer has died.
    if (store_.temporaries_.erase(number_) == 0) {
      return tl::unexpected{StoreError{.message = "the temporary file was taken away"}};
    }
    store_.blobs_.insert_or_assign(
        std::string{key},
        Blob{.content = content_, .modified_at = store_.clock_(), .synced = store_.syncs_});
    return {};
  }

 private:
  SimulatedBlobStore& store_;
  std::uint64_t number_;
  std::string content_;
  std::filesystem::path path_;
};

/// Goes by keys, so that blobs may come and go meanwhile.
class SimulatedBlobStore::Walk final : public persistence::BlobWalk {
 public:
  explicit Walk(const SimulatedBlobStore& store) : store_(store) {}

  tl::expected<std::optional<persistence::BlobEntry>, StoreError> next() override {
    const auto found = store_.blobs_.upper_bound(last_);
    if (found == store_.blobs_.end()) return std::nullopt;
    last_ = found->first;
    return persistence::BlobEntry{.key = found->first,
                                  .bytes = found->second.content.size(),
                                  .modified_at = found->second.modified_at};
  }

 private:
  const SimulatedBlobStore& store_;
  std::string last_;
};

SimulatedBlobStore::SimulatedBlobStore(jobs::WallClock clock, bool syncs)
    : clock_(std::move(clock)), syncs_(syncs) {}

void SimulatedBlobStore::sync() {
  for (auto& [key, blob] : blobs_)
    blob.synced = true;
}

void SimulatedBlobStore::power_cut() {
  temporaries_.clear();
  std::erase_if(blobs_, [](const auto& entry) { return !entry.second.synced; });
}

const SimulatedBlobStore::Blob* SimulatedBlobStore::find(std::string_view key) const {
  const auto found = blobs_.find(key);
  return found == blobs_.end() ? nullptr : &found->second;
}

tl::expected<std::unique_ptr<persistence::BlobWriter>, StoreError> SimulatedBlobStore::create() {
  if (error_) return tl::unexpected{*error_};
  return std::make_unique<Writer>(*this);
}

tl::expected<std::unique_ptr<persistence::BlobReader>, StoreError> SimulatedBlobStore::open(
    std::string_view) const {
  return tl::unexpected{StoreError{.message = "nobody reads through a reader in the simulation"}};
}

tl::expected<void, StoreError> SimulatedBlobStore::remove(std::string_view key) {
  removed(key);
  if (const auto found = blobs_.find(key); found != blobs_.end()) blobs_.erase(found);
  return {};
}

tl::expected<std::unique_ptr<persistence::BlobWalk>, StoreError> SimulatedBlobStore::walk() const {
  return std::make_unique<Walk>(*this);
}

tl::expected<void, StoreError> SimulatedBlobStore::check_writable() {
  if (error_) return tl::unexpected{*error_};
  return {};
}

tl::expected<std::size_t, StoreError> SimulatedBlobStore::remove_stale_temporaries(
    jobs::Timestamp before) {
  return std::erase_if(temporaries_, [&](const auto& entry) { return entry.second < before; });
}

tl::expected<std::filesystem::path, StoreError> SimulatedBlobStore::local_path(
    std::string_view) const {
  return tl::unexpected{StoreError{.message = "blobs of the simulation are not on a disk"}};
}

}  // namespace darkroom::simulation
