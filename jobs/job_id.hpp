#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// A job's name: a UUIDv7 (RFC 9562, section 5.7), so that byte order is the order of creation,
/// to the millisecond, and nobody can guess another client's id.
class JobId {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  /// The nil id, which names no job.
  JobId() = default;
  explicit JobId(const Bytes& bytes) : bytes_(bytes) {}

  /// A new id for `now`, with 74 random bits from the kernel. Thread-safe.
  [[nodiscard]] static JobId generate(Timestamp now);

  /// Accepts the canonical form (36 characters, lower or upper case) of any UUIDv7.
  [[nodiscard]] static std::optional<JobId> parse(std::string_view text);

  /// Canonical lower-case form, 36 characters.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  friend auto operator<=>(const JobId&, const JobId&) = default;

  /// For CAF's serialisers, which find it by name.
  template <class Inspector>
  friend typename Inspector::result_type inspect(Inspector& f, JobId& x) {
    return f(x.bytes_);
  }

 private:
  Bytes bytes_{};
};

}  // namespace darkroom::jobs

template <>
struct std::hash<darkroom::jobs::JobId> {
  std::size_t operator()(const darkroom::jobs::JobId& id) const noexcept;
};
