#include "http/file_urls.hpp"

#include <chrono>
#include <utility>

#include <httplib.h>

#include "http/key_ring.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {
namespace {

// Addresses end at full five minutes, so that the same file has the same address for a while, and
// what a browser has kept of it is of use.
constexpr std::chrono::milliseconds step = std::chrono::minutes{5};

jobs::Timestamp next_step(jobs::Timestamp time) {
  const auto since = time.time_since_epoch();
  return jobs::Timestamp{(since + step - std::chrono::milliseconds{1}) / step * step};
}

}  // namespace

std::string_view to_string(SignedUrls choice) {
  switch (choice) {
    case SignedUrls::automatic:
      return "auto";
    case SignedUrls::always:
      return "always";
  }
  return "unknown";
}

FileUrls::FileUrls(const Options& options, const persistence::ClientUrlKey* key,
                   jobs::WallClock clock, const KeyRing& ring)
    : base_url_(options.public_url),
      expiry_(options.url_expiry),
      always_(options.signed_urls == SignedUrls::always),
      key_(key),
      clock_(std::move(clock)),
      ring_(ring) {}

tl::expected<ViewOptions, Problem> FileUrls::view() const {
  return always_ || ring_.required() ? signed_view() : ViewOptions{.base_url = base_url_};
}

tl::expected<ViewOptions, Problem> FileUrls::signed_view() const {
  auto signer = urls();
  if (!signer) return tl::unexpected{std::move(signer.error())};
  return ViewOptions{.base_url = base_url_,
                     .signer = std::move(*signer),
                     .signed_until = next_step(clock_() + expiry_)};
}

tl::expected<std::optional<jobs::Timestamp>, Problem> FileUrls::check(
    const httplib::Request& request, bool must_be_signed) const {
  if (!persistence::ClientUrls::is_signed(request.params)) {
    if (!must_be_signed) return std::nullopt;
    return tl::unexpected{Problem{ProblemCode::bad_signature,
                                  "This file is had by a signed address only; take it from the job "
                                  "as it stands there."}};
  }
  const auto signer = urls();
  if (!signer) return tl::unexpected{signer.error()};
  const auto until = signer->verify(request.path, request.params, clock_());
  if (!until) return tl::unexpected{to_problem(until.error())};
  return *until;
}

tl::expected<persistence::ClientUrls, Problem> FileUrls::urls() const {
  if (auto signer = key_ == nullptr ? std::nullopt : key_->urls()) return std::move(*signer);
  return tl::unexpected{Problem{ProblemCode::unavailable,
                                "The coordinator cannot be reached at the moment, and without it "
                                "no address can be signed."}};
}

}  // namespace darkroom::http
