#include "http/problem.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

#include "http/limits.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {
namespace {

// In the order of ProblemCode.
using Kinds = std::vector<ProblemKind>;

Kinds kinds_up_to_416() {
  return {
      {"no_file", 400, "No file was sent", 0,
       "Send the picture as the multipart/form-data field 'file', or as the whole body with a "
       "Content-Type of image/*."},
      {"empty_file", 400, "The file is empty", 0,
       "The file that was sent has no bytes. Check that it was read to its end before sending."},
      {"not_a_file", 400, "The field is no file", 0,
       "The field of the form that is to be the picture has no file name, so it is a text. Check "
       "how the client makes its form."},
      {"malformed_multipart", 400, "The form cannot be read", 0,
       "The body is not the multipart/form-data that its Content-Type announces (RFC 7578), was "
       "cut off, or holds more than this service takes."},
      {"malformed_request", 400, "The request cannot be read", 0,
       "The request breaks HTTP/1.1 (RFC 9110, RFC 9112) or gives a parameter that makes no "
       "sense."},
      {"invalid_renditions", 400, "The renditions cannot be made", 0,
       "The parameter 'renditions' is not a JSON array of renditions that this service can make."},
      {"invalid_parameter", 400, "A parameter cannot be taken", 0,
       "A parameter of the request, or its header Idempotency-Key, has a value that this service "
       "does not take. The detail says which, and what it takes."},
      {"invalid_cursor", 400, "The cursor is of another listing", 0,
       "A cursor goes on with the listing that it came from, with the same filters. Take it from "
       "the page before, or begin anew without one."},
      {"unauthorized", 401, "An API key is needed", 0,
       "The service has API keys, and the request shows none, or none that is good: it is unknown "
       "here, was mistyped or was revoked. Send it as Authorization: Bearer KEY or X-API-Key: "
       "KEY."},
      {"cross_site", 403, "Sent by a foreign page", 0,
       "A web page of another origin made the browser send this request. Only pages of the "
       "service's own origin, and programs, may change anything."},
      {"bad_signature", 403, "The address is not signed for this", 0,
       "The address of the file is not signed, where it must be, or by a signature that this "
       "service "
       "has not given out for it. Take the addresses of files from the job."},
      {"url_expired", 403, "The address has expired", 0,
       "The signed address was good until a while ago. Take a new one from the job."},
      {"forbidden_scope", 403, "The API key does not allow this", 0,
       "The API key is good, and its scope too small: read is to see jobs and files, write to "
       "make, "
       "change and remove them, admin for all the rest."},
      {"callbacks_disabled", 403, "No webhooks are sent", 0,
       "The upload names a callback_url, and this service sends no webhooks: its operator has set "
       "no webhook.secret to sign them by."},
      {"source_urls_disabled", 403, "Pictures are not fetched from URLs", 0,
       "The operator of this service has not switched it on that pictures are fetched from URLs "
       "(source.enabled). Send the file itself."},
      {"unknown_job", 404, "No such job", 0,
       "There is no job of this id: it never was, it was deleted, or its time to live is over."},
      {"unknown_batch", 404, "No such batch", 0,
       "There is no batch of this id: it never was, or its time to live is over."},
      {"unknown_file", 404, "No such file", 0,
       "There is no file of this name: it is not made yet, it was deleted, or its time to live is "
       "over. Take the addresses of files from the job."},
      {"unknown_worker", 404, "No such worker", 0,
       "No worker and no node of that name is here. Only operators ask for one."},
      {"unknown_key", 404, "No such API key", 0,
       "There is no API key of that id. Only operators ask for one."},
      {"unknown_delivery", 404, "No such delivery", 0,
       "There is no delivery of this id about this job or batch: it never was, or it was kept long "
       "enough."},
      {"unknown_route", 404, "No such route", 0,
       "This service has nothing at this path. GET / lists what there is."},
      {"method_not_allowed", 405, "Method not allowed", 0,
       "The path exists but does not take this method. The Allow header lists those it takes."},
      {"request_timeout", 408, "The request took too long", 1,
       "The client sent nothing for too long, or the whole request took longer than is allowed. "
       "Send it again, over a better connection where that was the cause."},
      {"too_slow", 408, "The client is too slow", 1,
       "For too long the bytes of the request came more slowly than the service waits for "
       "(http.min_rate, http.rate_grace). Send it again over a better connection."},
      {"wrong_state", 409, "The job is in another state", 0,
       "What is asked for cannot be done with the job as it is: only a job that is not finished "
       "can "
       "be cancelled, and only one that has failed or was cancelled can be sent again."},
      {"idempotency_key_in_use", 409, "The idempotency key is in use", 1,
       "An upload with the same Idempotency-Key is under way. Send this one again when that one "
       "has been answered or broken off."},
      {"backup_running", 409, "A backup is under way", 10,
       "Only one backup is made at a time. For operators, on the control socket only."},
      {"length_required", 411, "Content-Length is missing", 0,
       "A file must say in its header how long it is. Between nodes only."},
      {"precondition_failed", 412, "The file is another one", 0,
       "The file is not the one that If-Match or If-Unmodified-Since asks for."},
      {"too_many_bytes", 413, "The file is too large", 0,
       "The file has more bytes than this service takes (http.max_upload)."},
      {"too_many_files", 413, "Too many files at once", 0,
       "A batch has no more files than this service takes at once (http.max_batch_files, and no "
       "more than its queue). Send the others in another batch."},
      {"uri_too_long", 414, "The request line is too long", 0,
       fmt::format("The method and target of the request are longer than {} KiB.",
                   limits::request_line_bytes / limits::kib)},
      {"not_an_image", 415, "Not an image", 0,
       "The bytes are of no image format that this service knows, whatever the file's name says."},
      {"unsupported_format", 415, "Unsupported image format", 0,
       "The file is an image, but of a kind that this service does not decode."},
      {"unsupported_media_type", 415, "Unsupported media type", 0,
       "An upload is multipart/form-data or image/*, and is not compressed by Content-Encoding."},
      {"range_not_satisfiable", 416, "Range not satisfiable", 0,
       "The range asked for starts behind the end of the file. Content-Range says how long it is."},
  };
}

Kinds kinds_from_421() {
  return {
      {"wrong_host", 421, "Wrong name of the service", 0,
       "The Host header names another service. Use the address that this one listens on, or let "
       "its operator add the name to http.allowed_hosts."},
      {"corrupt_image", 422, "The image is damaged", 0,
       "The file starts like an image, but its header is damaged or cut off."},
      {"too_many_pixels", 422, "The image has too many pixels", 0,
       "Width times height is more than this service takes."},
      {"too_wide_or_high", 422, "The image is too wide or too high", 0,
       "One side of the image is longer than this service takes."},
      {"too_many_frames", 422, "The animation has too many frames", 0,
       "The animation is longer than this service takes. Send its first frame alone; no other is "
       "rendered."},
      {"too_much_memory", 422, "The image takes too much memory", 0,
       "Making the renditions of this image would take more memory than one image may have "
       "(imaging.max_memory). Ask for smaller renditions, or send a smaller image."},
      {"unknown_preset", 422, "No such preset", 0,
       "The preset that was asked for is not in the configuration of this service."},
      {"unknown_queue", 422, "No such queue", 0,
       "The queue that was asked for is not in the configuration of this service."},
      {"idempotency_key_reused", 422, "The idempotency key is another upload's", 0,
       "Another upload came with this Idempotency-Key before: another file, or with other "
       "parameters. Take a new key for a new upload."},
      {"digest_mismatch", 422, "The file is not what its digest says", 0,
       "The SHA-256 of the bytes that came is not that of Content-Digest (RFC 9530). Nothing was "
       "kept. Between nodes only."},
      {"rate_limited", 429, "Too many requests", 1,
       "The client has sent more requests or uploads than it may in a while (limits.requests, "
       "limits.uploads, limits.window). Retry-After says in how many seconds the next one is "
       "taken."},
      {"headers_too_large", 431, "The header is too large", 0,
       fmt::format("The header of the request is larger than {} KiB or has more than {} fields.",
                   limits::head_bytes / limits::kib, limits::fields)},
      {"internal", 500, "Internal error", 0,
       "The service made a mistake. Its log says which; please report it."},
      {"unknown_method", 501, "Unknown method", 0,
       "The request's method is none that HTTP defines."},
      {"queue_full", 503, "The queue is full", 5,
       "Too many jobs wait to be worked on. Send the upload again later."},
      {"store_failed", 503, "The store does not work", 5,
       "The service cannot write to or read from its disk now. Nothing was acknowledged."},
      {"unavailable", 503, "Temporarily unavailable", 2,
       "A part of the service is restarting or did not answer in time."},
      {"too_many_connections", 503, "Too many connections", 1,
       "The service has as many connections open as it takes (http.max_connections)."},
      {"too_many_uploads", 503, "Too many uploads", 1,
       "The service receives as many uploads at once as it takes (http.max_uploads). Send this one "
       "again in a moment."},
      {"too_many_streams", 503, "Too many listeners", 5,
       "As many clients follow events, or wait for the end of a job, as the service takes "
       "(http.max_streams). Come again in a while, or ask for the job instead."},
      {"not_ready", 503, "Not ready", 2,
       "The service cannot work on jobs now: its store cannot be written, no worker has joined, or "
       "a part of it is restarting."},
      {"unsupported_version", 505, "HTTP version not supported", 0,
       "This service speaks HTTP/1.1."},
      {"store_full", 507, "The disk is full", 30,
       "There is no room for the upload. Nothing was acknowledged; send it again when the operator "
       "has made room."},
  };
}

const Kinds& kinds() {
  static const Kinds table = [] {
    Kinds all = kinds_up_to_416();
    const Kinds rest = kinds_from_421();
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }();
  return table;
}

std::string slug_of(const ProblemKind& kind) {
  std::string slug{kind.name};
  std::replace(slug.begin(), slug.end(), '_', '-');
  return slug;
}

}  // namespace

const ProblemKind& kind_of(ProblemCode code) {
  return kinds().at(static_cast<std::size_t>(code));
}

std::string problem_type(ProblemCode code) {
  return "/problems/" + slug_of(kind_of(code));
}

std::optional<ProblemCode> find_problem(std::string_view slug) {
  const auto found = std::find_if(kinds().begin(), kinds().end(), [slug](const ProblemKind& kind) {
    return slug_of(kind) == slug;
  });
  if (found == kinds().end()) return std::nullopt;
  return static_cast<ProblemCode>(std::distance(kinds().begin(), found));
}

std::string to_json(const Problem& problem) {
  return to_json(problem, [](json::JsonWriter&) {});
}

std::string to_json(const Problem& problem,
                    const std::function<void(json::JsonWriter&)>& write_more) {
  const ProblemKind& kind = kind_of(problem.code);
  json::JsonWriter json;
  json.member("type", problem_type(problem.code));
  json.member("title", kind.title);
  json.member("status", kind.status);
  json.member("detail", problem.detail);
  json.member("code", kind.name);
  json.member("retryable", kind.retryable());
  write_more(json);
  return json.finish() + "\n";
}

std::string to_response(const Problem& problem) {
  const ProblemKind& kind = kind_of(problem.code);
  const std::string body = to_json(problem);
  std::string response = fmt::format(
      "HTTP/1.1 {} {}\r\n"
      "Content-Type: application/problem+json\r\n"
      "Content-Length: {}\r\n"
      "Cache-Control: no-store\r\n"
      "Connection: close\r\n"
      "Date: {}\r\n",
      kind.status, kind.title, body.size(), jobs::to_http_date(jobs::system_now()));
  if (kind.retryable()) response += fmt::format("Retry-After: {}\r\n", kind.retry_after_seconds);
  return response + "\r\n" + body;
}

}  // namespace darkroom::http
