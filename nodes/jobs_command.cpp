#include "nodes/jobs_command.hpp"

#include <cstdint>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "http/control_job_routes.hpp"
#include "nodes/control_client.hpp"
#include "nodes/printable_text.hpp"
#include "nodes/progress_line.hpp"

namespace darkroom::nodes {
namespace {

int fail(std::ostream& err, const ControlFailure& failure) {
  err << "darkroom: " << printable(failure.message) << '\n';
  return failure.kind == ControlFailureKind::no_service ? 2 : 1;
}

/// What the service says; members that are not there are 0 and empty.
class Answer {
 public:
  explicit Answer(const std::string& body) { json_.Parse(body.data(), body.size()); }

  [[nodiscard]] std::uint64_t number(const char* name) const {
    const auto* value = find(name);
    return value != nullptr && value->IsUint64() ? value->GetUint64() : 0;
  }

  [[nodiscard]] std::string text(const char* name) const {
    const auto* value = find(name);
    return value != nullptr && value->IsString() ? value->GetString() : std::string{};
  }

 private:
  [[nodiscard]] const rapidjson::Value* find(const char* name) const {
    if (!json_.IsObject()) return nullptr;
    const auto member = json_.FindMember(name);
    return member == json_.MemberEnd() ? nullptr : &member->value;
  }

  rapidjson::Document json_;
};

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

int change_one(const ControlClient& service, const std::string& id, std::string_view action,
               std::ostream& out, std::ostream& err) {
  const auto answer = service.post(fmt::format("/control/jobs/{}/{}", id, action));
  if (!answer) return fail(err, answer.error());
  out << fmt::format("job {} is {}\n", id, printable(Answer{*answer}.text("status")));
  return 0;
}

int retry_all_failed(const ControlClient& service, std::ostream& out, std::ostream& err) {
  std::uint64_t sent = 0;
  std::string after;
  ProgressLine progress{err, errors_go_to_a_terminal()};
  while (true) {
    const auto answer = service.post("/control/jobs/retry-failed?after=" + after);
    if (!answer) {
      if (sent > 0) out << "sent " << counted(sent, "job", "jobs") << " again, and not the rest\n";
      return fail(err, answer.error());
    }
    const Answer batch{*answer};
    sent += batch.number("sent");
    after = batch.text("last");
    if (after.empty()) break;
    progress.show([sent] { return counted(sent, "job", "jobs") + " sent again"; });
  }
  if (sent == 0) {
    out << "there are no failed jobs\n";
  } else {
    out << "sent " << counted(sent, "failed job", "failed jobs") << " again\n";
  }
  return 0;
}

}  // namespace

int run_jobs(const JobsCommand& command, std::ostream& out, std::ostream& err) {
  const ControlClient service{command.config.storage_path};
  if (!command.id) return retry_all_failed(service, out, err);
  const bool retry = command.action == JobsAction::retry;
  return change_one(service, command.id->to_string(), retry ? "retry" : "cancel", out, err);
}

int run_janitor(const JanitorCommand& command, std::ostream& out, std::ostream& err) {
  // The service gives up a moment earlier, and says so.
  constexpr auto timeout = http::ControlJobRoutes::sweep_timeout + std::chrono::seconds{30};
  const auto answer =
      ControlClient{command.config.storage_path}.post("/control/janitor/run", timeout);
  if (!answer) return fail(err, answer.error());
  const Answer report{*answer};
  out << fmt::format(
      "removed {} with {}, {} and {}\n",
      counted(report.number("expired_jobs"), "expired job", "expired jobs"),
      counted(report.number("removed_files"), "file", "files"),
      counted(report.number("orphaned_files"), "file that belonged to no job",
              "files that belonged to no job"),
      counted(report.number("stale_temporaries"), "stale temporary file", "stale temporary files"));
  const std::uint64_t errors = report.number("errors");
  if (errors == 0) return 0;
  err << fmt::format("darkroom: the janitor met {}; the service's log names them\n",
                     counted(errors, "error", "errors"));
  return 1;
}

}  // namespace darkroom::nodes
