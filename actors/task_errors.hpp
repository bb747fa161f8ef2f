#pragma once

#include <string>

#include <tl/expected.hpp>

#include "actors/message_types.hpp"
#include "imaging/error.hpp"
#include "jobs/error.hpp"

namespace darkroom::actors {

// What a task runner and its files say of a failure: what the client reads, and what of it counts
// against the job. The operator finds more in the log.

using TaskError = tl::unexpected<jobs::JobError>;

/// Of the picture, or of what is made from it.
[[nodiscard]] jobs::JobError from_imaging(const imaging::Error& error);

[[nodiscard]] TaskError original_missing();

/// `how` is for the log.
[[nodiscard]] TaskError original_damaged(const Task& task, const std::string& how);

/// The operator's file is at fault, and not the job: that succeeds once the file is mended. `why`
/// is the end of the sentence: "read; ..." or "used: ...".
[[nodiscard]] TaskError bad_watermark(const jobs::Watermark& watermark, const std::string& why);

/// The service's log says why a watermark cannot be read.
[[nodiscard]] TaskError unreadable_watermark(const Task& task, const jobs::Watermark& watermark,
                                             const std::string& why);

/// "<what>: <in_words>." for the client; `why`, which may have paths of this machine in it, for the
/// log.
[[nodiscard]] TaskError file_error(const Task& task, jobs::ErrorKind kind, const std::string& what,
                                   const std::string& in_words, const std::string& why);

/// "<what>: <in_words>." for the client. The worker's own machine is at fault: the worker says so
/// to its operator, by `ailment`.
[[nodiscard]] TaskError machine_error(const std::string& what, const std::string& in_words,
                                      std::string ailment);

}  // namespace darkroom::actors
