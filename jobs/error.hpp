#pragma once

#include <cstdint>
#include <string>

namespace darkroom::jobs {

/// Whether trying again can help.
enum class ErrorKind : std::uint8_t {
  transient,  ///< I/O, network, a lost worker, a time-out: may succeed later.
  permanent,  ///< A corrupt or unsupported image, a limit passed: never will.
};

/// Why an attempt at a job failed, in words for the client who owns the job.
struct JobError {
  ErrorKind kind = ErrorKind::transient;
  std::string message;

  friend bool operator==(const JobError&, const JobError&) = default;
};

}  // namespace darkroom::jobs
