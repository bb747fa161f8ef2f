#include "persistence/job_filter.hpp"

namespace darkroom::persistence {
namespace {

template <class Wanted, class Value>
bool is_as_wanted(const std::optional<Wanted>& wanted, const Value& value) {
  return !wanted || *wanted == value;
}

}  // namespace

bool matches(const JobFilter& filter, const jobs::Job& job) {
  return is_as_wanted(filter.tenant, job.tenant) && is_as_wanted(filter.queue, job.queue) &&
         is_as_wanted(filter.preset, job.preset) &&
         is_as_wanted(filter.filename, job.original.filename) &&
         is_as_wanted(filter.public_name, job.public_name) &&
         is_as_wanted(filter.status, job.status) && (!filter.batch || job.batch == filter.batch) &&
         (!filter.created_from || job.created_at >= *filter.created_from) &&
         (!filter.created_before || job.created_at < *filter.created_before) &&
         (!filter.alive_at || job.expires_at > *filter.alive_at);
}

}  // namespace darkroom::persistence
