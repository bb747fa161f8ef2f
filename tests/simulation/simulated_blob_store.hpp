#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"

namespace darkroom::simulation {

/// A blob store in memory, by the machine's wall clock. What it simulates: writes refused for a
/// while, as on a full disk; writers whose process dies, which leave their temporary file behind; a
/// power cut, after which what is not synced is gone, temporary files among it.
class SimulatedBlobStore final : public persistence::BlobStore {
 public:
  struct Blob {
    std::string content;
    jobs::Timestamp modified_at;
    bool synced = true;
  };

  /// @param syncs  A commit is durable when it returns; without, only at sync() (the weakness
  ///               `blobs`).
  SimulatedBlobStore(jobs::WallClock clock, bool syncs);

  std::function<void(std::string_view key)> removed = [](std::string_view) {};

  void fail_with(std::optional<persistence::StoreError> error) { error_ = std::move(error); }
  void sync();
  void power_cut();
  /// While true a writer that is destroyed was killed: its temporary file stays.
  void set_killing(bool killing) { killing_ = killing; }

  [[nodiscard]] const std::map<std::string, Blob, std::less<>>& blobs() const { return blobs_; }
  [[nodiscard]] std::size_t temporaries() const { return temporaries_.size(); }
  [[nodiscard]] const Blob* find(std::string_view key) const;

  tl::expected<std::unique_ptr<persistence::BlobWriter>, persistence::StoreError> create() override;
  tl::expected<std::unique_ptr<persistence::BlobReader>, persistence::StoreError> open(
      std::string_view key) const override;
  tl::expected<void, persistence::StoreError> remove(std::string_view key) override;
  tl::expected<std::unique_ptr<persistence::BlobWalk>, persistence::StoreError> walk()
      const override;
  tl::expected<void, persistence::StoreError> check_writable() override;
  tl::expected<std::size_t, persistence::StoreError> remove_stale_temporaries(
      jobs::Timestamp before) override;
  tl::expected<std::filesystem::path, persistence::StoreError> local_path(
      std::string_view key) const override;

 private:
  class Writer;
  class Walk;

  jobs::WallClock clock_;
  bool syncs_;
  bool killing_ = false;
  std::optional<persistence::StoreError> error_;
  std::map<std::string, Blob, std::less<>> blobs_;
  std::map<std::uint64_t, jobs::Timestamp> temporaries_;  ///< When each was last written.
  std::uint64_t last_temporary_ = 0;
};

}  // namespace darkroom::simulation
