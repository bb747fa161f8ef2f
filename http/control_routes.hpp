#pragma once

#include <memory>
#include <string>

#include "http/route_set.hpp"
#include "persistence/backup_task.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::http {

/// What the routes for operators work with; each must outlive the server.
struct ControlServices {
  persistence::BackupTask& backup;
  const persistence::JobStore& jobs;
  std::string_view version;  ///< Of the program.
};

/// The routes of the control socket, for the user that the service runs as: what `darkroom store`
/// and others ask a running service for. Parameters stand in the query; no route reads a body.
///
///   GET  /control/status            what runs here, and the job store's memory
///   POST /control/backup?target=DIR begins a backup: 202, or 409 while one is under way
///   GET  /control/backup            where the newest backup stands
[[nodiscard]] std::unique_ptr<RouteSet> make_control_routes(const ControlServices& services);

}  // namespace darkroom::http
