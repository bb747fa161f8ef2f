#pragma once

#include <chrono>
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

  /// Of uploads with this preset; nullopt: with renditions of their own.
  [[nodiscard]] bool holds(std::optional<std::string_view> preset, Time now) const;

  /// `asked` is when the registry was asked, not when it answered.
  void admit(std::optional<std::string_view> preset, Time asked);

  /// For all presets: an upload was refused.
  void forget();

 private:
  mutable std::mutex mutex_;
  // Presets that exist, so as many as the operator has configured.
  std::map<std::string, Time, std::less<>> presets_;
  std::optional<Time> own_renditions_;
};

}  // namespace darkroom::actors
