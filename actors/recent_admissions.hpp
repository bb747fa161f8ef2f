#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace darkroom::actors {

/// Which uploads the registry has just said it would take. Under load hundreds of uploads begin
/// within these milliseconds, and asking for each costs as many wake-ups of threads as making its
/// job. Nothing is promised by it: who creates the job is told of a full queue all the same, only
/// after the body was read. Thread-safe.
class RecentAdmissions {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// How long an admission holds.
  static constexpr std::chrono::milliseconds hold{25};

  /// Asking the registry, which takes a while.
  struct Question {
    Time asked;
    std::uint64_t since = 0;  ///< How often all was forgotten before.
  };

  /// Of uploads with this preset; nullopt: with renditions of their own.
  [[nodiscard]] bool holds(std::optional<std::string_view> preset, Time now) const;

  [[nodiscard]] Question ask(Time now) const;

  /// The answer to `question` was yes. Left out if all was forgotten meanwhile.
  void admit(std::optional<std::string_view> preset, const Question& question);

  /// For all presets: an upload was refused.
  void forget();

 private:
  mutable std::mutex mutex_;
  // Presets that exist, so as many as the operator has configured.
  std::map<std::string, Time, std::less<>> presets_;
  std::optional<Time> own_renditions_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace darkroom::actors
