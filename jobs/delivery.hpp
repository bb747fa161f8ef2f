#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job_id.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

enum class DeliveryStatus : std::uint8_t {
  pending,    ///< To be tried, at `due_at`.
  delivered,  ///< Final: the receiver took it.
  failed,     ///< Final: it was tried as often as it is to be.
  disabled,   ///< Final: the receiver wants nothing more.
};
inline constexpr std::size_t delivery_statuses = 4;

/// One try to deliver a message.
struct DeliveryTry {
  Timestamp at = {};
  std::uint32_t status = 0;  ///< Of the answer, as in HTTP; 0 where none came.
  std::string error = {};    ///< Empty where the message was taken.
  std::uint32_t milliseconds = 0;

  friend bool operator==(const DeliveryTry&, const DeliveryTry&) = default;
};

/// A message about the end of a job or a batch to somebody outside: an entry of the outbox.
struct Delivery {
  JobId id;
  JobId subject = {};        ///< The job or the batch.
  std::string tenant = {};   ///< As in Job.
  std::string event = {};    ///< "job.completed"
  std::string channel = {};  ///< "webhook" or "email"
  std::string target = {};   ///< URL or address.
  std::string body = {};     ///< What it is about, as it was: the record of the job or the batch.
  DeliveryStatus status = DeliveryStatus::pending;
  Timestamp created_at = {};
  Timestamp due_at = {};                ///< Of the next try.
  Timestamp expires_at = {};            ///< From then on the record may be removed.
  std::vector<DeliveryTry> tries = {};  ///< The latest; see note_try().
  /// So many tries count no more: it was sent again by hand after them.
  std::uint32_t forgiven_tries = 0;

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

namespace delivery_channel {
inline constexpr std::string_view webhook = "webhook";
inline constexpr std::string_view email = "email";
}  // namespace delivery_channel

/// Who takes the delivery, as far as one that is dead holds up what others are sent: scheme, host
/// and port of a URL, or the mail server.
[[nodiscard]] std::string receiver_of(const Delivery& delivery);

[[nodiscard]] std::string_view to_string(DeliveryStatus status);
[[nodiscard]] std::optional<DeliveryStatus> parse_delivery_status(std::string_view text);

}  // namespace darkroom::jobs
