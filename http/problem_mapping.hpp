#pragma once

#include "actors/job_service.hpp"
#include "http/message_body.hpp"
#include "http/problem.hpp"
#include "imaging/error.hpp"
#include "persistence/error.hpp"
#include "persistence/url_refusal.hpp"

namespace darkroom::http {

/// What the errors of the parts below mean to a client.
[[nodiscard]] Problem to_problem(const actors::ServiceError& error);
[[nodiscard]] Problem to_problem(const imaging::Error& error);
[[nodiscard]] Problem to_problem(BodyError error);
[[nodiscard]] Problem to_problem(persistence::UrlRefusal refusal);

/// A store that does not work, or is full. Its text names files and is for the operator: it is not
/// passed on, the caller logs it. That a blob is not there is no error of the store; callers that
/// open one look for that first.
[[nodiscard]] Problem to_problem(const persistence::StoreError& error);

}  // namespace darkroom::http
