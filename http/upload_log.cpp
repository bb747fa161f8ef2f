#include "http/upload_log.hpp"

#include <string_view>

#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_address.hpp"
#include "http/client_text.hpp"

namespace darkroom::http {
namespace {

std::string_view in_words(const actors::CreatedJob& created) {
  if (created.replayed) return "upload repeated, its job is there";
  return created.job.reused_from ? "job created with results that are there" : "job created";
}

}  // namespace

void log_refused_upload(const httplib::Request& request, const Problem& problem,
                        std::uint64_t received, std::chrono::milliseconds took) {
  const ProblemKind& kind = kind_of(problem.code);
  spdlog::log(kind.status >= 500 ? spdlog::level::warn : spdlog::level::info,
              "upload refused, {}: {} ({} bytes read, {} ms, client {})", kind.name,
              quoted_text(problem.detail, 400), received, took.count(), client_of(request));
}

void log_upload(const httplib::Request& request, const actors::CreatedJob& created,
                std::chrono::milliseconds took) {
  const jobs::Job& job = created.job;
  const jobs::Original& original = job.original;
  if (!has_original(job)) {
    spdlog::info("{}: its picture is to be fetched, client {} job={} preset={} ms={}",
                 in_words(created), client_of(request), job.id.to_string(),
                 job.preset.empty() ? "-" : job.preset, took.count());
    return;
  }
  spdlog::info("{}: {} {}x{}, client {} job={} preset={} bytes={} ms={}", in_words(created),
               original.format, original.width, original.height, client_of(request),
               job.id.to_string(), job.preset.empty() ? "-" : job.preset, original.bytes,
               took.count());
}

void log_upload(const httplib::Request& request, const actors::CreatedBatch& created,
                std::chrono::milliseconds took) {
  spdlog::info("{}, client {} batch={} jobs={} ms={}",
               created.replayed ? "upload repeated, its batch is there" : "batch taken in",
               client_of(request), created.batch.id.to_string(), created.batch.total, took.count());
}

}  // namespace darkroom::http
