#include "actors/task_log.hpp"

#include "jobs/log_pair.hpp"

namespace darkroom::actors {

std::string task_pairs(const Task& task) {
  return "job=" + task.job.to_string() + jobs::request_pairs(task.request_id, task.trace_parent);
}

}  // namespace darkroom::actors
