#include "jobs/receiver_standings.hpp"

namespace darkroom::jobs {

void ReceiverStandings::note(const std::string& receiver, bool prompt, SteadyTime now) {
  auto& order = order_of(prompt);
  if (const auto found = known_.find(receiver); found != known_.end()) {
    auto& known = found->second;
    order.splice(order.end(), order_of(known.prompt), known.place);
    known.prompt = prompt;
    known.at = now;
  } else {
    const auto place = order.insert(order.end(), receiver);
    known_.emplace(receiver, Known{.prompt = prompt, .at = now, .place = place});
  }
  if (order.size() <= most) return;
  known_.erase(order.front());
  order.pop_front();
}

Standing ReceiverStandings::of(const std::string& receiver, SteadyTime now) const {
  const auto found = known_.find(receiver);
  if (found == known_.end()) return Standing::unknown;
  if (!found->second.prompt) return Standing::silent;
  return now - found->second.at < lasting ? Standing::proven : Standing::unknown;
}

}  // namespace darkroom::jobs
