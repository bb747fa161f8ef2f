#include "http/file_facts.hpp"

#include <algorithm>
#include <utility>

#include "http/content_disposition.hpp"
#include "http/media_type.hpp"
#include "http/own_jobs.hpp"
#include "http/problem_mapping.hpp"

namespace darkroom::http {
namespace {

FileFacts facts(const jobs::Job& job, const std::string& sha256, const std::string& media_type,
                std::string_view blob_key, std::string name) {
  return {.sha256 = sha256,
          .media_type = media_type.empty() ? media_type_of(blob_key) : media_type,
          .name = std::move(name),
          .tenant = job.tenant,
          .expires_at = job.expires_at};
}

/// The key of an original, with the extension of what it is: that of one that was fetched follows
/// from its URL, which says what it likes.
std::string key_by_content(const jobs::Original& original) {
  const auto extension = extension_of_media_type(original.content_type);
  if (extension.empty()) return original.blob_key;
  return original.blob_key.substr(0, original.blob_key.rfind('.') + 1) + std::string{extension};
}

}  // namespace

Problem no_such_file() {
  return {ProblemCode::unknown_file,
          "There is no such file: it is not made yet, or it is gone with its job. Take the "
          "addresses of files from the job."};
}

FileFacts facts_of_original(const jobs::Job& job) {
  const jobs::Original& original = job.original;
  return facts(job, original.sha256, original.content_type, original.blob_key,
               original_name(original.filename, key_by_content(original)));
}

FileFacts facts_of(const jobs::Job& job, const jobs::Rendition& rendition) {
  return facts(job, rendition.sha256, rendition.content_type, rendition.blob_key,
               rendition_name(job.original.filename, rendition.spec.name, rendition.blob_key));
}

std::optional<FileFacts> facts_of(const jobs::Job& job, std::string_view blob_key) {
  if (job.original.blob_key == blob_key) return facts_of_original(job);
  const auto found = std::ranges::find_if(job.renditions, [&](const jobs::Rendition& rendition) {
    return rendition.status == jobs::RenditionStatus::completed && rendition.blob_key == blob_key;
  });
  if (found == job.renditions.end()) return std::nullopt;
  return facts_of(job, *found);
}

tl::expected<FileFacts, Problem> FileDirectory::find(const Caller& caller,
                                                     const std::string& blob_key) {
  auto facts = look_up(caller, blob_key);
  if (facts && !sees(caller, facts->tenant)) return tl::unexpected{no_such_file()};
  return facts;
}

tl::expected<FileFacts, Problem> FileDirectory::look_up(const Caller& caller,
                                                        const std::string& blob_key) {
  const auto id = jobs::job_of_blob(blob_key);
  if (!id) return tl::unexpected{no_such_file()};
  const jobs::Timestamp now = clock_();
  if (auto facts = known(blob_key, now)) return std::move(*facts);
  const auto job = jobs_.get(*id);
  if (!job) {
    const bool is_unknown = job.error().code == actors::ServiceErrorCode::unknown_job;
    if (is_unknown || !is_told(caller, job.error())) return tl::unexpected{no_such_file()};
    return tl::unexpected{to_problem(job.error())};
  }
  auto facts = facts_of(*job, blob_key);
  if (!facts || facts->expires_at <= now) return tl::unexpected{no_such_file()};
  keep(blob_key, *facts, now);
  return std::move(*facts);
}

std::optional<FileFacts> FileDirectory::known(const std::string& blob_key, jobs::Timestamp now) {
  const std::scoped_lock lock{mutex_};
  const auto found = by_key_.find(blob_key);
  if (found == by_key_.end() || found->second->until <= now) return std::nullopt;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->facts;
}

void FileDirectory::keep(const std::string& blob_key, const FileFacts& facts, jobs::Timestamp now) {
  const std::scoped_lock lock{mutex_};
  if (const auto old = by_key_.find(blob_key); old != by_key_.end()) {
    const auto entry = old->second;
    by_key_.erase(old);
    entries_.erase(entry);
  }
  entries_.push_front({blob_key, facts, std::min(now + kept_for, facts.expires_at)});
  by_key_.emplace(entries_.front().blob_key, entries_.begin());
  if (entries_.size() <= kept) return;
  by_key_.erase(entries_.back().blob_key);
  entries_.pop_back();
}

}  // namespace darkroom::http
