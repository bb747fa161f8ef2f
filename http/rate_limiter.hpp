#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// How often each client may do one thing: a bucket of `quota` tokens, which fills up again evenly
/// within `window`. So a client that has been quiet may do `quota` at once. Thread-safe.
class RateLimiter {
 public:
  /// What became of one attempt, and how the client's bucket stands after it.
  struct Verdict {
    bool admitted = false;
    std::uint64_t remaining = 0;     ///< Whole tokens.
    std::chrono::seconds full_in{};  ///< Until all of them are there again; rounded up.
    std::chrono::seconds next_in{};  ///< Until there is one; rounded up, 0 where there is.
  };

  /// Buckets are kept of as many clients; those unused for longest are forgotten, which only ever
  /// is to a client's advantage.
  static constexpr std::size_t max_clients = 65'536;

  RateLimiter(std::uint64_t quota, std::chrono::milliseconds window,
              std::size_t clients = max_clients)
      : quota_(quota), window_(window), max_clients_(clients) {}

  /// Takes a token of this client, if it has one.
  [[nodiscard]] Verdict take(const std::string& client, jobs::SteadyTime now);

  [[nodiscard]] std::uint64_t quota() const { return quota_; }

 private:
  struct Bucket {
    std::string client;
    double tokens;
    jobs::SteadyTime at;  ///< When there were so many.
  };

  [[nodiscard]] Bucket& bucket_of(const std::string& client, jobs::SteadyTime now);
  [[nodiscard]] std::chrono::seconds time_for(double tokens) const;

  std::uint64_t quota_;
  std::chrono::duration<double> window_;
  std::size_t max_clients_;
  std::mutex mutex_;
  std::list<Bucket> buckets_;  ///< The one used last is the first.
  std::unordered_map<std::string, std::list<Bucket>::iterator> by_client_;
};

}  // namespace darkroom::http
