#include "http/upload_intake.hpp"

#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/batch_upload.hpp"
#include "http/body_reading.hpp"
#include "http/client_text.hpp"
#include "http/header_values.hpp"
#include "http/idempotency_key.hpp"
#include "http/limits.hpp"
#include "http/multipart_parser.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/single_file.hpp"
#include "http/source_upload.hpp"
#include "http/upload.hpp"
#include "http/upload_log.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// What the header of an upload says about its body.
struct UploadIntake::Plan {
  /// None: the body is the picture itself, or says where it is.
  std::optional<std::string> boundary;
  UploadParameters parameters;
  std::string filename;  ///< Of a raw body.
  std::optional<std::string> idempotency_key = {};
  bool names_source = false;  ///< The body is JSON that says where the picture is.
};

namespace {

using Checked = tl::expected<void, Problem>;

tl::unexpected<Problem> refused(ProblemCode code, std::string detail) {
  return tl::unexpected{Problem{code, std::move(detail)}};
}

// Compressed uploads are refused: a small body could unpack to any size.
Checked check_content_encoding(const httplib::Request& request) {
  const auto [first, last] = request.headers.equal_range("Content-Encoding");
  for (auto field = first; field != last; ++field) {
    if (equals_ignoring_case(field->second, "identity")) continue;
    return refused(ProblemCode::unsupported_media_type,
                   fmt::format("Content-Encoding {} is not taken; send the file as it is.",
                               quoted_text(field->second, 40)));
  }
  return {};
}

Checked check_length(const httplib::Request& request, std::uint64_t limit) {
  const std::string text = request.get_header_value("Content-Length");
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  if (length <= limit) return {};
  return refused(ProblemCode::too_many_bytes,
                 fmt::format("The body has {} bytes; {} are allowed.", length, limit));
}

Checked take_query(const httplib::Request& request, UploadParameters& parameters) {
  for (const auto& [name, value] : request.params) {
    if (!UploadParameters::knows(name)) continue;
    if (auto taken = parameters.take(name, value); !taken) return taken;
  }
  return {};
}

tl::expected<std::string, Problem> boundary_of(const ParameterizedValue& type) {
  const auto boundary = type.parameters.find("boundary");
  if (boundary == type.parameters.end() || boundary->second.empty() ||
      boundary->second.size() > limits::boundary_bytes) {
    return refused(
        ProblemCode::malformed_multipart,
        fmt::format("Content-Type must give the boundary of the form, 1 to {} bytes. Let "
                    "the HTTP client make this header; do not set it by hand.",
                    limits::boundary_bytes));
  }
  return boundary->second;
}

std::string raw_filename(const httplib::Request& request) {
  if (request.has_param("filename")) return request.get_param_value("filename");
  const auto disposition = parse_parameterized(request.get_header_value("Content-Disposition"));
  return disposition ? filename_of(*disposition).value_or("") : std::string{};
}

// Bodies of other kinds that frameworks read as well, and find no file in.
bool may_be_without_file(const httplib::Request& request,
                         const std::optional<ParameterizedValue>& type) {
  if (!request.has_header("Content-Type")) return true;
  return type &&
         (type->value == "application/x-www-form-urlencoded" || type->value == "application/json");
}

/// Passes on what comes of an upload, and logs it.
template <class Receive>
auto logged(const httplib::Request& request, const Receive& receive) {
  const auto started = std::chrono::steady_clock::now();
  std::uint64_t received = 0;
  auto outcome = receive(received);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - started);
  if (outcome) {
    log_upload(request, *outcome, took);
  } else {
    log_refused_upload(request, outcome.error(), received, took);
  }
  return outcome;
}

constexpr UploadRules batch_rules{
    .file_field = "file", .also_file_field = "files", .raw_body = false};

}  // namespace

tl::expected<actors::CreatedJob, Problem> UploadIntake::receive(const httplib::Request& request,
                                                                MessageBody& body,
                                                                const UploadRules& rules) const {
  return logged(request,
                [&](std::uint64_t& received) { return receive(request, body, rules, received); });
}

tl::expected<actors::CreatedBatch, Problem> UploadIntake::receive_batch(
    const httplib::Request& request, MessageBody& body) const {
  return logged(request,
                [&](std::uint64_t& received) { return receive_batch(request, body, received); });
}

tl::expected<UploadIntake::Plan, Problem> UploadIntake::plan(const httplib::Request& request,
                                                             const UploadRules& rules,
                                                             std::uint64_t most_bytes) const {
  // Without the addresses of its files a job could not be shown to whom it is made for.
  if (const auto view = urls_.view(); !view) return tl::unexpected{view.error()};
  if (const Checked checked = check_content_encoding(request); !checked) {
    return tl::unexpected{checked.error()};
  }
  Plan plan{.boundary = {}, .parameters = UploadParameters{services_}, .filename = {}};
  const auto type = parse_parameterized(request.get_header_value("Content-Type"));
  const bool form = type && type->value == "multipart/form-data";
  if (form) {
    auto boundary = boundary_of(*type);
    if (!boundary) return tl::unexpected{boundary.error()};
    plan.boundary = std::move(*boundary);
  } else if (rules.raw_body && type && type->value.starts_with("image/")) {
    plan.filename = raw_filename(request);
  } else if (rules.source_url && type && type->value == "application/json") {
    if (!services_.read_source) {
      return refused(ProblemCode::source_urls_disabled,
                     "This service fetches no pictures from URLs (source.enabled); send the file.");
    }
    plan.names_source = true;
  } else if (!rules.raw_body && may_be_without_file(request, type)) {
    return refused(ProblemCode::no_file,
                   fmt::format("There is no file; send multipart/form-data with the picture as the "
                               "field '{}'.",
                               rules.file_field));
  } else {
    return refused(
        ProblemCode::unsupported_media_type,
        fmt::format("The Content-Type is {}; send multipart/form-data with the picture "
                    "as the field '{}'{}{}.",
                    quoted_text(request.get_header_value("Content-Type")), rules.file_field,
                    rules.raw_body ? ", or the picture as the body with image/*" : "",
                    rules.source_url && services_.read_source
                        ? ", or application/json with 'source_url'"
                        : ""));
  }
  const std::uint64_t limit = plan.names_source
                                  ? limits::source_request_bytes
                                  : most_bytes + (form ? limits::form_overhead_bytes : 0);
  if (const Checked checked = check_length(request, limit); !checked) {
    return tl::unexpected{checked.error()};
  }
  if (const Checked taken = take_query(request, plan.parameters); !taken) {
    return tl::unexpected{taken.error()};
  }
  auto key = idempotency_key_of(request);
  if (!key) return tl::unexpected{std::move(key.error())};
  if (*key) plan.parameters.may_be_a_repetition();
  plan.idempotency_key = std::move(*key);
  return plan;
}

tl::expected<void, Problem> UploadIntake::admit(const Plan& plan) const {
  const RenditionChoice& choice = plan.parameters.choice();
  auto admitted = choice.admit();
  // The body may still name another preset.
  const bool may_change = (plan.boundary || plan.names_source) && !choice.is_made();
  if (!admitted && may_change && admitted.error().code == ProblemCode::unknown_preset) return {};
  return admitted;
}

tl::expected<UploadIntake::Turn, Problem> UploadIntake::take_turn(const httplib::Request& request,
                                                                  const Plan& plan) const {
  Turn turn{.slot = slots_.take(), .claim = std::nullopt};
  if (!turn.slot) {
    return refused(ProblemCode::too_many_uploads,
                   "As many uploads are being received as the service takes at once; send this one "
                   "again in a moment.");
  }
  if (plan.idempotency_key) {
    // Keys are each tenant's own, whose name has no line feed.
    auto claim = claims_.claim(context_of(request).caller.tenant + '\n' + *plan.idempotency_key);
    if (!claim) {
      return refused(ProblemCode::idempotency_key_in_use,
                     "An upload with this idempotency key is under way; send this one again when "
                     "that one has been answered.");
    }
    turn.claim.emplace(std::move(*claim));
  }
  if (const auto admitted = admit(plan); !admitted) return tl::unexpected{admitted.error()};
  return turn;
}

tl::expected<actors::CreatedJob, Problem> UploadIntake::receive(const httplib::Request& request,
                                                                MessageBody& body,
                                                                const UploadRules& rules,
                                                                std::uint64_t& received) const {
  auto planned = plan(request, rules, max_upload_bytes_);
  if (!planned) return tl::unexpected{planned.error()};
  const auto turn = take_turn(request, *planned);
  if (!turn) return tl::unexpected{turn.error()};
  if (planned->names_source) {
    return receive_source(body, *planned, context_of(request), received);
  }
  Upload upload{services_, max_upload_bytes_, store_log_};
  if (const auto opened = upload.open(); !opened) return tl::unexpected{opened.error()};
  Checked done;
  if (planned->boundary) {
    SingleFile files{upload, rules.file_field};
    const Bounds bounds{.bytes = max_upload_bytes_, .parts = limits::form_parts};
    done = receive_form(body, rules, *planned, files, bounds, received);
  } else {
    upload.begin(planned->filename);
    done = read_body(body, received, [&](std::string_view bytes) { return upload.append(bytes); });
  }
  if (!done) return tl::unexpected{done.error()};
  return upload.create(planned->parameters, planned->idempotency_key, context_of(request), rules);
}

tl::expected<actors::CreatedBatch, Problem> UploadIntake::receive_batch(
    const httplib::Request& request, MessageBody& body, std::uint64_t& received) const {
  auto planned = plan(request, batch_rules, max_batch_bytes_);
  if (!planned) return tl::unexpected{planned.error()};
  const auto turn = take_turn(request, *planned);
  if (!turn) return tl::unexpected{turn.error()};
  BatchUpload batch{
      services_, {.files = max_batch_files_, .bytes_of_file = max_upload_bytes_}, store_log_};
  if (const auto opened = batch.open(); !opened) return tl::unexpected{opened.error()};
  const Bounds bounds{.bytes = max_batch_bytes_, .parts = max_batch_files_ + limits::form_parts};
  if (auto done = receive_form(body, batch_rules, *planned, batch, bounds, received); !done) {
    return tl::unexpected{done.error()};
  }
  return batch.create(planned->parameters, planned->idempotency_key, context_of(request));
}

tl::expected<actors::CreatedJob, Problem> UploadIntake::receive_source(
    MessageBody& body, Plan& plan, const RequestContext& context, std::uint64_t& received) const {
  std::string json;
  const auto read = read_body(body, received, [&](std::string_view bytes) -> Checked {
    if (received > limits::source_request_bytes) {
      return refused(ProblemCode::too_many_bytes,
                     fmt::format("The body has more than the {} bytes that are allowed.",
                                 limits::source_request_bytes));
    }
    json.append(bytes);
    return {};
  });
  if (!read) return tl::unexpected{read.error()};
  SourceUpload upload{services_, plan.parameters};
  if (const auto taken = upload.read(json); !taken) return tl::unexpected{taken.error()};
  if (const auto admitted = plan.parameters.choice().admit(); !admitted) {
    return tl::unexpected{admitted.error()};
  }
  return upload.create(plan.idempotency_key, context);
}

Checked UploadIntake::receive_form(MessageBody& body, const UploadRules& rules, Plan& plan,
                                   FormFiles& files, const Bounds& bounds,
                                   std::uint64_t& received) {
  UploadForm form{files, plan.parameters, rules};
  MultipartParser parser{*plan.boundary, form, bounds.parts};
  const std::uint64_t limit = bounds.bytes + limits::form_overhead_bytes;
  auto done = read_body(body, received, [&](std::string_view bytes) -> Checked {
    if (received <= limit) return parser.feed(bytes);
    return refused(ProblemCode::too_many_bytes,
                   fmt::format("The body has more than the {} bytes that are allowed.", limit));
  });
  if (done) done = parser.finish();
  if (done && !files.has_file()) return tl::unexpected{form.no_file()};
  return done;
}

}  // namespace darkroom::http
