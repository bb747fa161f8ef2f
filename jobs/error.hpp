#pragma once

#include <cstdint>
#include <string>

namespace darkroom::jobs {

/// Whether trying again can help. The values travel between nodes: append only.
enum class ErrorKind : std::uint8_t {
  transient,  ///< I/O, network, a lost worker, a time-out: may succeed later.
  permanent,  ///< A corrupt or unsupported image, a limit passed: never will.
  /// The disk is full or takes no writes, or a watermark's file is damaged: will succeed once that
  /// is over, however long it takes, so it is not counted against the job.
  environment,
};

/// Why an attempt at a job failed, in words for the client who owns the job.
struct JobError {
  ErrorKind kind = ErrorKind::transient;
  std::string message;
  /// What is wrong with the machine of the worker that tried, in words for its operator; empty:
  /// nothing. Such a job costs nothing, and another worker can do it at once.
  std::string ailment = {};

  friend bool operator==(const JobError&, const JobError&) = default;
};

}  // namespace darkroom::jobs
