#include "nodes/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "nodes/api_settings.hpp"
#include "nodes/image_file.hpp"
#include "nodes/outbox_settings.hpp"
#include "nodes/source_settings.hpp"

namespace darkroom::nodes {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kib = std::uint64_t{1} << 10U;
constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
constexpr std::uint64_t gib = std::uint64_t{1} << 30U;
constexpr std::uint64_t million = 1'000'000;
constexpr auto year = 365 * 24h;

std::vector<Setting> storage_settings() {
  using persistence::RocksOptions;
  constexpr auto store = &Config::store;
  return {
      setting<&Config::storage_path>("storage", "path", text(), "Folder of all data"),
      setting<&Config::storage_reserve>("storage", "reserve", bytes(0, 1'024 * gib),
                                        "Room left free on its disk; else uploads get 507"),
      setting<store, &RocksOptions::block_cache_bytes>("store", "block_cache", bytes(mib, 64 * gib),
                                                       "Memory for blocks read"),
      setting<store, &RocksOptions::write_buffer_bytes>(
          "store", "write_buffer", bytes(mib, 4 * gib), "Memory for writes not yet in a table"),
      setting<store, &RocksOptions::max_open_files>("store", "max_open_files", whole(16, million),
                                                    "Table files held open"),
  };
}

std::vector<Setting> imaging_settings() {
  using imaging::Limits;
  constexpr auto limits = &Config::limits;
  return {
      setting<limits, &Limits::max_pixels>("imaging", "max_pixels", pixels(1, 4'000 * million),
                                           "Largest picture taken, width x height"),
      setting<limits, &Limits::max_side>("imaging", "max_side", whole(1, 65'535),
                                         "Longest side taken, in pixels"),
      setting<limits, &Limits::max_frames>("imaging", "max_frames", whole(1, million),
                                           "Longest animation taken, in frames"),
      setting<limits, &Limits::max_memory>("imaging", "max_memory", bytes(16 * mib, 1'024 * gib),
                                           "Most that one job may take; more gets 422"),
      setting<limits, &Limits::heif>("imaging", "heif", flag(), "Take AVIF and HEIC pictures"),
      setting<&Config::pixel_backend>("imaging", "backend", choice<PixelBackend>(),
                                      "Codecs and resampler; stb is the reference"),
  };
}

std::vector<Setting> job_settings() {
  using actors::RegistryOptions;
  using jobs::RetryPolicy;
  constexpr auto registry = &Config::registry;
  constexpr auto retry = &RegistryOptions::retry;
  return {
      setting<registry, &RegistryOptions::ttl>("jobs", "ttl", duration(1s, 10 * year),
                                               "Time from upload to removal of a job"),
      setting<&Config::min_ttl>("jobs", "min_ttl", duration(1s, 10 * year),
                                "Least that an upload may ask for by expires_in"),
      setting<&Config::max_ttl>("jobs", "max_ttl", duration(1s, 10 * year),
                                "Most that an upload may ask for by expires_in"),
      setting<&Config::max_delay>("jobs", "max_delay", duration(0s, 10 * year),
                                  "How far ahead an upload's not_before may be"),
      setting<&Config::reuse_results>("jobs", "reuse_results", flag(),
                                      "Reuse results of the same file and renditions"),
      setting<registry, &RegistryOptions::queue_limit>(
          "jobs", "queue_limit", whole(1, 100 * million), "Unfinished jobs; more uploads get 503"),
      setting<registry, &RegistryOptions::lease>("jobs", "lease", duration(300ms, 1h),
                                                 "A worker silent so long loses its jobs"),
      setting<registry, &RegistryOptions::batch_limit>("jobs", "batch_limit", whole(1, 100'000),
                                                       "Changes in one synced write"),
      setting<registry, retry, &RetryPolicy::base>("retry", "base", duration(1ms, 24h),
                                                   "Wait after the first failed attempt"),
      setting<registry, retry, &RetryPolicy::factor>("retry", "factor", number(1, 100),
                                                     "Each further wait is this times longer"),
      setting<registry, retry, &RetryPolicy::max>("retry", "max", duration(1ms, 24h),
                                                  "No wait is longer"),
      setting<registry, retry, &RetryPolicy::jitter>("retry", "jitter", number(0, 1),
                                                     "Share of the wait added at random"),
      setting<registry, retry, &RetryPolicy::attempts>("retry", "attempts", whole(1, 100),
                                                       "Failed attempts that fail a job"),
      setting<registry, retry, &RetryPolicy::crashes>("retry", "crashes", whole(1, 100),
                                                      "Crashed workers that fail a job"),
  };
}

std::vector<Setting> worker_settings() {
  using actors::WorkerOptions;
  using jobs::RestartPolicy;
  constexpr auto worker = &Config::worker;
  constexpr auto supervisor = &Config::supervisor;
  return {
      setting<supervisor, &RestartPolicy::base>("supervisor", "base", duration(1ms, 1h),
                                                "Wait before the first restart"),
      setting<supervisor, &RestartPolicy::factor>("supervisor", "factor", number(1, 100),
                                                  "Each further wait is this times longer"),
      setting<supervisor, &RestartPolicy::max>("supervisor", "max", duration(1ms, 24h),
                                               "No wait is longer"),
      setting<supervisor, &RestartPolicy::calm>("supervisor", "calm", duration(1ms, 24h),
                                                "After running so long, waits start anew"),
      setting<supervisor, &RestartPolicy::restarts>("supervisor", "restarts", whole(1, 10'000),
                                                    "Restarts in the window before giving up"),
      setting<supervisor, &RestartPolicy::window>("supervisor", "window", duration(1ms, 24h),
                                                  "Time over which restarts are counted"),
      setting<&Config::worker_processes>("worker", "processes", whole(0, 1'024),
                                         "Worker processes of a node; 0: one per core"),
      setting<&Config::worker_files>("worker", "files", choice<WorkerFiles>(),
                                     "How a worker node gets its files"),
      setting<worker, &WorkerOptions::slots>("worker", "slots", whole(1, 1'024),
                                             "Jobs at once in one worker process"),
      setting<worker, &WorkerOptions::heartbeat>("worker", "heartbeat", duration(100ms, 10min),
                                                 "Time between two signs of life"),
      setting<worker, &WorkerOptions::job_timeout>(
          "worker", "job_timeout", duration(100ms, 24h),
          "Longest time for one job; then its worker is ended"),
      setting<worker, &WorkerOptions::job_cpu>("worker", "job_cpu", duration(100ms, 24h),
                                               "Most CPU time for one job; likewise"),
      setting<worker, &WorkerOptions::drain_timeout>("worker", "drain_timeout", duration(0ms, 1h),
                                                     "Time to finish work when stopping"),
      setting<worker, &WorkerOptions::memory>("worker", "memory", bytes(0, 1'024 * gib),
                                              "For the jobs of one process; 0: a share of half"),
      setting<worker, &WorkerOptions::silent_leases>("worker", "silent_leases", whole(2, 1'000),
                                                     "Leases of silence; then serve kills it"),
  };
}

std::vector<Setting> transfer_settings() {
  using persistence::TransferOptions;
  constexpr auto transfer = &Config::transfer;
  return {
      setting<transfer, &TransferOptions::attempts>("transfer", "attempts", whole(1, 100),
                                                    "Attempts at one transfer in all"),
      setting<transfer, &TransferOptions::connect_timeout>(
          "transfer", "connect_timeout", duration(100ms, 1h), "Longest wait for a connection"),
      setting<transfer, &TransferOptions::stall_timeout>(
          "transfer", "stall_timeout", duration(1s, 1h), "Longest time without a byte"),
      setting<transfer, &TransferOptions::timeout>("transfer", "timeout", duration(1s, 24h),
                                                   "Longest time for one file, in all"),
      setting<transfer, &TransferOptions::url_expiry>("transfer", "url_expiry", duration(1s, 168h),
                                                      "How long a signed URL is good for"),
      setting<transfer, &TransferOptions::max_rendition>("transfer", "max_rendition",
                                                         bytes(mib, max_image_file_bytes),
                                                         "Largest rendition taken of a worker"),
  };
}

std::vector<Setting> upkeep_settings() {
  using actors::JanitorOptions;
  constexpr auto janitor = &Config::janitor;
  return {
      setting<janitor, &JanitorOptions::interval>("janitor", "interval", duration(100ms, year),
                                                  "Time between two rounds"),
      setting<janitor, &JanitorOptions::batch>("janitor", "batch", whole(1, 100'000),
                                               "Jobs removed in one step"),
      setting<janitor, &JanitorOptions::orphan_age>("janitor", "orphan_age", duration(1s, year),
                                                    "Files without a job are kept so long"),
      setting<&Config::log_level>("log", "level", choice<LogLevel>(), "Least that is logged"),
      setting<&Config::log_format>("log", "format", choice<LogFormat>(), "For people or programs"),
      setting<&Config::shutdown_timeout>("node", "shutdown_timeout", duration(0ms, 1h),
                                         "Time to stop in order; then it is cut short"),
  };
}

std::vector<Setting> node_settings() {
  using tunnel::Options;
  using tunnel::TlsFiles;
  constexpr auto node = &Config::node;
  constexpr auto tls = &Options::tls;
  return {
      setting<node, &Options::host>("node", "host", text(), "Address where other nodes join"),
      setting<node, &Options::join>("node", "join", whole(0, 65'535),
                                    "Port for their --join; 0: none, 7420 for a coordinator"),
      setting<node, &Options::insecure>("node", "insecure", flag(),
                                        "Let nodes of other machines join without TLS"),
      setting<node, tls, &TlsFiles::ca>("node", "ca", file(), "Certificate of the cluster's CA"),
      setting<node, tls, &TlsFiles::certificate>("node", "certificate", file(),
                                                 "Certificate of this node"),
      setting<node, tls, &TlsFiles::key>("node", "key", file(), "Key of this node"),
      setting<node, tls, &TlsFiles::revocations>("node", "revocations", file(),
                                                 "The CA's list of revoked certificates"),
      setting<node, &Options::handshake_timeout>("node", "handshake_timeout", duration(100ms, 5min),
                                                 "Longest time for a node to prove itself"),
      setting<node, &Options::peer_timeout>("node", "peer_timeout", duration(2s, 10min),
                                            "A node that does not answer so long is gone"),
      setting<node, &Options::max_peers>("node", "max_peers", whole(1, 100'000),
                                         "Connections of other nodes at once"),
      setting<node, &Options::max_handshakes>("node", "max_handshakes", whole(1, 10'000),
                                              "Of them, those not yet proven"),
  };
}

std::vector<Setting> make_settings() {
  std::vector<Setting> table;
  for (auto& part : {api_settings(), storage_settings(), imaging_settings(), job_settings(),
                     worker_settings(), transfer_settings(), source_settings(), outbox_settings(),
                     upkeep_settings(), node_settings()}) {
    table.insert(table.end(), part.begin(), part.end());
  }
  return table;
}

}  // namespace

std::span<const Setting> all_settings() {
  static const std::vector<Setting> table = make_settings();
  return table;
}

std::string_view section_title(std::string_view section) {
  using Title = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Title, 16> titles{{
      {"http", "HTTP server"},
      {"limits", "What one client may ask for"},
      {"storage", "Where data is kept"},
      {"store", "Memory of the job store"},
      {"imaging", "Pictures and limits on them"},
      {"jobs", "Jobs and their queue"},
      {"retry", "Trying a job again"},
      {"supervisor", "Restarting what failed"},
      {"worker", "Worker processes"},
      {"transfer", "Files between nodes"},
      {"webhook", "Telling other programs when jobs end"},
      {"email", "Telling people by mail"},
      {"source", "Pictures from a URL"},
      {"janitor", "Removal of what has expired"},
      {"log", "Log on standard error"},
      {"node", "The whole process, and other nodes"},
  }};
  const auto* const found = std::ranges::find(titles, section, &Title::first);
  return found == titles.end() ? std::string_view{} : found->second;
}

std::vector<std::string> section_names(std::span<const Setting> settings) {
  std::vector<std::string> names;
  for (const Setting& setting : settings) {
    if (std::ranges::find(names, setting.section) == names.end()) names.push_back(setting.section);
  }
  return names;
}

std::string flag_name(const Setting& setting) {
  std::string name = "--" + setting.section + "-" + setting.key;
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string environment_name(const Setting& setting) {
  std::string name = "DARKROOM_" + setting.section + "_" + setting.key;
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

}  // namespace darkroom::nodes
