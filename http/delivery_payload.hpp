#pragma once

#include <cstddef>
#include <string>

#include <tl/expected.hpp>

#include "http/job_view.hpp"
#include "jobs/delivery.hpp"

namespace darkroom::http {

/// Standard Webhooks 1.0: receivers need not take more.
inline constexpr std::size_t most_payload_bytes = 20'000;

struct WebhookPayload {
  /// {"type":"job.completed","timestamp":...,"data":{...}}, where `data` is the job or batch as it
  /// was. Of a job that is too long for that, with what is needed to ask for the rest, and
  /// "truncated":true.
  std::string body;
  std::string trace_parent = {};  ///< As in jobs::Job.
};

/// What a webhook says. The error is why the delivery's own record of it cannot be read.
[[nodiscard]] tl::expected<WebhookPayload, std::string> webhook_payload(
    const jobs::Delivery& delivery, const ViewOptions& options);

/// The same for people.
struct MailText {
  std::string subject;
  std::string body;  ///< Plain text, lines ended by "\n".
};

[[nodiscard]] tl::expected<MailText, std::string> mail_text(const jobs::Delivery& delivery,
                                                            const ViewOptions& options);

}  // namespace darkroom::http
