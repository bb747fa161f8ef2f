#include "http/problem_mapping.hpp"

namespace darkroom::http {

Problem to_problem(const actors::ServiceError& error) {
  using Code = actors::ServiceErrorCode;
  switch (error.code) {
    case Code::unknown_job:
      return {ProblemCode::unknown_job, error.message};
    case Code::unknown_batch:
      return {ProblemCode::unknown_batch, error.message};
    case Code::batch_too_large:
      return {ProblemCode::too_many_files, error.message};
    case Code::unknown_preset:
      return {ProblemCode::unknown_preset, error.message};
    case Code::too_much_memory:
      return {ProblemCode::too_much_memory, error.message};
    case Code::queue_full:
      return {ProblemCode::queue_full, error.message};
    case Code::store_full:
      return {ProblemCode::store_full,
              "There is no room left for the job; nothing was kept of it."};
    case Code::store_failed:
      return {ProblemCode::store_failed, "The job store does not work now; nothing was kept."};
    case Code::unavailable:
      return {ProblemCode::unavailable, error.message};
    case Code::damaged:
      return {ProblemCode::internal,
              "The job's record is damaged and cannot be read; the service's log says more."};
    case Code::wrong_state:
      return {ProblemCode::wrong_state, error.message};
    case Code::key_reused:
      return {ProblemCode::idempotency_key_reused, error.message};
    case Code::unknown_queue:
      return {ProblemCode::unknown_queue, error.message};
    case Code::unknown_worker:  // A worker that has not joined asks for no route.
      return {ProblemCode::unknown_worker, error.message};
    case Code::unknown_delivery:
      return {ProblemCode::unknown_delivery, error.message};
    case Code::no_callbacks:
      return {ProblemCode::callbacks_disabled, error.message};
    case Code::stale_lease:
    case Code::duplicate_job:
    case Code::duplicate_worker:
    case Code::bad_report:
    case Code::bad_worker:
    case Code::out_of_reach:
    case Code::bad_request:
      break;  // Between nodes and registry; none of them answers a client's request.
  }
  return {ProblemCode::internal, "The service made a mistake; its log says more."};
}

Problem to_problem(const imaging::Error& error) {
  using Code = imaging::ErrorCode;
  switch (error.code) {
    case Code::empty:
      return {ProblemCode::empty_file, error.message};
    case Code::not_an_image:
      return {ProblemCode::not_an_image, error.message};
    case Code::unsupported:
      return {ProblemCode::unsupported_format, error.message};
    case Code::corrupt:
      return {ProblemCode::corrupt_image, error.message};
    case Code::too_many_pixels:
      return {ProblemCode::too_many_pixels, error.message};
    case Code::too_wide_or_high:
      return {ProblemCode::too_wide_or_high, error.message};
    case Code::too_many_frames:
      return {ProblemCode::too_many_frames, error.message};
    case Code::too_much_memory:
      return {ProblemCode::too_much_memory, error.message};
    case Code::out_of_memory:
      return {ProblemCode::unavailable, error.message};
    case Code::encode_failed:
      break;  // Nothing is encoded here.
  }
  return {ProblemCode::internal, "The service made a mistake; its log says more."};
}

Problem to_problem(BodyError error) {
  switch (error) {
    case BodyError::timed_out:
      return {ProblemCode::request_timeout, "The body of the request did not come in time."};
    case BodyError::too_slow:
      return {ProblemCode::too_slow,
              "The body of the request came too slowly; send it again over a better connection."};
    case BodyError::malformed:
      return {ProblemCode::malformed_request, "The chunks of the body are not well-formed."};
    case BodyError::stopped:
      return {
          ProblemCode::unavailable,
          "The service stops and could not wait for the rest of the body; send it again later."};
    case BodyError::closed:
      break;
  }
  return {ProblemCode::malformed_request, "The body of the request was cut off."};
}

Problem to_problem(persistence::UrlRefusal refusal) {
  if (refusal == persistence::UrlRefusal::expired) {
    return {ProblemCode::url_expired,
            "This address was good until a while ago; take a new one from where this one was."};
  }
  return {ProblemCode::bad_signature,
          "This address was not given out by this service for what is asked, or was changed since; "
          "take it from the job as it stands there."};
}

Problem to_problem(const persistence::StoreError& error) {
  if (error.code == persistence::StoreErrorCode::no_space) {
    return {ProblemCode::store_full, "There is no room for the file; nothing was kept of it."};
  }
  return {ProblemCode::store_failed, "The service's store of files does not work now."};
}

}  // namespace darkroom::http
