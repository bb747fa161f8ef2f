#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json_writer.hpp"

namespace darkroom::http {

/// Every way in which a request can be refused. The names, and the status that goes with each, are
/// part of the API; the table is in problem.cpp.
enum class ProblemCode : std::uint8_t {
  no_file,
  empty_file,
  not_a_file,
  malformed_multipart,
  malformed_request,
  invalid_renditions,
  invalid_parameter,
  invalid_cursor,
  unauthorized,
  cross_site,
  bad_signature,
  url_expired,
  forbidden_scope,
  callbacks_disabled,
  source_urls_disabled,
  unknown_job,
  unknown_batch,
  unknown_file,
  unknown_worker,
  unknown_key,
  unknown_delivery,
  unknown_route,
  method_not_allowed,
  request_timeout,
  too_slow,
  wrong_state,
  idempotency_key_in_use,
  backup_running,
  length_required,
  precondition_failed,
  too_many_bytes,
  too_many_files,
  uri_too_long,
  not_an_image,
  unsupported_format,
  unsupported_media_type,
  range_not_satisfiable,
  wrong_host,
  corrupt_image,
  too_many_pixels,
  too_wide_or_high,
  too_many_frames,
  too_much_memory,
  unknown_preset,
  unknown_queue,
  idempotency_key_reused,
  digest_mismatch,
  rate_limited,
  headers_too_large,
  internal,
  unknown_method,
  queue_full,
  store_failed,
  unavailable,
  too_many_connections,
  too_many_uploads,
  too_many_streams,
  not_ready,
  unsupported_version,
  store_full,
};

/// What all problems of one code have in common.
struct ProblemKind {
  std::string_view name;  ///< The machine code: "too_many_bytes".
  int status;
  std::string_view title;
  int retry_after_seconds;  ///< 0: sending the same again will not help.
  std::string explanation;

  [[nodiscard]] bool retryable() const { return retry_after_seconds > 0; }
};

/// One refusal.
struct Problem {
  ProblemCode code = ProblemCode::internal;
  std::string detail;  ///< A sentence that says what is wrong and what to do; valid UTF-8.
  /// Further header fields of the answer, such as Allow.
  std::vector<std::pair<std::string, std::string>> headers = {};
};

[[nodiscard]] const ProblemKind& kind_of(ProblemCode code);

/// The URI reference that names the code in `type`: "/problems/too-many-bytes". It is also a route
/// that explains it.
[[nodiscard]] std::string problem_type(ProblemCode code);

/// The code for the last segment of its type, "too-many-bytes".
[[nodiscard]] std::optional<ProblemCode> find_problem(std::string_view slug);

/// The problem details of RFC 9457, with our members `code` and `retryable`.
[[nodiscard]] std::string to_json(const Problem& problem);

/// The same, with what `write_more` adds to it: extension members of RFC 9457, section 3.2.
[[nodiscard]] std::string to_json(const Problem& problem,
                                  const std::function<void(json::JsonWriter&)>& write_more);

/// A whole HTTP/1.1 answer that ends the connection, for requests that are refused before there is
/// anything to route.
[[nodiscard]] std::string to_response(const Problem& problem);

}  // namespace darkroom::http
