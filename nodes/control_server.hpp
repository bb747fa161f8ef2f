#pragma once

#include <memory>
#include <optional>

#include "actors/job_service.hpp"
#include "http/local_socket.hpp"
#include "http/server.hpp"
#include "nodes/config.hpp"
#include "persistence/backup_task.hpp"
#include "persistence/job_store.hpp"

namespace darkroom::nodes {

/// What a running service offers to operators: its control socket, and what is done by its routes.
/// The job store's lock must be held, so that no other service has the socket. Destroying it ends a
/// backup under way. `service` must outlive it.
class ControlServer {
 public:
  /// A folder that takes no socket is logged, and is no reason not to serve.
  ControlServer(const Config& config, std::shared_ptr<persistence::JobStore> jobs,
                actors::JobService& service);
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  ControlServer(ControlServer&&) = delete;
  ControlServer& operator=(ControlServer&&) = delete;
  ~ControlServer();

 private:
  std::shared_ptr<persistence::JobStore> jobs_;
  persistence::BackupTask backup_;
  std::optional<http::LocalSocketFile> file_;
  std::unique_ptr<http::Server> server_;  ///< Null where there is no socket.
};

}  // namespace darkroom::nodes
