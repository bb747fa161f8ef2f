#include "http/batch_upload.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "http/client_text.hpp"
#include "http/problem_mapping.hpp"
#include "http/upload_fingerprint.hpp"

namespace darkroom::http {

tl::unexpected<Problem> BatchUpload::of_file(Problem problem) const {
  problem.detail =
      fmt::format("File {}, {}: {}", files_.size(), quoted_text(filename_), problem.detail);
  return tl::unexpected{std::move(problem)};
}

tl::expected<void, Problem> BatchUpload::open() {
  files_.emplace_back(services_, limits_.bytes_of_file, store_log_);
  auto opened = files_.back().open();
  is_open_ = opened.has_value();
  if (!is_open_) files_.pop_back();
  return opened;
}

bool BatchUpload::has_file() const {
  return files_.size() > (is_open_ ? 1U : 0U);
}

tl::expected<void, Problem> BatchUpload::file_begins(std::string_view filename) {
  if (files_.size() == limits_.files && !is_open_) {
    return tl::unexpected{
        Problem{ProblemCode::too_many_files,
                fmt::format("The form has more than {} files; send the others in another batch.",
                            limits_.files)}};
  }
  if (!is_open_) {
    if (auto opened = open(); !opened) return opened;
  }
  is_open_ = false;
  filename_ = filename;
  files_.back().begin(filename);
  return {};
}

tl::expected<void, Problem> BatchUpload::file_data(std::string_view bytes) {
  auto written = files_.back().append(bytes);
  if (!written) return of_file(std::move(written.error()));
  return {};
}

// Kept one by one, so that a bad file is told before the next one is read, and one file is open.
tl::expected<void, Problem> BatchUpload::file_ends() {
  auto kept = files_.back().keep(next_id());
  if (!kept) return of_file(std::move(kept.error()));
  return {};
}

jobs::JobId BatchUpload::next_id() {
  last_time_ = std::max(last_time_, jobs::system_now());
  auto id = jobs::JobId::generate(last_time_);
  // Within a millisecond chance decides which one is behind.
  if (id <= last_id_) {
    last_time_ += std::chrono::milliseconds{1};
    id = jobs::JobId::generate(last_time_);
  }
  last_id_ = id;
  return id;
}

tl::expected<actors::CreatedBatch, Problem> BatchUpload::create(
    const UploadParameters& parameters, const std::optional<std::string>& idempotency_key,
    const std::string& tenant) {
  actors::NewBatch wanted{.id = jobs::JobId::generate(jobs::system_now()),
                          .jobs = {},
                          .tenant = tenant,
                          .metadata = parameters.metadata().value_or(""),
                          .callback_url = parameters.callback_url().value_or("")};
  std::vector<std::string> fingerprints;
  for (auto& file : files_) {
    if (idempotency_key) fingerprints.push_back(file.fingerprint(parameters));
    wanted.jobs.push_back(file.wish(parameters, tenant, UploadRules{}));
    // Who is called back is so once, by the batch.
    wanted.jobs.back().callback_url.clear();
  }
  // Of the first job, since the store knows keys of jobs; its fingerprint is that of them all.
  if (idempotency_key) {
    wanted.jobs.front().idempotency = {.key = *idempotency_key,
                                       .fingerprint = batch_fingerprint(fingerprints)};
  }
  auto created = services_.jobs.create_batch(std::move(wanted));
  // As with one file: without an answer the jobs may exist, and then they need their originals.
  const bool may_exist =
      created ? !created->replayed : created.error().code == actors::ServiceErrorCode::unavailable;
  if (may_exist) {
    for (auto& file : files_)
      file.release();
  }
  if (!created) return tl::unexpected{to_problem(created.error())};
  return std::move(*created);
}

}  // namespace darkroom::http
