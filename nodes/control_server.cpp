#include "nodes/control_server.hpp"

#include <string>
#include <utility>

#include <spdlog/spdlog.h>

#include "http/control_job_routes.hpp"
#include "http/control_routes.hpp"
#include "http/route_set.hpp"
#include "nodes/version.hpp"
#include "persistence/data_folder.hpp"

namespace darkroom::nodes {
namespace {

void log_backup(const persistence::BackupTask::State& backup) {
  if (!backup.result) {
    spdlog::error("backup failed target={}: {}", backup.target.string(),
                  backup.result.error().message);
    return;
  }
  const auto& manifest = backup.result->manifest;
  spdlog::info("backup done target={} jobs={} files={} ms={}", backup.target.string(),
               manifest.jobs, manifest.blobs, backup.result->duration.count());
}

}  // namespace

ControlServer::ControlServer(const Config& config, std::shared_ptr<persistence::JobStore> jobs,
                             actors::JobService& service)
    : jobs_(std::move(jobs)),
      backup_(jobs_, config.storage_path, config.store, std::string{version()}, log_backup) {
  auto local = http::listen_locally(config.storage_path / persistence::data_folder::control_socket);
  if (!local) {
    spdlog::warn("commands such as darkroom store backup cannot reach this service: {}",
                 local.error());
    return;
  }
  http::Options options;
  options.allowed_hosts = "*";  // Browsers, which those rules are for, reach no such socket.
  options.request_timeout = http::ControlJobRoutes::sweep_timeout + std::chrono::minutes{1};
  constexpr std::size_t operators = 16;
  options.max_connections = operators;
  file_.emplace(std::move(local->file));
  server_ = http::Server::start(
      std::move(local->listener), options,
      http::make_control_routes(
          {.backup = backup_, .jobs = *jobs_, .service = service, .version = version()}));
}

ControlServer::~ControlServer() {
  // First the name, so that nobody begins to ask what will not answer any more.
  file_.reset();
  server_.reset();
}

}  // namespace darkroom::nodes
