#pragma once

#include <chrono>
#include <cstdint>

#include "actors/job_service.hpp"
#include "http/problem.hpp"

namespace httplib {
struct Request;
}

namespace darkroom::http {

// What came of an upload, as one line of the log.

void log_upload(const httplib::Request& request, const actors::CreatedJob& created,
                std::chrono::milliseconds took);

void log_upload(const httplib::Request& request, const actors::CreatedBatch& created,
                std::chrono::milliseconds took);

/// `received`: bytes of the body that were read.
void log_refused_upload(const httplib::Request& request, const Problem& problem,
                        std::uint64_t received, std::chrono::milliseconds took);

}  // namespace darkroom::http
