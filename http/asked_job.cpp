#include "http/asked_job.hpp"

namespace darkroom::http {

actors::NewJob asked_job(const UploadParameters& parameters, const RequestContext& context) {
  return {.id = {},
          .preset = parameters.choice().preset(),
          .original = {},
          .renditions = parameters.choice().renditions(),
          .queue = parameters.queue(),
          .expires_in = parameters.expires_in(),
          .reusable = parameters.reuse(),
          .priority = parameters.priority(),
          .tenant = context.caller.tenant,
          .metadata = parameters.metadata().value_or(""),
          .callback_url = parameters.callback_url().value_or(""),
          .request_id = context.request_id,
          .trace_parent = context.trace_parent,
          .not_before = parameters.not_before()};
}

}  // namespace darkroom::http
