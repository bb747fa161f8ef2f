#include "jobs/memory_budget.hpp"

namespace darkroom::jobs {

void MemoryBudget::ask(const LeaseToken& task, std::uint64_t bytes) {
  waiting_.push_back({task, bytes});
}

void MemoryBudget::release(const LeaseToken& task) {
  std::erase_if(waiting_, [&](const Share& share) { return share.task == task; });
  std::erase_if(granted_, [&](const Share& share) {
    if (share.task != task) return false;
    in_use_ -= share.bytes;
    return true;
  });
}

std::vector<LeaseToken> MemoryBudget::grant() {
  std::vector<LeaseToken> tasks;
  while (!waiting_.empty() && waiting_.front().bytes <= bytes_ - in_use_) {
    in_use_ += waiting_.front().bytes;
    tasks.push_back(waiting_.front().task);
    granted_.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return tasks;
}

}  // namespace darkroom::jobs
