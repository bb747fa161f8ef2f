#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/problem.hpp"
#include "http/request_context.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// The API keys as this node knows them. They are kept by the registry, which may be on another
/// machine, and asked for again when somebody needs them and they are not quite new; so a key that
/// is made or revoked anywhere is so here within `fresh_for`. While the registry cannot be asked,
/// which is tried every `tried_again_after`, they hold for `held_for`, and then nothing is known.
/// Thread-safe.
class KeyRing {
 public:
  static constexpr std::chrono::milliseconds asked_after{500};
  static constexpr std::chrono::milliseconds tried_again_after{50};
  static constexpr std::chrono::milliseconds fresh_for{1'000};
  static constexpr std::chrono::milliseconds held_for{60'000};

  using Clock = std::function<jobs::SteadyTime()>;

  class Keys {
   public:
    explicit Keys(actors::KeyTable table);

    /// Whether requests need a key: where there is none, nobody can have one.
    [[nodiscard]] bool required() const { return !by_id_.empty(); }

    /// The key of this id, revoked or not; null where there is none.
    [[nodiscard]] const persistence::ApiKey* find(const std::string& id) const;

   private:
    friend class KeyRing;
    std::uint64_t version_;
    std::unordered_map<std::string, persistence::ApiKey> by_id_;
  };

  /// `jobs` must outlive this object.
  explicit KeyRing(actors::JobService& jobs, Clock clock = std::chrono::steady_clock::now)
      : jobs_(jobs), clock_(std::move(clock)) {}

  /// May wait for the registry. The error is that they are not known.
  [[nodiscard]] tl::expected<std::shared_ptr<const Keys>, Problem> keys();

  /// Whether who was let in still would be: a key may be revoked, or be needed, meanwhile.
  [[nodiscard]] bool still_admits(const Caller& caller);

  /// Whether requests need a key, by what was known last; true where nothing ever was.
  [[nodiscard]] bool required() const;

 private:
  /// Asks the registry, without the lock meanwhile.
  void ask(std::unique_lock<std::mutex>& lock);

  actors::JobService& jobs_;
  Clock clock_;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  bool asking_ = false;                       ///< One thread does.
  std::optional<jobs::SteadyTime> tried_at_;  ///< When the latest question was put or failed.
  bool failed_ = false;                       ///< It was not answered.
  std::shared_ptr<const Keys> keys_;
  jobs::SteadyTime known_at_;  ///< When the question was put whose answer `keys_` is.
};

}  // namespace darkroom::http
