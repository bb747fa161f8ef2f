#include "http/batch_view.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "jobs/timestamp.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using json::JsonWriter;

void write_counts(JsonWriter& writer, const actors::BatchState& state) {
  using jobs::JobStatus;
  writer.member("total", state.batch.total);
  for (const auto status : {JobStatus::pending, JobStatus::processing, JobStatus::retrying,
                            JobStatus::completed, JobStatus::failed, JobStatus::cancelled}) {
    writer.member(jobs::to_string(status), state.count(status));
  }
  writer.member("deleted", state.deleted());
}

void write_batch(JsonWriter& writer, const actors::BatchState& state) {
  const auto& batch = state.batch;
  const auto id = batch.id.to_string();
  writer.member("id", id);
  writer.member("status", batch.completed_at ? "completed" : "processing");
  writer.member("created_at", jobs::to_rfc3339(batch.created_at));
  writer.member("completed_at", batch.completed_at
                                    ? std::optional{jobs::to_rfc3339(*batch.completed_at)}
                                    : std::nullopt);
  writer.member("expires_at", jobs::to_rfc3339(batch.expires_at));
  writer.raw_member("metadata", batch.metadata.empty() ? "null" : batch.metadata);
  writer.object("counts", [&] { write_counts(writer, state); });
  writer.object("links", [&] {
    writer.member("self", "/v1/batches/" + id);
    writer.member("jobs", "/v1/jobs?batch=" + id);
    writer.member("events", "/v1/events?batch=" + id);
  });
}

}  // namespace

std::string batch_object(const actors::BatchState& state) {
  JsonWriter writer;
  write_batch(writer, state);
  return writer.finish();
}

std::string batch_object(const actors::BatchState& state, const std::vector<jobs::Job>& jobs,
                         const ViewOptions& options) {
  std::string list = "[";
  for (const auto& job : jobs)
    list += (list.size() > 1 ? "," : "") + job_object(job, options);
  JsonWriter writer;
  write_batch(writer, state);
  writer.raw_member("jobs", list + "]");
  return writer.finish();
}

std::string batch_event_view(const actors::BatchState& state, std::uint64_t revision) {
  return fmt::format("id: {}\nevent: batch.completed\ndata: {}\n\n", revision, batch_object(state));
}

}  // namespace darkroom::http
