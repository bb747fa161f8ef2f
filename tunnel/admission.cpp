#include "tunnel/admission.hpp"

#include <algorithm>

namespace darkroom::tunnel {
namespace {

/// A node has a connection or two on their way at a time; who has more than this may have to yield.
constexpr std::size_t fair_share = 4;
constexpr std::size_t least_owners_to_clean = 256;

}  // namespace

Admission::Verdict Admission::enter(Id id, const std::string& owner, std::size_t proven, Time now) {
  forget_calm_ones(now);
  if (proven + unproven_ >= limits_.all) return {.reason = "there are too many connections"};
  Owner& own = owners_[owner];
  if (failures_by(own, now) >= failures_at_once) return {.reason = "it has failed too often"};
  Verdict verdict{.admitted = true};
  if (own.unproven.size() >= std::max<std::size_t>(1, limits_.unproven / 2)) {
    verdict.evicted = evict_oldest(own, now);
    if (!verdict.evicted) return {.reason = "it has too many connections that are not yet proven"};
  } else if (unproven_ >= limits_.unproven) {
    Owner* const greediest = greediest_but(owner);
    if (greediest != nullptr) verdict.evicted = evict_oldest(*greediest, now);
    if (!verdict.evicted) return {.reason = "too many connections are not yet proven"};
  }
  own.unproven.push_back({.id = id, .since = now});
  ++unproven_;
  return verdict;
}

void Admission::leave(Id id, const std::string& owner) {
  const auto known = owners_.find(owner);
  if (known == owners_.end()) return;
  const std::size_t removed =
      known->second.unproven.remove_if([id](const Entry& entry) { return entry.id == id; });
  unproven_ -= removed;
  const Owner& left = known->second;
  if (left.unproven.empty() && left.failures == 0) owners_.erase(known);
}

void Admission::fail(Id id, const std::string& owner, Time now) {
  Owner& failed = owners_[owner];
  failed.failures = std::min(failures_by(failed, now) + 1, failures_at_once);
  failed.counted = now;
  leave(id, owner);
}

double Admission::failures_by(const Owner& owner, Time now) {
  const std::chrono::duration<double> since = now - owner.counted;
  const std::chrono::duration<double> each = time_per_failure;
  return std::max(0.0, owner.failures - since / each);
}

std::optional<Admission::Id> Admission::evict_oldest(Owner& owner, Time now) {
  if (owner.unproven.empty() || now - owner.unproven.front().since < patience) return std::nullopt;
  const Id oldest = owner.unproven.front().id;
  owner.unproven.pop_front();
  --unproven_;
  return oldest;
}

Admission::Owner* Admission::greediest_but(const std::string& newcomer) {
  const auto fewer = [](const auto& left, const auto& right) {
    return left.second.unproven.size() < right.second.unproven.size();
  };
  const auto greediest = std::ranges::max_element(owners_, fewer);
  if (greediest == owners_.end() || greediest->first == newcomer) return nullptr;
  const std::size_t held = owners_[newcomer].unproven.size();
  const std::size_t most = greediest->second.unproven.size();
  return most > fair_share && most > held + 1 ? &greediest->second : nullptr;
}

void Admission::forget_calm_ones(Time now) {
  if (owners_.size() < std::max(least_owners_to_clean, 2 * last_cleaning_)) return;
  std::erase_if(owners_, [now](const auto& entry) {
    return entry.second.unproven.empty() && failures_by(entry.second, now) == 0;
  });
  last_cleaning_ = owners_.size();
}

}  // namespace darkroom::tunnel
