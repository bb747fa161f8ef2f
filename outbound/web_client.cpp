#include "outbound/web_client.hpp"

#include <fmt/format.h>

#include "outbound/url.hpp"
#include "outbound/web_transfer.hpp"

namespace darkroom::outbound {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

tl::expected<Url, Failure> checked(std::string_view text, std::string_view what) {
  auto url = check_url(text);
  if (url) return *std::move(url);
  return tl::unexpected{Failure{Failure::Kind::bad_url, fmt::format("{} {}.", what, url.error())}};
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

WebClient::WebClient(net::AddressGuard guard, WebLimits limits)
    : guard_(std::move(guard)), limits_(std::move(limits)) {}

tl::expected<Answer, Failure> WebClient::post(const Post& post) const {
  const auto url = checked(post.url, "The URL");
  if (!url) return tl::unexpected{url.error()};
  auto done = run_transfer({.url = *url,
                            .headers = post.headers,
                            .body = post.body,
                            .timeout = post.timeout,
                            .go_on = post.go_on},
                           guard_, limits_);
  if (!done) return tl::unexpected{std::move(done.error())};
  return std::move(done->answer);
}

tl::expected<Answer, Failure> WebClient::get(const Get& get, const Sink& sink) const {
  const auto end = Clock::now() + get.timeout;
  auto url = checked(get.url, "The URL");
  for (int redirects = 0; url; ++redirects) {
    auto done = run_transfer({.url = *url,
                              .headers = get.headers,
                              .timeout = std::chrono::ceil<milliseconds>(end - Clock::now()),
                              .go_on = get.go_on,
                              .sink = sink,
                              .max_bytes = get.max_bytes},
                             guard_, limits_);
    if (!done) return tl::unexpected{std::move(done.error())};
    if (!is_redirect(done->answer.status) || done->redirect.empty()) {
      return std::move(done->answer);
    }
    if (redirects >= get.max_redirects) {
      return tl::unexpected{
          Failure{Failure::Kind::too_many_redirects,
                  fmt::format("It was redirected more than {} times.", get.max_redirects)}};
    }
    url = checked(done->redirect, "It was redirected to a URL that");
  }
  return tl::unexpected{std::move(url.error())};
}

}  // namespace darkroom::outbound
