#include "http/upload_intake.hpp"

#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/body_reading.hpp"
#include "http/client_address.hpp"
#include "http/client_text.hpp"
#include "http/header_values.hpp"
#include "http/idempotency_key.hpp"
#include "http/limits.hpp"
#include "http/multipart_parser.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/upload.hpp"
#include "http/upload_parameters.hpp"

namespace darkroom::http {

/// What the header of an upload says about its body.
struct UploadIntake::Plan {
  std::optional<std::string> boundary;  ///< None: the body is the picture itself.
  UploadParameters parameters;
  std::string filename;  ///< Of a raw body.
  std::optional<std::string> idempotency_key = {};
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

std::string_view in_words(const actors::CreatedJob& created) {
  if (created.replayed) return "upload repeated, its job is there";
  return created.job.reused_from ? "job created with results that are there" : "job created";
}

void log_outcome(const httplib::Request& request,
                 const tl::expected<actors::CreatedJob, Problem>& outcome, std::uint64_t received,
                 std::chrono::milliseconds took) {
  if (outcome) {
    const jobs::Job& job = outcome->job;
    const jobs::Original& original = job.original;
    spdlog::info("{}: {} {}x{}, client {} job={} preset={} bytes={} ms={}{}", in_words(*outcome),
                 original.format, original.width, original.height, client_of(request),
                 job.id.to_string(), job.preset.empty() ? "-" : job.preset, original.bytes,
                 took.count(), pairs_of(request));
    return;
  }
  const ProblemKind& kind = kind_of(outcome.error().code);
  spdlog::log(kind.status >= 500 ? spdlog::level::warn : spdlog::level::info,
              "upload refused, {}: {} ({} bytes read, {} ms, client {}){}", kind.name,
              quoted_text(outcome.error().detail, 400), received, took.count(), client_of(request),
              pairs_of(request));
}

}  // namespace

tl::expected<actors::CreatedJob, Problem> UploadIntake::receive(const httplib::Request& request,
                                                                MessageBody& body,
                                                                const UploadRules& rules) const {
  const auto started = std::chrono::steady_clock::now();
  std::uint64_t received = 0;
  auto outcome = receive(request, body, rules, received);
  log_outcome(request, outcome, received,
              std::chrono::duration_cast<std::chrono::milliseconds>(
                  std::chrono::steady_clock::now() - started));
  return outcome;
}

tl::expected<UploadIntake::Plan, Problem> UploadIntake::plan(const httplib::Request& request,
                                                             const UploadRules& rules) const {
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
  } else if (!rules.raw_body && may_be_without_file(request, type)) {
    return refused(ProblemCode::no_file,
                   fmt::format("There is no file; send multipart/form-data with the picture as the "
                               "field '{}'.",
                               rules.file_field));
  } else {
    return refused(
        ProblemCode::unsupported_media_type,
        fmt::format("The Content-Type is {}; send multipart/form-data with the picture "
                    "as the field '{}'{}.",
                    quoted_text(request.get_header_value("Content-Type")), rules.file_field,
                    rules.raw_body ? ", or the picture as the body with image/*" : ""));
  }
  const std::uint64_t limit = max_upload_bytes_ + (form ? limits::form_overhead_bytes : 0);
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
  // The form may still name another preset.
  const bool may_change = plan.boundary && !choice.is_made();
  if (!admitted && may_change && admitted.error().code == ProblemCode::unknown_preset) return {};
  return admitted;
}

tl::expected<actors::CreatedJob, Problem> UploadIntake::receive(const httplib::Request& request,
                                                                MessageBody& body,
                                                                const UploadRules& rules,
                                                                std::uint64_t& received) const {
  auto planned = plan(request, rules);
  if (!planned) return tl::unexpected{planned.error()};
  const auto slot = slots_.take();
  if (!slot) {
    return refused(ProblemCode::too_many_uploads,
                   "As many uploads are being received as the service takes at once; send this one "
                   "again in a moment.");
  }
  const std::string& tenant = context_of(request).caller.tenant;
  // Keys are each tenant's own, whose name has no line feed.
  const auto claim = planned->idempotency_key
                         ? claims_.claim(tenant + '\n' + *planned->idempotency_key)
                         : std::nullopt;
  if (planned->idempotency_key && !claim) {
    return refused(ProblemCode::idempotency_key_in_use,
                   "An upload with this idempotency key is under way; send this one again when "
                   "that one has been answered.");
  }
  if (const auto admitted = admit(*planned); !admitted) return tl::unexpected{admitted.error()};
  Upload upload{services_, max_upload_bytes_, store_log_};
  if (const auto opened = upload.open(); !opened) return tl::unexpected{opened.error()};
  Checked done;
  if (planned->boundary) {
    done = receive_form(body, rules, *planned, upload, received);
  } else {
    upload.begin(planned->filename);
    done = read_body(body, received, [&](std::string_view bytes) { return upload.append(bytes); });
  }
  if (!done) return tl::unexpected{done.error()};
  return upload.create(planned->parameters, planned->idempotency_key, context_of(request), rules);
}

Checked UploadIntake::receive_form(MessageBody& body, const UploadRules& rules, Plan& plan,
                                   Upload& upload, std::uint64_t& received) const {
  UploadForm form{upload, plan.parameters, rules};
  MultipartParser parser{*plan.boundary, form};
  const std::uint64_t limit = max_upload_bytes_ + limits::form_overhead_bytes;
  auto done = read_body(body, received, [&](std::string_view bytes) -> Checked {
    if (received <= limit) return parser.feed(bytes);
    return refused(ProblemCode::too_many_bytes,
                   fmt::format("The body has more than the {} bytes that are allowed.", limit));
  });
  if (done) done = parser.finish();
  if (done && !upload.has_file()) return tl::unexpected{form.no_file()};
  return done;
}

}  // namespace darkroom::http
