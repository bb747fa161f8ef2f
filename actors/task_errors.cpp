#include "actors/task_errors.hpp"

#include <utility>

#include <spdlog/spdlog.h>

#include "actors/task_log.hpp"

namespace darkroom::actors {

using jobs::ErrorKind;
using jobs::JobError;

JobError from_imaging(const imaging::Error& error) {
  return {imaging::is_transient(error.code) ? ErrorKind::transient : ErrorKind::permanent,
          error.message};
}

TaskError original_missing() {
  return tl::make_unexpected(
      JobError{ErrorKind::permanent, "The original is missing from the blob store."});
}

TaskError original_damaged(const Task& task, const std::string& how) {
  spdlog::error("the original {} is damaged: {} {}", task.original_key, how, task_pairs(task));
  return tl::make_unexpected(JobError{ErrorKind::permanent, "The stored original is damaged."});
}

TaskError bad_watermark(const jobs::Watermark& watermark, const std::string& why) {
  return tl::make_unexpected(
      JobError{ErrorKind::environment, "The watermark " + watermark.name + " cannot be " + why});
}

TaskError unreadable_watermark(const Task& task, const jobs::Watermark& watermark,
                               const std::string& why) {
  spdlog::warn("Watermark {}: {} {}", watermark.name, why, task_pairs(task));
  return bad_watermark(watermark, "read; the service's log says why.");
}

TaskError file_error(const Task& task, ErrorKind kind, const std::string& what,
                     const std::string& in_words, const std::string& why) {
  spdlog::warn("{}: {} {}", what, why, task_pairs(task));
  return tl::make_unexpected(JobError{kind, what + ": " + in_words + "."});
}

TaskError machine_error(const std::string& what, const std::string& in_words, std::string ailment) {
  return tl::make_unexpected(
      JobError{ErrorKind::environment, what + ": " + in_words + ".", std::move(ailment)});
}

}  // namespace darkroom::actors
