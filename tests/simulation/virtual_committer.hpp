#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "actors/committer.hpp"
#include "tests/simulation/seeded_random.hpp"
#include "tests/simulation/virtual_system.hpp"

namespace darkroom::simulation {

/// What the service's committer is, in virtual time: a batch is written and synced some time after
/// it was started, and the registry goes on meanwhile.
class VirtualCommitter final : public actors::Committer {
 public:
  /// @param finishes  Asked when the registry has ended with a batch under way: is that written
  ///                  still? A process that dies may not come to it.
  VirtualCommitter(VirtualSystem& system, SeededRandom& random,
                   std::shared_ptr<persistence::JobStore> store, std::function<void()> written,
                   std::function<bool()> finishes);
  ~VirtualCommitter() override;
  VirtualCommitter(const VirtualCommitter&) = delete;
  VirtualCommitter& operator=(const VirtualCommitter&) = delete;
  VirtualCommitter(VirtualCommitter&&) = delete;
  VirtualCommitter& operator=(VirtualCommitter&&) = delete;

  void start(persistence::WriteSet batch) override;
  [[nodiscard]] std::optional<Outcome> take() override;
  [[nodiscard]] Outcome wait() override;

 private:
  /// What the clock holds on to no longer than the committer lives.
  struct Work {
    std::shared_ptr<persistence::JobStore> store;
    std::optional<persistence::WriteSet> batch;
    std::optional<Outcome> outcome;

    void write();
  };

  VirtualSystem& system_;
  SeededRandom& random_;
  std::function<void()> written_;
  std::function<bool()> finishes_;
  std::shared_ptr<Work> work_ = std::make_shared<Work>();
};

}  // namespace darkroom::simulation
