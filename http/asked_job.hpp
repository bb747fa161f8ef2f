#pragma once

#include "actors/job_service.hpp"
#include "http/request_context.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// A job as its upload asks for it, by parameters and header, and whose it is. What is known of the
/// picture is not in it yet, nor its id.
[[nodiscard]] actors::NewJob asked_job(const UploadParameters& parameters,
                                       const RequestContext& context);

}  // namespace darkroom::http
