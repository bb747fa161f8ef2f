#include "nodes/api_settings.hpp"

#include <string_view>

#include "actors/batch_state.hpp"
#include "jobs/rendition_check.hpp"
#include "nodes/image_file.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kib = std::uint64_t{1} << 10U;
constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
constexpr std::uint64_t most_connections = 100'000;

std::vector<Setting> http_settings() {
  using http::Options;
  constexpr auto http = &Config::http;
  return {
      setting<http, &Options::host>("http", "host", text(), "Address to listen on"),
      setting<http, &Options::port>("http", "port", whole(0, 65'535),
                                    "TCP port; 0 takes any free one"),
      setting<http, &Options::allowed_hosts>("http", "allowed_hosts", text(),
                                             "Names it may be called by; auto, * or a list"),
      setting<http, &Options::max_upload_bytes>(
          "http", "max_upload", bytes(kib, max_image_file_bytes), "Largest picture taken"),
      setting<http, &Options::max_batch_files>("http", "max_batch_files",
                                               whole(1, actors::most_batch_jobs),
                                               "Pictures taken in one batch"),
      setting<http, &Options::max_batch_bytes>("http", "max_batch",
                                               bytes(kib, max_image_file_bytes),
                                               "Largest sum of the pictures of a batch"),
      setting<http, &Options::max_connections>("http", "max_connections",
                                               whole(1, most_connections),
                                               "Connections at once; more get 503"),
      setting<http, &Options::max_uploads>("http", "max_uploads", whole(1, most_connections),
                                           "Uploads received at once; more get 503"),
      setting<http, &Options::max_replay>("http", "max_replay", whole(0, 100'000'000),
                                          "Ended jobs told to who asks for old events"),
      setting<http, &Options::max_streams>("http", "max_streams", whole(0, most_connections),
                                           "Clients that follow events or wait for a job"),
      setting<http, &Options::read_timeout>("http", "read_timeout", duration(100ms, 1h),
                                            "Longest silence of a client that sends"),
      setting<http, &Options::write_timeout>("http", "write_timeout", duration(100ms, 1h),
                                             "Longest standstill of a client that receives"),
      setting<http, &Options::min_rate>("http", "min_rate", bytes(0, gib),
                                        "Least that a client sends or takes a second; 0: any"),
      setting<http, &Options::rate_grace>("http", "rate_grace", duration(1s, 10min),
                                          "So long it may be slower; then 408"),
      setting<http, &Options::keep_alive_timeout>("http", "keep_alive_timeout", duration(100ms, 1h),
                                                  "Longest pause between two requests"),
      setting<http, &Options::request_timeout>("http", "request_timeout", duration(1s, 24h),
                                               "Longest time for one whole request"),
      setting<http, &Options::max_wait>("http", "max_wait", duration(0s, 1h),
                                        "Longest wait for a job's end by Prefer: wait"),
      setting<&Config::backend_timeout>("http", "backend_timeout", duration(100ms, 5min),
                                        "Longest wait for the job service; then 503"),
      setting<&Config::max_renditions>("http", "max_renditions", whole(0, jobs::max_renditions),
                                       "Renditions an upload may list; 0: presets only"),
      setting<http, &Options::public_url>("http", "public_url", base_url(),
                                          "Stands before the addresses of files"),
      setting<http, &Options::url_expiry>("http", "url_expiry", duration(1min, 168h),
                                          "How long clients' signed addresses are good"),
      setting<http, &Options::signed_urls>("http", "signed_urls", choice<http::SignedUrls>(),
                                           "When files need a signed address"),
      setting<http, &Options::trusted_proxies>("http", "trusted_proxies", list(),
                                               "Whose X-Forwarded-For is believed"),
      setting<http, &Options::dialects>("http", "dialects", list(), "Services it also speaks like"),
      setting<http, &Options::tls_certificate>("http", "tls_certificate", file(),
                                               "Certificate (PEM); with it the port is HTTPS"),
      setting<http, &Options::tls_key>("http", "tls_key", file(), "Key of that certificate"),
      setting<http, &Options::cors_origins>("http", "cors_origins", list(),
                                            "Origins of web pages that may use it; * for any"),
      setting<http, &Options::access_log>("http", "access_log", flag(),
                                          "A line in the log for each request"),
  };
}

std::vector<Setting> limits_settings() {
  using http::Options;
  using http::RateLimits;
  constexpr auto http = &Config::http;
  constexpr auto rates = &Options::rates;
  constexpr std::uint64_t most = 1'000'000'000;
  return {
      setting<http, rates, &RateLimits::requests>("limits", "requests", whole(0, most),
                                                  "Requests of a client in a window; 0: any"),
      setting<http, rates, &RateLimits::uploads>("limits", "uploads", whole(0, most),
                                                 "Uploads of a client in a window; 0: any"),
      setting<http, rates, &RateLimits::window>("limits", "window", duration(1s, 24h),
                                                "Time over which they are counted"),
  };
}

}  // namespace

std::vector<Setting> api_settings() {
  std::vector<Setting> table = http_settings();
  for (Setting& setting : limits_settings())
    table.push_back(std::move(setting));
  return table;
}

}  // namespace darkroom::nodes
