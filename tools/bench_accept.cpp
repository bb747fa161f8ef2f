#include "tools/bench_accept.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <span>
#include <utility>

#include "tools/child_program.hpp"
#include "tools/disk_limit.hpp"
#include "tools/echo_server.hpp"
#include "tools/job_document.hpp"
#include "tools/raw_connection.hpp"
#include "tools/scratch_folder.hpp"
#include "tools/slow_clients.hpp"
#include "tools/started_service.hpp"

namespace darkroom::tools {
namespace {

using Failure = tl::unexpected<std::string>;
using Loaded = tl::expected<AcceptLoadResult, std::string>;

constexpr std::chrono::seconds warm_up{1};

/// What the service and the echo server are loaded with alike.
struct Upload {
  const SizedPhoto& photo;
  std::uint32_t connections;
};

std::uint16_t port_of(const std::string& url) {
  std::uint16_t port = 0;
  const auto colon = url.rfind(':');
  std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  return port;
}

class Measurement {
 public:
  /// `folder` outlives it.
  Measurement(const AcceptOptions& options, const ScratchFolder& folder)
      : options_(options), program_(service_program(options.program)), folder_(folder) {}

  [[nodiscard]] tl::expected<AcceptReport, std::string> run() {
    AcceptReport report{.options = options_, .rows = {}, .slow = {}, .load = {}};
    const auto folder = next_folder();
    if (!folder) return Failure(folder.error());
    const auto creation = time_to_create_a_file(*folder);
    if (!creation) return Failure(creation.error());
    report.file_creation = *creation;
    report.load = {.before = load_average(), .after = 0, .cores = usable_cores()};
    for (const auto bytes : options_.sizes) {
      const auto photo = SizedPhoto::make(bytes);
      if (!photo) return Failure(photo.error());
      for (const auto connections : options_.connections) {
        auto row = measure_row({*photo, connections});
        if (!row) return Failure(row.error());
        report.rows.push_back(std::move(*row));
      }
    }
    if (options_.slow > 0) {
      auto slow = measure_slow_clients();
      if (!slow) return Failure(slow.error());
      report.slow = std::move(*slow);
    }
    report.load.after = load_average();
    return report;
  }

 private:
  [[nodiscard]] tl::expected<AcceptRow, std::string> measure_row(const Upload& upload) {
    std::vector<AcceptRow> turns;
    for (std::uint32_t turn = 0; turn < options_.turns; ++turn) {
      auto row = measure_turn(upload);
      if (!row) return row;
      turns.push_back(std::move(*row));
    }
    return median_row(std::move(turns));
  }

  [[nodiscard]] tl::expected<AcceptRow, std::string> measure_turn(const Upload& upload) {
    AcceptRow row;
    row.bytes = upload.photo.size();
    row.connections = upload.connections;
    const auto disk = disk_limit(upload);
    if (!disk) return Failure(disk.error());
    row.disk = *disk;
    const auto loopback = loopback_limit(upload);
    if (!loopback) return Failure(loopback.error());
    row.loopback = *loopback;
    auto idle = idle_service(upload);
    if (!idle) return Failure(idle.error());
    row.idle = std::move(*idle);
    auto saturated = saturated_service(upload);
    if (!saturated) return Failure(saturated.error());
    row.saturated = std::move(*saturated);
    return row;
  }

  /// An empty one for what is measured next.
  [[nodiscard]] tl::expected<std::filesystem::path, std::string> next_folder() {
    folder_.empty_files();
    auto next = folder_.path() / std::to_string(steps_++);
    std::error_code error;
    std::filesystem::create_directory(next, error);
    if (error) return Failure("cannot make " + next.string() + ": " + error.message());
    return next;
  }

  [[nodiscard]] tl::expected<double, std::string> disk_limit(const Upload& upload) {
    const auto folder = next_folder();
    if (!folder) return Failure(folder.error());
    return durable_files_per_second(*folder, upload.photo.rest(), upload.connections,
                                    std::chrono::seconds{options_.seconds});
  }

  [[nodiscard]] tl::expected<double, std::string> loopback_limit(const Upload& upload) const {
    const auto server = EchoServer::start();
    if (!server) return Failure(server.error());
    const auto result = load((*server)->port(), upload);
    if (result.error_count > 0) return Failure("the echo server: " + result.error);
    return result.per_second;
  }

  [[nodiscard]] Loaded idle_service(const Upload& upload) {
    const auto folder = next_folder();
    if (!folder) return Failure(folder.error());
    const auto service = StartedService::start(program_, *folder, options_.workers);
    if (!service) return Failure(service.error());
    if (const auto paused = pause_queue(*folder); !paused) return Failure(paused.error());
    return load(port_of(service->url()), upload);
  }

  [[nodiscard]] Loaded saturated_service(const Upload& upload) {
    const auto folder = next_folder();
    if (!folder) return Failure(folder.error());
    const auto service = StartedService::start(program_, *folder, options_.workers);
    if (!service) return Failure(service.error());
    // The warm-up fills the queue as well; uploads are taken many times as fast as jobs are done.
    return load(port_of(service->url()), upload);
  }

  [[nodiscard]] tl::expected<SlowClientsRow, std::string> measure_slow_clients() {
    constexpr std::uint32_t usual_connections = 4;
    const auto photo = SizedPhoto::make(options_.sizes.front());
    if (!photo) return Failure(photo.error());
    const Upload upload{*photo, usual_connections};
    const auto folder = next_folder();
    if (!folder) return Failure(folder.error());
    const auto service = StartedService::start(program_, *folder, options_.workers);
    if (!service) return Failure(service.error());
    if (const auto paused = pause_queue(*folder); !paused) return Failure(paused.error());
    const auto port = port_of(service->url());
    SlowClientsRow row;
    row.clients = options_.slow;
    const auto file = large_file(port);
    if (!file) return Failure(file.error());
    row.without = load(port, upload);
    {
      const SlowClients slow{port, options_.slow, *file};
      row.with = load(port, upload);
      row.connected = slow.connected();
      row.cut_off = slow.cut_off();
    }
    row.after = load(port, upload);
    return row;
  }

  /// Uploads one, and returns the target that it can be fetched by.
  [[nodiscard]] static tl::expected<std::string, std::string> large_file(std::uint16_t port) {
    constexpr std::size_t bytes = 800'000;
    const auto photo = SizedPhoto::make(bytes);
    if (!photo) return Failure(photo.error());
    auto connection = RawConnection::open(port);
    if (!connection) return Failure(connection.error());
    const auto header = upload_header(port, photo->size());
    const auto start = photo->start(0);
    const std::array pieces{std::as_bytes(std::span{header}), std::as_bytes(std::span{start}),
                            photo->rest()};
    const auto status = connection->exchange(pieces);
    if (!status) return Failure(status.error());
    const auto& answer = connection->answer();
    const auto job = read_job(answer.substr(end_of_header(answer)));
    if (!job) return Failure("an upload was answered " + std::to_string(*status));
    return "/v1/jobs/" + job->id + "/files/original";
  }

  [[nodiscard]] AcceptLoadResult load(std::uint16_t port, const Upload& upload) const {
    return run_accept_load({.port = port,
                            .connections = upload.connections,
                            .warm_up = warm_up,
                            .time = std::chrono::seconds{options_.seconds}},
                           upload.photo);
  }

  [[nodiscard]] tl::expected<void, std::string> pause_queue(
      const std::filesystem::path& folder) const {
    constexpr std::chrono::seconds patience{20};
    const auto child =
        ChildProgram::start({program_.string(), "queues", "pause", "default", "--config=none",
                             "--storage-path=" + (folder / "data").string()},
                            folder / "pause.log");
    if (!child) return Failure(child.error());
    if ((*child)->wait(patience) && (*child)->ended_well()) return {};
    return Failure("the queue cannot be paused: " + (*child)->printed());
  }

  const AcceptOptions& options_;
  std::filesystem::path program_;
  const ScratchFolder& folder_;
  std::size_t steps_ = 0;
};

}  // namespace

double SlowClientsRow::times_as_long() const {
  const auto usual = std::max(without.answer.p50_ms, after.answer.p50_ms);
  return usual > 0 ? with.answer.p50_ms / usual : 0;
}

bool AcceptReport::has_errors() const {
  const auto failed = [](const AcceptLoadResult& result) { return result.error_count > 0; };
  return std::ranges::any_of(
             rows,
             [&](const AcceptRow& row) { return failed(row.idle) || failed(row.saturated); }) ||
         (slow && (failed(slow->without) || failed(slow->with) || failed(slow->after)));
}

AcceptRow median_row(std::vector<AcceptRow> turns) {
  std::ranges::sort(turns, {}, [](const AcceptRow& row) { return row.idle.per_second; });
  return turns.at((turns.size() - 1) / 2);
}

tl::expected<AcceptReport, std::string> bench_accept(const AcceptOptions& options) {
  const auto folder = ScratchFolder::make(
      options.directory.empty() ? std::filesystem::current_path() : options.directory);
  if (!folder) return Failure(folder.error());
  return Measurement{options, *folder}.run();
}

}  // namespace darkroom::tools
