#include "persistence/index_keys.hpp"

#include <algorithm>
#include <unordered_map>

#include "json/utf8.hpp"
#include "persistence/big_endian.hpp"
#include "persistence/job_record.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::persistence {
namespace {

template <class Bytes>
std::string as_text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

tl::expected<void, StoreError> check_job(const jobs::Job& job) {
  if (job.id == jobs::JobId{}) {
    return tl::unexpected{
        StoreError{.code = StoreErrorCode::bad_key, .message = "a job without an id"}};
  }
  if (job.queue.empty() || job.queue.find('\0') != std::string::npos ||
      json::repaired_utf8(job.queue) != job.queue) {
    return tl::unexpected{
        StoreError{.code = StoreErrorCode::bad_key,
                   .message = "job " + job.id.to_string() +
                              ": the name of its queue is empty, has a zero byte or is not UTF-8"}};
  }
  return {};
}

}  // namespace

std::string time_key(jobs::Timestamp time) {
  constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63U;
  return as_text(
      big_endian(static_cast<std::uint64_t>(time.time_since_epoch().count()) ^ sign_bit));
}

std::string job_key(const jobs::JobId& id) {
  return as_text(id.bytes());
}

std::optional<std::string> ready_key(const jobs::Job* job) {
  if (job == nullptr || is_final(job->status)) return std::nullopt;
  return job->queue + '\0' + static_cast<char>(job->priority) + time_key(job->run_at) +
         job_key(job->id);
}

std::optional<std::string> expiry_key(const jobs::Job* job) {
  if (job == nullptr) return std::nullopt;
  return time_key(job->expires_at) + job_key(job->id);
}

std::optional<std::string> failed_key(const jobs::Job* job) {
  if (job == nullptr || job->status != jobs::JobStatus::failed) return std::nullopt;
  return job_key(job->id);
}

std::optional<std::string> idempotency_key(const jobs::Job* job) {
  if (job == nullptr || !job->idempotency) return std::nullopt;
  return idempotency_key(job->tenant, job->idempotency->key);
}

std::string idempotency_key(std::string_view tenant, std::string_view key) {
  std::string scoped{tenant};
  if (!tenant.empty()) scoped += '\0';
  return scoped.append(key);
}

std::string revision_key(std::uint64_t revision) {
  return as_text(big_endian(revision));
}

std::optional<std::string> finished_key(const jobs::Job* job) {
  if (job == nullptr || !is_final(job->status)) return std::nullopt;
  return revision_key(job->revision) + job_key(job->id);
}

std::string results_hash(const jobs::Job& job) {
  Sha256 hash;
  for (const auto& text : {job.original.sha256, encode_specs(job.renditions)})
    hash.update(std::as_bytes(std::span{text}));
  // Nothing for no tenant, so that the entries of earlier versions stand.
  hash.update(std::as_bytes(std::span{job.tenant}));
  return hash.finish();
}

std::optional<std::string> results_key(const jobs::Job* job) {
  if (job == nullptr || !job->reusable || job->status != jobs::JobStatus::completed)
    return std::nullopt;
  return results_hash(*job) + job_key(job->id);
}

std::optional<jobs::JobId> id_of_index_key(std::string_view key) {
  jobs::JobId::Bytes bytes{};
  if (key.size() < bytes.size()) return std::nullopt;
  const auto tail = key.substr(key.size() - bytes.size());
  std::transform(tail.begin(), tail.end(), bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return jobs::JobId{bytes};
}

std::vector<JobChange> net_changes(std::span<const JobChange> changes) {
  std::vector<JobChange> net;
  net.reserve(changes.size());
  std::unordered_map<jobs::JobId, std::size_t> places;
  for (const auto& change : changes) {
    const auto& id = change.before ? change.before->id : change.after->id;
    const auto [place, is_new] = places.try_emplace(id, net.size());
    if (is_new) {
      net.push_back(change);
    } else {
      net[place->second].after = change.after;
    }
  }
  std::erase_if(net, [](const JobChange& change) { return !change.before && !change.after; });
  return net;
}

tl::expected<void, StoreError> check_changes(std::span<const JobChange> changes) {
  for (const auto& change : changes) {
    for (const auto* job : {&change.before, &change.after}) {
      if (!*job) continue;
      if (auto checked = check_job(**job); !checked) return checked;
    }
  }
  return {};
}

}  // namespace darkroom::persistence
