#include "jobs/queue_order.hpp"

#include <algorithm>
#include <iterator>

namespace darkroom::jobs {
namespace {

/// What a queue of weight 1 advances by. Every weight up to 16 divides it, so that their shares are
/// exact, and any other's is to a ten-thousandth. 64 bits of passes last for ten years and more of
/// 2,000 jobs a second without one moment in which nothing waits.
constexpr std::uint64_t unit_stride = 720'720ULL * 32;

}  // namespace

Subscription::Subscription(std::vector<std::string> queues) : queues_(std::move(queues)) {
  std::ranges::sort(queues_);
  queues_.erase(std::unique(queues_.begin(), queues_.end()), queues_.end());
}

bool Subscription::takes(std::string_view queue) const {
  return queues_.empty() || std::ranges::binary_search(queues_, queue);
}

void QueueOrder::set_weight(std::string_view queue, std::uint32_t weight) {
  queues_[number_of(queue)].weight = std::clamp(weight, 1U, most_weight);
}

void QueueOrder::set_paused(std::string_view queue, bool paused) {
  const auto number = number_of(queue);
  queues_[number].paused = paused;
  note_alone_head(queues_[number]);
  if (!paused && queues_[number].together > 0) wake(number);
}

bool QueueOrder::is_paused(std::string_view queue) const {
  const auto* found = find(queue);
  return found != nullptr && found->paused;
}

std::shared_ptr<Subscription> QueueOrder::subscribe(std::vector<std::string> queues) {
  auto made = std::make_shared<Subscription>(std::move(queues));
  auto& known = subscriptions_[made->queues()];
  if (auto same = known.lock()) return same;
  known = made;
  // Of a worker that left there is nothing to be kept.
  std::erase_if(subscriptions_, [](const auto& entry) { return entry.second.expired(); });
  for (std::uint32_t number = 0; number < queues_.size(); ++number) {
    auto& queue = queues_[number];
    if (!made->takes(queue.name)) continue;
    std::erase_if(queue.subscribers, [](const auto& weak) { return weak.expired(); });
    queue.subscribers.push_back(made);
    if (queue.together > 0 && !queue.paused) enter(*made, number);
  }
  return made;
}

void QueueOrder::insert(const Job& job) {
  const auto number = number_of(job.queue);
  auto& queue = queues_[number];
  if (must_run_alone(job)) {
    queue.alone.insert({job.priority, job.run_at, job.id, number});
    ++alone_;
    note_alone_head(queue);
    return;
  }
  auto& level = queue.levels[job.priority];
  const auto known = level.by_name.find(job.tenant);
  if (known != level.by_name.end()) {
    known->second->places.insert({job.run_at, job.id});
  } else {
    // Behind those that wait already: being away gains nothing.
    level.ring.push_back({job.tenant, {{job.run_at, job.id}}});
    level.by_name.emplace(level.ring.back().name, std::prev(level.ring.end()));
  }
  if (++queue.together == 1 && !queue.paused) wake(number);
}

void QueueOrder::erase(const Job& job) {
  const auto number = number_of(job.queue);
  auto& queue = queues_[number];
  if (must_run_alone(job)) {
    alone_ -= queue.alone.erase({job.priority, job.run_at, job.id, number});
    note_alone_head(queue);
    return;
  }
  const auto level = queue.levels.find(job.priority);
  if (level == queue.levels.end()) return;
  const auto tenant = level->second.by_name.find(job.tenant);
  if (tenant == level->second.by_name.end()) return;
  const auto entry = tenant->second;
  queue.together -= entry->places.erase({job.run_at, job.id});
  if (!entry->places.empty()) return;
  level->second.by_name.erase(tenant);
  level->second.ring.erase(entry);
  if (level->second.ring.empty()) queue.levels.erase(level);
}

std::optional<JobId> QueueOrder::next(Subscription& subscription) const {
  while (!subscription.line_.empty()) {
    const auto [pass, number] = *subscription.line_.begin();
    const auto& queue = queues_[number];
    if (queue.together > 0 && !queue.paused) {
      return queue.levels.begin()->second.ring.front().places.begin()->id;
    }
    subscription.virtual_time_ = std::max(subscription.virtual_time_, pass);
    subscription.line_.erase(subscription.line_.begin());
    subscription.passes_.erase(number);
  }
  return std::nullopt;
}

void QueueOrder::take_turn(Subscription& subscription, const Job& job) {
  if (must_run_alone(job)) return;
  const auto number = number_of(job.queue);
  auto& queue = queues_[number];
  if (const auto found = subscription.passes_.find(number); found != subscription.passes_.end()) {
    auto& pass = found->second;
    subscription.virtual_time_ = std::max(subscription.virtual_time_, pass);
    subscription.line_.erase({pass, number});
    pass += unit_stride / queue.weight;
    subscription.line_.emplace(pass, number);
  }
  const auto level = queue.levels.find(job.priority);
  if (level == queue.levels.end()) return;
  auto& ring = level->second.ring;
  const auto tenant = level->second.by_name.find(job.tenant);
  if (tenant != level->second.by_name.end()) ring.splice(ring.end(), ring, tenant->second);
}

std::size_t QueueOrder::ready_for(const std::vector<std::string>& queues) const {
  const auto ready = [](const Queue& queue) {
    return queue.paused ? std::size_t{0} : queue.together + queue.alone.size();
  };
  std::size_t sum = 0;
  if (queues.empty()) {
    for (const auto& queue : queues_)
      sum += ready(queue);
  }
  for (const auto& name : queues) {
    if (const auto* queue = find(name)) sum += ready(*queue);
  }
  return sum;
}

std::vector<QueueOrder::Figures> QueueOrder::figures() const {
  std::vector<Figures> all;
  all.reserve(queues_.size());
  for (const auto& [name, number] : numbers_) {
    const auto& queue = queues_[number];
    all.push_back({.name = name,
                   .weight = queue.weight,
                   .paused = queue.paused,
                   .ready = queue.together + queue.alone.size(),
                   .oldest = oldest_of(queue)});
  }
  return all;
}

std::uint32_t QueueOrder::number_of(std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(queues_.size());
  auto& queue = queues_.emplace_back();
  queue.name = name;
  numbers_.emplace(queue.name, number);
  for (const auto& [queues, weak] : subscriptions_) {
    const auto subscription = weak.lock();
    if (subscription && subscription->takes(name)) queue.subscribers.push_back(weak);
  }
  return number;
}

const QueueOrder::Queue* QueueOrder::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? nullptr : &queues_[found->second];
}

void QueueOrder::wake(std::uint32_t number) {
  for (const auto& weak : queues_[number].subscribers) {
    if (const auto subscription = weak.lock()) enter(*subscription, number);
  }
}

void QueueOrder::enter(Subscription& subscription, std::uint32_t number) {
  const auto [entry, is_new] = subscription.passes_.emplace(number, subscription.virtual_time_);
  if (is_new) subscription.line_.emplace(entry->second, number);
}

void QueueOrder::note_alone_head(Queue& queue) {
  const auto head =
      queue.paused || queue.alone.empty() ? std::nullopt : std::optional{*queue.alone.begin()};
  if (head == queue.head) return;
  if (queue.head) alone_heads_.erase(*queue.head);
  if (head) alone_heads_.insert(*head);
  queue.head = head;
}

std::optional<Timestamp> QueueOrder::oldest_of(const Queue& queue) {
  std::optional<Timestamp> oldest;
  const auto look = [&](Timestamp run_at) {
    if (!oldest || run_at < *oldest) oldest = run_at;
  };
  for (const auto& [priority, level] : queue.levels) {
    for (const auto& tenant : level.ring)
      look(tenant.places.begin()->run_at);
  }
  for (const auto& place : queue.alone)
    look(place.run_at);
  return oldest;
}

}  // namespace darkroom::jobs
