#include "http/dialect_django.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/job_answers.hpp"
#include "http/job_files.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using httplib::Request;
using httplib::Response;

constexpr std::string_view field = "original_image";
constexpr UploadRules rules{
    .file_field = field, .raw_body = false, .named_file = true, .public_name = true};

constexpr std::string_view originals = "/media/originals/";
constexpr std::string_view thumbnails = "/media/thumbnails/";
constexpr std::string_view thumbnail_prefix = "thumbnail-";

// It knows no other states.
std::string_view word_for(jobs::JobStatus status) {
  switch (status) {
    case jobs::JobStatus::pending:
    case jobs::JobStatus::processing:
    case jobs::JobStatus::retrying:
      return "pending";
    case jobs::JobStatus::completed:
      return "completed";
    case jobs::JobStatus::failed:
    case jobs::JobStatus::cancelled:
      return "failed";
  }
  return "failed";
}

std::string detail(std::string_view text) {
  json::JsonWriter json;
  json.member("detail", text);
  return json.finish() + "\n";
}

/// What is wrong with the field, in the words of the framework where it has any; empty where the
/// problem is another one.
std::string_view field_error(const Problem& problem) {
  switch (problem.code) {
    case ProblemCode::no_file:
      return "No file was submitted.";
    case ProblemCode::not_a_file:
      return "The submitted data was not a file. Check the encoding type on the form.";
    case ProblemCode::empty_file:
      return "The submitted file is empty.";
    case ProblemCode::not_an_image:
    case ProblemCode::unsupported_format:
    case ProblemCode::corrupt_image:
      return "Upload a valid image. The file you uploaded was either not an image or a corrupted "
             "image.";
    case ProblemCode::too_many_pixels:
    case ProblemCode::too_wide_or_high:
    case ProblemCode::too_many_frames:
    case ProblemCode::too_much_memory:
      return problem.detail;
    default:
      return {};
  }
}

std::string other_error(const Request& request, const Problem& problem) {
  switch (problem.code) {
    case ProblemCode::unknown_job:
    case ProblemCode::unknown_file:
      return detail("Not found.");
    case ProblemCode::method_not_allowed:
      return detail(fmt::format("Method \"{}\" not allowed.", request.method));
    case ProblemCode::unsupported_media_type:
      return detail(fmt::format("Unsupported media type \"{}\" in request.",
                                request.get_header_value("Content-Type")));
    default:
      return detail(problem.detail);
  }
}

void refuse(const Request& request, Response& response, const Problem& problem) {
  if (const std::string_view error = field_error(problem); !error.empty()) {
    json::JsonWriter json;
    json.texts(field, {error});
    return answer_refusal(response, problem, 400, json.finish() + "\n");
  }
  answer_refusal(response, problem, kind_of(problem.code).status, other_error(request, problem));
}

std::string_view extension_of(std::string_view name) {
  return name.substr(std::min(name.rfind('.'), name.size()));
}

std::string original_name(const jobs::Job& job, bool by_id) {
  if (!by_id && !job.public_name.empty()) return job.public_name;
  return fmt::format("{}{}", job.id.to_string(), extension_of(job.original.blob_key));
}

std::string thumbnail_name(const jobs::Job& job, const jobs::Rendition& rendition) {
  std::string digits = job.id.to_string();
  std::erase(digits, '-');
  return fmt::format("{}{}.{}", thumbnail_prefix, digits, jobs::extension(rendition.spec.format));
}

/// The id of 32 digits, as it stands in the name of a thumbnail, with the hyphens that it has
/// elsewhere.
std::string hyphenated(std::string_view digits) {
  constexpr std::size_t all = 32;
  if (digits.size() != all) return {};
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

/// With six digits behind the second, as Python writes it.
std::string python_time(jobs::Timestamp time) {
  std::string text = jobs::to_rfc3339(time);
  text.insert(text.size() - 1, "000");
  return text;
}

std::optional<std::string> thumbnail_address(const jobs::Job& job, const ViewOptions& options) {
  const auto* rendition = first_rendition(job, jobs::Operation::thumbnail);
  if (rendition == nullptr || job.status != jobs::JobStatus::completed) return std::nullopt;
  return address_of(std::string{thumbnails} + thumbnail_name(job, *rendition), options);
}

std::optional<std::string> error_of(const jobs::Job& job) {
  if (job.status == jobs::JobStatus::failed) return job.error_message;
  if (job.status == jobs::JobStatus::cancelled) return job.error_message.value_or("Cancelled.");
  return std::nullopt;
}

}  // namespace

std::string django_view(const jobs::Job& job, ViewOptions options) {
  options.base_url.clear();
  const bool by_id = options.signer.has_value();
  json::JsonWriter json;
  json.member("id", job.id.to_string());
  json.member("status", word_for(job.status));
  json.member("original_image",
              address_of(std::string{originals} + original_name(job, by_id), options));
  json.member("resized_image", thumbnail_address(job, options));
  json.member("error_message", error_of(job));
  json.member("created_at", python_time(job.created_at));
  return json.finish() + "\n";
}

void DjangoDialect::add_to(Router& router) const {
  router.add_with_body("POST", "/jobs/", Scope::write,
                       [this](const Request& request, Response& response, const std::string&,
                              MessageBody& body) { post(request, response, body); },
                       {.form = refuse, .takes_upload = true, .logs_refusals = true});
  router.add("GET", "/jobs/{id}/", Scope::read,
             [this](const Request& request, Response& response, const std::string& id) {
               get(request, response, id);
             },
             {.form = refuse});
  router.add("GET", "/jobs/{id}", Scope::read,
             [](const Request& request, Response& response, const std::string&) {
               response.set_redirect(request.path + "/", 301);
             },
             {.form = refuse});
  router.add("GET", "/media/originals/{name}", Scope::read,
             [this](const Request& request, Response& response, const std::string& name) {
               const auto sent = send_original(request, response, name);
               if (!sent) refuse(request, response, sent.error());
             },
             {.form = refuse, .takes_signature = true});
  router.add("GET", "/media/thumbnails/{name}", Scope::read,
             [this](const Request& request, Response& response, const std::string& name) {
               const auto sent = send_thumbnail(request, response, name);
               if (!sent) refuse(request, response, sent.error());
             },
             {.form = refuse, .takes_signature = true});
}

void DjangoDialect::post(const Request& request, Response& response, MessageBody& body) const {
  const auto created = intake_.receive(request, body, rules);
  if (!created) return refuse(request, response, created.error());
  const auto view = urls_.view();
  if (!view) return refuse(request, response, view.error());
  answer_json(response, created->replayed ? 200 : 201, django_view(created->job, *view));
}

void DjangoDialect::get(const Request& request, Response& response, const std::string& id) const {
  const auto job = find_job(services_.jobs, context_of(request).caller, id);
  if (!job) return refuse(request, response, job.error());
  const auto view = urls_.view();
  if (!view) return refuse(request, response, view.error());
  answer_json(response, 200, django_view(*job, *view));
}

tl::expected<jobs::Job, Problem> DjangoDialect::find_original(const Request& request,
                                                              const std::string& name) const {
  // Whoever has a signed address has it by its id.
  if (!persistence::ClientUrls::is_signed(request.params)) {
    auto page = services_.jobs.find(
        {.filter = {.tenant = context_of(request).caller.tenant, .public_name = name}, .limit = 1});
    if (!page) return tl::unexpected{to_problem(page.error())};
    if (!page->jobs.empty()) return std::move(page->jobs.front());
  }
  return find_job(services_.jobs, context_of(request).caller, name.substr(0, name.find('.')));
}

tl::expected<void, Problem> DjangoDialect::send_original(const Request& request, Response& response,
                                                         const std::string& name) const {
  const auto good = urls_.check(request, urls_.only_signed());
  if (!good) return tl::unexpected{good.error()};
  const auto job = find_original(request, name);
  if (!job) return tl::unexpected{job.error()};
  const auto file = find_file(*job, "original");
  if (!file) return tl::unexpected{file.error()};
  answer_job_file(request, response, services_.blobs, *file, ask_each_time);
  return {};
}

tl::expected<void, Problem> DjangoDialect::send_thumbnail(const Request& request,
                                                          Response& response,
                                                          const std::string& name) const {
  const auto good = urls_.check(request, urls_.only_signed());
  if (!good) return tl::unexpected{good.error()};
  const std::string_view digits =
      std::string_view{name}.substr(std::min(thumbnail_prefix.size(), name.size()));
  const auto job = find_job(services_.jobs, context_of(request).caller,
                            hyphenated(digits.substr(0, digits.find('.'))));
  if (!job) return tl::unexpected{job.error()};
  const auto* rendition = first_rendition(*job, jobs::Operation::thumbnail);
  if (rendition == nullptr || thumbnail_name(*job, *rendition) != name) {
    return tl::unexpected{Problem{ProblemCode::unknown_file, "The job has no such file."}};
  }
  const auto file = find_file(*job, rendition->spec.name);
  if (!file) return tl::unexpected{file.error()};
  answer_job_file(request, response, services_.blobs, *file, ask_each_time);
  return {};
}

}  // namespace darkroom::http
