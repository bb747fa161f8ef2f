#include "http/job_wait.hpp"

#include <algorithm>
#include <utility>

#include <httplib.h>

#include "http/job_watch.hpp"
#include "http/prefer.hpp"
#include "http/streamed_answer.hpp"

namespace darkroom::http {

tl::expected<jobs::Job, actors::ServiceError> JobWait::until_end(const httplib::Request& request,
                                                                 httplib::Response& response,
                                                                 jobs::Job job) const {
  const auto preferred = preferred_wait(request);
  // Whoever asks only for the header is not kept waiting for it.
  if (!preferred || request.method == "HEAD") return job;
  const auto wait = std::min(*preferred, longest_);
  if (wait == std::chrono::seconds{0}) return job;
  if (is_final(job.status)) {
    note_waited(response, wait);
    return job;
  }
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto reader = board_.subscribe();
  if (!reader) return job;  // Not a word of waiting then: the client polls as without the wish.
  auto& client = streamed_answer_of(request);
  JobWatch watch{board_, std::move(*reader), jobs_, job.id};
  auto now = watch.look();
  if (!now) return now;
  note_waited(response, wait);
  auto ended = wait_for_end(watch, std::move(*now), deadline,
                            [&client] { return client.stop().raised() || client.client_gone(); });
  client.renew_deadline();
  return ended;
}

}  // namespace darkroom::http
