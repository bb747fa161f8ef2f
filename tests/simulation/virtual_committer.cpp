#include "tests/simulation/virtual_committer.hpp"

#include <chrono>
#include <utility>

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;

/// A disk that is busy with other things as well.
constexpr double stall = 0.02;

}  // namespace

VirtualCommitter::VirtualCommitter(VirtualSystem& system, SeededRandom& random,
                                   std::shared_ptr<persistence::JobStore> store,
                                   std::function<void()> written, std::function<bool()> finishes)
    : system_(system),
      random_(random),
      written_(std::move(written)),
      finishes_(std::move(finishes)) {
  work_->store = std::move(store);
}

VirtualCommitter::~VirtualCommitter() {
  if (work_->batch && finishes_()) work_->write();
}

void VirtualCommitter::Work::write() {
  outcome = actors::write_batch(*store, *std::exchange(batch, std::nullopt));
}

void VirtualCommitter::start(persistence::WriteSet batch) {
  work_->batch = std::move(batch);
  const auto takes =
      random_.chance(stall) ? random_.between(100ms, 4s) : random_.between(0ms, 20ms);
  system_.after(takes, [weak = std::weak_ptr{work_}, written = written_] {
    const auto work = weak.lock();
    // The registry may have waited for it, and started another.
    if (!work || !work->batch) return;
    work->write();
    written();
  });
}

std::optional<actors::Committer::Outcome> VirtualCommitter::take() {
  return std::exchange(work_->outcome, std::nullopt);
}

actors::Committer::Outcome VirtualCommitter::wait() {
  if (work_->batch) work_->write();
  return *std::exchange(work_->outcome, std::nullopt);
}

}  // namespace darkroom::simulation
