#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/options.hpp"
#include "actors/source_options.hpp"
#include "http/options.hpp"
#include "imaging/backend.hpp"
#include "imaging/probe.hpp"
#include "jobs/job.hpp"
#include "jobs/rendition.hpp"
#include "jobs/restart_limiter.hpp"
#include "persistence/job_store.hpp"
#include "persistence/transfer_options.hpp"
#include "tunnel/options.hpp"

namespace darkroom::nodes {

enum class LogLevel : std::uint8_t { trace, debug, info, warn, error };
enum class LogFormat : std::uint8_t { text, json };

/// What decodes, resamples and encodes.
enum class PixelBackend : std::uint8_t {
  fast,
  stb,  ///< The reference: slower, and without WebP, AVIF and HEIC.
};

/// How a worker node comes by originals, and renditions to the coordinator.
enum class WorkerFiles : std::uint8_t {
  automatic,  ///< By the folder itself where that is here, else over the network.
  network,
};

/// "unknown" for a value outside the enumeration.
[[nodiscard]] std::string_view to_string(LogLevel level);
[[nodiscard]] std::string_view to_string(LogFormat format);
[[nodiscard]] std::string_view to_string(PixelBackend backend);
[[nodiscard]] std::string_view to_string(WorkerFiles files);

/// A [[queue]] table: its jobs are tried again as [retry] says, but for what is said here.
struct Queue {
  std::string name;
  std::uint32_t weight = 1;                          ///< Its share beside other queues.
  jobs::Priority priority = jobs::Priority::normal;  ///< Of jobs whose upload says none.
  std::optional<std::chrono::milliseconds> base = {};
  std::optional<double> factor = {};
  std::optional<std::chrono::milliseconds> max = {};
  std::optional<double> jitter = {};
  std::optional<std::uint32_t> attempts = {};
  std::optional<std::uint32_t> crashes = {};

  friend bool operator==(const Queue&, const Queue&) = default;
};

/// Keys of [webhook] that nobody but who sends needs; the others are in actors::OutboxOptions.
struct WebhookSettings {
  /// "whsec_..." in base64, of 24 to 64 bytes. Several are separated by spaces: each signs, so that
  /// a receiver can be brought from one to the next.
  std::string secret = {};
  std::filesystem::path secret_file = {};  ///< That holds it instead.
  std::string allow =
      {};  ///< Addresses and blocks that webhooks may go to though they are not public.
  std::filesystem::path ca_file = {};  ///< Authorities to believe instead of the system's.
  std::string deny = {};               ///< The same, and they may not in any case.
};

/// The same of [email].
struct EmailSettings {
  std::string server = {};  ///< "smtps://host:465", "smtp://host:587"; empty: no mail is sent.
  std::string from = {};
  std::string username = {};  ///< Empty: without logging in.
  std::filesystem::path password_file = {};
  std::filesystem::path ca_file = {};  ///< Authorities to believe instead of the system's.
};

/// Everything that can be set. A fresh Config holds the built-in defaults: each is the initialiser
/// of its member, here or in the options of its folder, and stands nowhere else in the code.
struct Config {
  http::Options http;                                ///< [http], and [limits] in `rates`
  std::chrono::milliseconds backend_timeout{5'000};  ///< [http]: waiting for the job service.
  std::uint32_t max_renditions = 16;  ///< [http]: of one upload; 0: uploads name presets only.
  /// [storage]: below it lie the job store and the blobs. Relative to the working directory.
  std::filesystem::path storage_path = "./data";
  /// [storage]: what uploads leave free on that disk, for the job store and for renditions.
  std::uint64_t storage_reserve = std::uint64_t{256} << 20U;
  persistence::RocksOptions store;                  ///< [store]
  imaging::Limits limits;                           ///< [imaging]
  PixelBackend pixel_backend = PixelBackend::fast;  ///< [imaging]
  /// [jobs], and [retry] in its member `retry`. Its `queue_retry` follows from `queues`.
  actors::RegistryOptions registry;
  std::chrono::milliseconds min_ttl{std::chrono::minutes{1}};    ///< [jobs]: of `expires_in`.
  std::chrono::milliseconds max_ttl{std::chrono::hours{720}};    ///< [jobs]: of `expires_in`.
  std::chrono::milliseconds max_delay{std::chrono::hours{720}};  ///< [jobs]: of `not_before`.
  bool reuse_results = false;          ///< [jobs]: of uploads that do not say `reuse`.
  jobs::RestartPolicy supervisor;      ///< [supervisor]
  std::uint32_t worker_processes = 0;  ///< [worker]: of `serve` or a worker node; 0: one per core.
  WorkerFiles worker_files = WorkerFiles::automatic;  ///< [worker]
  actors::WorkerOptions worker;                       ///< [worker]
  persistence::TransferOptions transfer;              ///< [transfer]
  actors::SourceOptions source;                       ///< [source]
  actors::JanitorOptions janitor;                     ///< [janitor]
  WebhookSettings webhook;                            ///< [webhook]
  EmailSettings email;                                ///< [email]
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
  std::chrono::milliseconds shutdown_timeout{9'000};  ///< [node]: for stopping in order.
  /// [node]: where other nodes join, and how they prove themselves.
  tunnel::Options node;
  std::vector<jobs::Preset> presets{jobs::default_preset()};  ///< Each a [[preset]] table.
  std::vector<jobs::Watermark> watermarks;                    ///< Each a [[watermark]] table.
  std::vector<Queue> queues;  ///< Each a [[queue]] table; `default` is there without one.
};

/// The backend that `config.pixel_backend` names.
[[nodiscard]] const imaging::Backend& chosen_backend(const Config& config);

}  // namespace darkroom::nodes
