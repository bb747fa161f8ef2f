#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "jobs/delivery.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::jobs {

/// What came of a try.
enum class DeliveryVerdict : std::uint8_t {
  delivered,  ///< It was taken.
  retry,      ///< It may be taken another time.
  refused,    ///< It may not be sent there, so trying again is no use.
  gone,       ///< The receiver wants nothing more.
};

/// A try, and what is to follow from it.
struct TriedDelivery {
  DeliveryTry attempt = {};
  DeliveryVerdict verdict = DeliveryVerdict::retry;
  /// How long the receiver asks to be left alone; 0: it said nothing.
  std::chrono::milliseconds retry_after{0};
};

/// Of the tries, so many are kept in the record: it may be sent again by hand for ever.
inline constexpr std::size_t kept_tries = 32;
/// No wait for the next try is longer, whatever the receiver says.
inline constexpr std::chrono::hours longest_delivery_wait{24};

/// The wait after `failures` failed tries (at least 1), as Standard Webhooks 1.0 proposes it: 5 s,
/// 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, and so on; and a tenth more at most, which
/// `random` in [0, 1) picks. Longer where the receiver asks for that.
[[nodiscard]] std::chrono::milliseconds delivery_wait(std::size_t failures,
                                                      std::chrono::milliseconds retry_after,
                                                      double random);

/// The delivery was tried once more. It fails for good with its `max_tries`th failure since it was
/// sent last. One that is not pending any more stays as it ended, but where it was delivered now.
/// One that was sent again by hand while it was tried is to be tried again, whatever came of that.
/// A try that is told of again changes nothing.
void note_try(Delivery& delivery, const TriedDelivery& tried, std::uint32_t max_tries,
              double random, Timestamp now);

/// Sends it again, whatever became of it before: from now on, with as many tries as a new one.
void replay(Delivery& delivery, Timestamp now);

}  // namespace darkroom::jobs
