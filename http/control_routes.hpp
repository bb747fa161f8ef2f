#pragma once

#include <memory>
#include <string>

#include "actors/job_service.hpp"
#include "http/route_set.hpp"
#include "persistence/backup_task.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::http {

/// What the routes for operators work with; each must outlive the server.
struct ControlServices {
  persistence::BackupTask& backup;
  const persistence::JobStore& jobs;
  actors::JobService& service;
  std::string_view version;  ///< Of the program.
};

/// The routes of the control socket, for the user that the service runs as: what `darkroom store`
/// and others ask a running service for. Parameters stand in the query; no route reads a body.
///
///   GET  /control/status            what runs here, and the job store's memory
///   POST /control/backup?target=DIR begins a backup: 202, or 409 while one is under way
///   GET  /control/backup            where the newest backup stands
///   POST /control/jobs/{id}/retry   as POST /v1/jobs/{id}/retry
///   POST /control/jobs/{id}/cancel  as POST /v1/jobs/{id}/cancel
///   POST /control/jobs/retry-failed?after=ID
///                                   sends a batch of failed jobs again, from the first or from
///                                   behind that one: {"sent":N,"last":ID}; null: that was all
///   GET  /control/queues            how each queue stands
///   POST /control/queues/pause?name=NAME
///                                   no job of it is begun from then on, over restarts too
///   POST /control/queues/resume?name=NAME
///   GET  /control/workers           how each worker stands
///   POST /control/workers/drain?name=NAME
///                                   the worker, or all of the node, get no jobs from then on, over
///                                   restarts too; answers with those that are here
///   POST /control/workers/resume?name=NAME
///   GET  /control/keys              the API keys, without themselves
///   POST /control/keys?name=NAME&scope=SCOPE&tenant=TENANT
///                                   makes one: 201 with the key, which is told this once
///   POST /control/keys/revoke?id=ID it is refused from then on
///   POST /control/janitor/run       has the janitor run, and waits for its report
[[nodiscard]] std::unique_ptr<RouteSet> make_control_routes(const ControlServices& services);

}  // namespace darkroom::http
