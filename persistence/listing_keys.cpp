#include "persistence/listing_keys.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "persistence/big_endian.hpp"
#include "persistence/hex.hpp"
#include "persistence/index_keys.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::persistence {
namespace {

using jobs::Job;
using jobs::JobStatus;

constexpr std::size_t hash_bytes = 8;
constexpr std::string_view common_name = "default";

std::string short_hash(std::string_view text) {
  Sha256 hash;
  hash.update(std::as_bytes(std::span{text}));
  constexpr std::size_t digits = 2 * hash_bytes;
  const auto bytes = big_endian(parse_hex_u64(hash.finish().substr(0, digits)).value_or(0));
  return {bytes.begin(), bytes.end()};
}

const std::string& hash_of(JobStatus status) {
  static const auto hashes = [] {
    std::array<std::string, jobs::job_statuses> all;
    for (std::size_t i = 0; i < all.size(); ++i)
      all.at(i) = short_hash(to_string(static_cast<JobStatus>(i)));
    return all;
  }();
  return hashes.at(static_cast<std::size_t>(status));
}

const std::string& everybody() {
  static const std::string zeros(hash_bytes, '\0');
  return zeros;
}

bool is_indexed(JobStatus status) {
  return status != JobStatus::pending && status != JobStatus::completed;
}

bool is_indexed_name(std::string_view name) {
  return !name.empty() && name != common_name;
}

std::string prefix(char facet, const std::string& whose, const std::string& hash) {
  return facet + whose + hash;
}

/// Adds the entries of one value.
void add(std::vector<std::string>& keys, const Job& job, const std::string& tenant, char facet,
         const std::string& hash) {
  const auto id = job_key(job.id);
  keys.push_back(prefix(facet, everybody(), hash) + id);
  if (!tenant.empty()) keys.push_back(prefix(facet, tenant, hash) + id);
}

std::string tenant_hash(const Job& job) {
  return job.tenant.empty() ? std::string{} : short_hash(job.tenant);
}

/// Those that a job has from its beginning to its end.
void add_lasting(std::vector<std::string>& keys, const Job& job, const std::string& tenant) {
  const auto add_text = [&](char facet, const std::string& value) {
    add(keys, job, tenant, facet, short_hash(value));
  };
  if (job.batch) add_text('b', job_key(*job.batch));
  if (!job.original.filename.empty()) add_text('f', job.original.filename);
  if (!job.public_name.empty()) add_text('m', job.public_name);
  if (is_indexed_name(job.preset)) add_text('p', job.preset);
  if (is_indexed_name(job.queue)) add_text('q', job.queue);
  if (!tenant.empty()) keys.push_back(prefix('t', tenant, everybody()) + job_key(job.id));
}

void add_status(std::vector<std::string>& keys, const Job& job, const std::string& tenant) {
  if (is_indexed(job.status)) add(keys, job, tenant, 's', hash_of(job.status));
}

bool has_same_lasting(const Job& a, const Job& b) {
  return a.id == b.id && a.tenant == b.tenant && a.original.filename == b.original.filename &&
         a.batch == b.batch && a.public_name == b.public_name && a.preset == b.preset &&
         a.queue == b.queue;
}

}  // namespace

std::vector<std::string> listing_keys(const Job* job) {
  std::vector<std::string> keys;
  if (job == nullptr) return keys;
  const auto tenant = tenant_hash(*job);
  add_lasting(keys, *job, tenant);
  add_status(keys, *job, tenant);
  std::ranges::sort(keys);
  return keys;
}

std::vector<std::string> listing_keys_gained(const Job* before, const Job* after) {
  if (after == nullptr) return {};
  if (before == nullptr) return listing_keys(after);
  std::vector<std::string> gained;
  // Nearly all changes are of this kind, and hash nothing.
  if (has_same_lasting(*before, *after)) {
    if (before->status != after->status && is_indexed(after->status))
      add_status(gained, *after, tenant_hash(*after));
    return gained;
  }
  std::ranges::set_difference(listing_keys(after), listing_keys(before),
                              std::back_inserter(gained));
  return gained;
}

std::optional<std::string> listing_prefix(const JobFilter& filter) {
  const bool of_tenant = filter.tenant && !filter.tenant->empty();
  const auto whose = of_tenant ? short_hash(*filter.tenant) : everybody();
  // The rarest values first.
  if (filter.public_name && !filter.public_name->empty())
    return prefix('m', whose, short_hash(*filter.public_name));
  if (filter.batch) return prefix('b', whose, short_hash(job_key(*filter.batch)));
  if (filter.filename && !filter.filename->empty())
    return prefix('f', whose, short_hash(*filter.filename));
  if (filter.status && is_indexed(*filter.status))
    return prefix('s', whose, hash_of(*filter.status));
  if (filter.queue && is_indexed_name(*filter.queue))
    return prefix('q', whose, short_hash(*filter.queue));
  if (filter.preset && is_indexed_name(*filter.preset))
    return prefix('p', whose, short_hash(*filter.preset));
  if (of_tenant) return prefix('t', whose, everybody());
  return std::nullopt;
}

}  // namespace darkroom::persistence
