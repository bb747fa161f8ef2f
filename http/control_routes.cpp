#include "http/control_routes.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "http/client_text.hpp"
#include "http/control_cluster_routes.hpp"
#include "http/control_job_routes.hpp"
#include "http/control_key_routes.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

void write_summary(json::JsonWriter& json, const persistence::BackupSummary& summary) {
  const auto& manifest = summary.manifest;
  json.member("backup_id", manifest.backup_id);
  json.member("jobs", manifest.jobs);
  json.member("damaged_records", manifest.damaged_records);
  json.member("job_store_bytes", manifest.job_store_bytes);
  json.member("files", manifest.blobs);
  json.member("file_bytes", manifest.blob_bytes);
  json.member("missing_files", manifest.missing_blobs);
  json.member("deleted_meanwhile", summary.deleted_meanwhile);
  json.member("files_linked", summary.files_linked);
  json.member("files_copied", summary.files_copied);
  json.member("bytes_copied", summary.bytes_copied);
  json.member("files_removed", summary.files_removed);
  json.member("untidy", summary.untidy);
  json.member("milliseconds", summary.duration.count());
}

std::string to_json(const persistence::BackupTask::State& state) {
  json::JsonWriter json;
  json.member("number", state.number);
  json.member("target", state.target.string());
  json.member("running", state.running);
  json.member("phase", persistence::to_string(state.progress.phase));
  json.member("files_seen", state.progress.files);
  json.member("copied_bytes", state.progress.copied_bytes);
  if (state.number > 0 && !state.running) {
    if (state.result) {
      json.object("summary", [&] { write_summary(json, *state.result); });
    } else {
      json.member("error", state.result.error().message);
    }
  }
  return json.finish() + "\n";
}

class ControlRoutes final : public RouteSet {
 public:
  explicit ControlRoutes(const ControlServices& services)
      : services_(services),
        jobs_(services.service),
        cluster_(services.service),
        keys_(services.service) {}

  void add_to(Router& router) override {
    router.add("GET", "/control/status", Scope::open,
               [this](const httplib::Request&, httplib::Response& response, const std::string&) {
                 answer_json(response, 200, status());
               });
    router.add("POST", "/control/backup", Scope::open,
               [this](const httplib::Request& request, httplib::Response& response,
                      const std::string&) { begin_backup(request, response); });
    router.add("GET", "/control/backup", Scope::open,
               [this](const httplib::Request&, httplib::Response& response, const std::string&) {
                 answer_json(response, 200, to_json(services_.backup.state()));
               });
    jobs_.add_to(router);
    cluster_.add_to(router);
    keys_.add_to(router);
  }

 private:
  [[nodiscard]] std::string status() const {
    json::JsonWriter json;
    json.member("service", "darkroom");
    json.member("version", services_.version);
    json.member("pid", ::getpid());
    if (const auto memory = services_.jobs.memory()) {
      json.object("job_store_memory", [&] {
        json.member("block_cache_bytes", memory->block_cache_bytes);
        json.member("block_cache_limit", memory->block_cache_limit);
        json.member("write_buffer_bytes", memory->write_buffer_bytes);
        json.member("write_buffer_limit", memory->write_buffer_limit);
        json.member("table_reader_bytes", memory->table_reader_bytes);
      });
    }
    return json.finish() + "\n";
  }

  void begin_backup(const httplib::Request& request, httplib::Response& response) const {
    const std::filesystem::path target = request.get_param_value("target");
    // The service's working directory is not that of whoever asks.
    if (!target.is_absolute()) {
      return answer_problem(
          response, {ProblemCode::malformed_request,
                     fmt::format("The parameter target must be the absolute path of a folder, not "
                                 "{}.",
                                 quoted_text(target.string()))});
    }
    if (!services_.backup.start(target)) {
      return answer_problem(response,
                            {ProblemCode::backup_running,
                             fmt::format("A backup to {} is under way already; wait for its end.",
                                         quoted_text(services_.backup.state().target.string()))});
    }
    spdlog::info("backup begun target={}", target.string());
    answer_json(response, 202, to_json(services_.backup.state()));
  }

  ControlServices services_;
  ControlJobRoutes jobs_;
  ControlClusterRoutes cluster_;
  ControlKeyRoutes keys_;
};

}  // namespace

std::unique_ptr<RouteSet> make_control_routes(const ControlServices& services) {
  return std::make_unique<ControlRoutes>(services);
}

}  // namespace darkroom::http
