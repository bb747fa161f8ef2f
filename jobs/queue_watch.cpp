#include "jobs/queue_watch.hpp"

#include <algorithm>

namespace darkroom::jobs {

QueueWatch::Changes QueueWatch::note(const std::vector<std::string>& queues, SteadyTime now) {
  Changes changes;
  std::erase_if(spells_, [&](const auto& entry) {
    const auto& [queue, spell] = entry;
    if (std::ranges::find(queues, queue) != queues.end()) return false;
    if (spell.told) changes.ended.push_back(queue);
    return true;
  });
  for (const auto& queue : queues) {
    auto& spell = spells_.try_emplace(queue, Spell{.since = now}).first->second;
    if (spell.told || now - spell.since < patience_) continue;
    spell.told = true;
    changes.begun.push_back(queue);
  }
  return changes;
}

}  // namespace darkroom::jobs
