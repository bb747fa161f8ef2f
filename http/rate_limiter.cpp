#include "http/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace darkroom::http {

RateLimiter::Bucket& RateLimiter::bucket_of(const std::string& client, jobs::SteadyTime now) {
  const auto full = static_cast<double>(quota_);
  if (const auto known = by_client_.find(client); known != by_client_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, known->second);
    Bucket& bucket = buckets_.front();
    // Of two threads the one with the earlier time may come second.
    const std::chrono::duration<double> passed = std::max(now, bucket.at) - bucket.at;
    bucket.tokens = std::min(full, bucket.tokens + full * (passed / window_));
    bucket.at = std::max(now, bucket.at);
    return bucket;
  }
  if (buckets_.size() >= max_clients_) {
    by_client_.erase(buckets_.back().client);
    buckets_.pop_back();
  }
  buckets_.push_front({client, full, now});
  by_client_.emplace(client, buckets_.begin());
  return buckets_.front();
}

std::chrono::seconds RateLimiter::time_for(double tokens) const {
  const std::chrono::duration<double> time = window_ * (tokens / static_cast<double>(quota_));
  return std::chrono::seconds{static_cast<std::chrono::seconds::rep>(std::ceil(time.count()))};
}

RateLimiter::Verdict RateLimiter::take(const std::string& client, jobs::SteadyTime now) {
  const std::scoped_lock lock{mutex_};
  Bucket& bucket = bucket_of(client, now);
  // Sums of fractions may stay a hair below the whole number that they stand for.
  constexpr double one = 1 - 1e-9;
  Verdict verdict;
  verdict.admitted = bucket.tokens >= one;
  if (verdict.admitted) bucket.tokens = std::max(0.0, bucket.tokens - 1);
  verdict.remaining = static_cast<std::uint64_t>(bucket.tokens + (1 - one));
  verdict.full_in = time_for(static_cast<double>(quota_) - bucket.tokens);
  verdict.next_in = bucket.tokens >= one ? std::chrono::seconds{0} : time_for(1 - bucket.tokens);
  return verdict;
}

}  // namespace darkroom::http
