#include "http/upload.hpp"

#include <chrono>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "http/client_text.hpp"
#include "http/media_names.hpp"
#include "http/problem_mapping.hpp"
#include "http/result_reuse.hpp"
#include "http/upload_fingerprint.hpp"
#include "http/upload_form.hpp"
#include "persistence/mapped_file.hpp"

namespace darkroom::http {

// The operator reads what the store said; the client only what it means.
tl::unexpected<Problem> Upload::store_problem(std::string_view doing,
                                              const persistence::StoreError& error) {
  if (const auto held_back = store_log_.pass(std::chrono::steady_clock::now())) {
    spdlog::error("an upload failed while {}: {} held_back={}", doing, error.message, *held_back);
  }
  return tl::unexpected{to_problem(error)};
}

Upload::~Upload() {
  if (kept_key_.empty()) return;
  if (const auto removed = services_.blobs.remove(kept_key_); !removed) {
    spdlog::warn("blob {} of a failed upload stays behind: {}", kept_key_, removed.error().message);
  }
}

tl::expected<void, Problem> Upload::open() {
  auto created = services_.blobs.create();
  if (!created) return store_problem("creating its file", created.error());
  writer_ = std::move(*created);
  return {};
}

void Upload::begin(std::string_view filename) {
  has_file_ = true;
  filename_ = display_filename(filename);
}

tl::expected<void, Problem> Upload::append(std::string_view bytes) {
  if (bytes.size() > max_bytes_ - writer_->size()) {
    return tl::unexpected{
        Problem{ProblemCode::too_many_bytes,
                fmt::format("The file has more than the {} bytes that are allowed.", max_bytes_)}};
  }
  if (const auto written = writer_->write(std::as_bytes(std::span{bytes})); !written) {
    return store_problem("writing its file", written.error());
  }
  return {};
}

tl::expected<jobs::Original, Problem> Upload::examine(const jobs::JobId& id) {
  if (writer_->size() == 0) {
    return tl::unexpected{Problem{ProblemCode::empty_file, "The file that was sent has no bytes."}};
  }
  const auto sha256 = writer_->finish();
  if (!sha256) return store_problem("finishing its file", sha256.error());
  const auto file = persistence::MappedFile::open(writer_->path());
  if (!file) return store_problem("mapping its file", file.error());
  const auto info = imaging::probe(file->bytes(), services_.limits);
  if (!info) return tl::unexpected{to_problem(info.error())};

  jobs::Original original;
  original.blob_key = jobs::original_key(id, imaging::extension(info->format));
  original.filename = filename_;
  original.content_type = imaging::content_type(info->format);
  original.format = imaging::to_string(info->format);
  original.sha256 = *sha256;
  original.bytes = writer_->size();
  original.width = info->width;
  original.height = info->height;
  original.frames = info->frames;
  info_ = *info;
  return original;
}

tl::expected<actors::CreatedJob, actors::ServiceError> Upload::create_job(
    actors::NewJob job) const {
  if (job.reusable) {
    auto reused = reuse_results(services_.jobs, services_.blobs, job);
    if (!reused) return tl::unexpected{std::move(reused.error())};
    if (*reused) return std::move(**reused);
  }
  return services_.jobs.create(std::move(job));
}

tl::expected<void, Problem> Upload::keep(const jobs::JobId& id) {
  auto original = examine(id);
  if (!original) return tl::unexpected{std::move(original.error())};
  id_ = id;
  original_ = std::move(*original);
  sha256_ = original_.sha256;
  // Noted first: a commit that fails may have happened.
  kept_key_ = original_.blob_key;
  if (const auto committed = writer_->commit(kept_key_); !committed) {
    return store_problem("committing its file", committed.error());
  }
  writer_.reset();
  return {};
}

actors::NewJob Upload::wish(const UploadParameters& parameters, const std::string& tenant,
                            const UploadRules& rules) {
  return {.id = id_,
          .preset = parameters.choice().preset(),
          .original = std::move(original_),
          .renditions = parameters.choice().renditions(),
          .info = info_,
          .queue = parameters.queue(),
          .expires_in = parameters.expires_in(),
          .reusable = parameters.reuse(),
          .priority = parameters.priority(),
          .tenant = tenant,
          .metadata = parameters.metadata().value_or(""),
          .callback_url = parameters.callback_url().value_or(""),
          .public_name = rules.public_name ? media_name(filename_) : "",
          .not_before = parameters.not_before()};
}

std::string Upload::fingerprint(const UploadParameters& parameters) const {
  return upload_fingerprint(sha256_, filename_, parameters);
}

tl::expected<actors::CreatedJob, Problem> Upload::create(
    const UploadParameters& parameters, const std::optional<std::string>& idempotency_key,
    const std::string& tenant, const UploadRules& rules) {
  if (const auto kept = keep(jobs::JobId::generate(jobs::system_now())); !kept) {
    return tl::unexpected{kept.error()};
  }
  auto wanted = wish(parameters, tenant, rules);
  if (idempotency_key) {
    wanted.idempotency = {.key = *idempotency_key, .fingerprint = fingerprint(parameters)};
  }
  auto job = create_job(std::move(wanted));
  if (!job) {
    // Without an answer nobody knows whether the job exists; if it does, it needs its original. If
    // it does not, the janitor finds a blob without a job.
    if (job.error().code == actors::ServiceErrorCode::unavailable) release();
    return tl::unexpected{to_problem(job.error())};
  }
  if (!job->replayed) release();
  return std::move(*job);
}

}  // namespace darkroom::http
