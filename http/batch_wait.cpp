#include "http/batch_wait.hpp"

#include <algorithm>
#include <utility>

#include <httplib.h>

#include "http/batch_watch.hpp"
#include "http/prefer.hpp"
#include "http/streamed_answer.hpp"

namespace darkroom::http {

tl::expected<actors::BatchState, actors::ServiceError> BatchWait::until_end(
    const httplib::Request& request, httplib::Response& response, actors::BatchState state) const {
  const auto preferred = preferred_wait(request);
  // Whoever asks only for the header is not kept waiting for it.
  if (!preferred || request.method == "HEAD") return state;
  const auto wait = std::min(*preferred, longest_);
  if (wait == std::chrono::seconds{0}) return state;
  if (state.batch.completed_at) {
    note_waited(response, wait);
    return state;
  }
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto reader = board_.subscribe();
  if (!reader) return state;  // Not a word of waiting then: the client polls as without the wish.
  auto& client = streamed_answer_of(request);
  BatchWatch watch{board_, std::move(*reader), jobs_, state.batch.id};
  auto now = watch.look();
  if (!now) return now;
  note_waited(response, wait);
  while (!now->batch.completed_at && std::chrono::steady_clock::now() < deadline &&
         !client.stop().raised() && !client.client_gone()) {
    if (!watch.next()) continue;
    now = watch.look();
    if (!now) return now;
  }
  client.renew_deadline();
  return now;
}

}  // namespace darkroom::http
