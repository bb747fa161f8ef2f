#include "http/dialect_fastapi.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/job_answers.hpp"
#include "http/job_files.hpp"
#include "http/media_names.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using httplib::Request;
using httplib::Response;

constexpr UploadRules rules{.file_field = "file", .raw_body = false, .named_file = true};

struct Output {
  std::string_view name;
  jobs::Operation operation;
};

constexpr auto outputs = std::to_array<Output>(
    {{"resized_compressed", jobs::Operation::resize}, {"thumbnail", jobs::Operation::thumbnail}});

// The states of a Celery task, and the one that such services add for progress.
std::string_view word_for(jobs::JobStatus status) {
  switch (status) {
    case jobs::JobStatus::pending:
      return "PENDING";
    case jobs::JobStatus::processing:
      return "PROGRESS";
    case jobs::JobStatus::retrying:
      return "RETRY";
    case jobs::JobStatus::completed:
      return "SUCCESS";
    case jobs::JobStatus::failed:
      return "FAILURE";
    case jobs::JobStatus::cancelled:
      return "REVOKED";
  }
  return "FAILURE";
}

std::string detail(std::string_view text) {
  json::JsonWriter json;
  json.member("detail", text);
  return json.finish() + "\n";
}

void refuse(const Request& /*request*/, Response& response, const Problem& problem) {
  switch (problem.code) {
    case ProblemCode::no_file:
      return answer_refusal(response, problem, 422,
                            R"({"detail":[{"type":"missing","loc":["body","file"],)"
                            R"("msg":"Field required","input":null}]})"
                            "\n");
    case ProblemCode::not_a_file:
      return answer_refusal(response, problem, 422,
                            R"({"detail":[{"type":"value_error","loc":["body","file"],)"
                            R"("msg":"Value error, Expected UploadFile, received: <class 'str'>",)"
                            R"("input":null}]})"
                            "\n");
    case ProblemCode::unknown_job:
    case ProblemCode::unknown_file:
      return answer_refusal(response, problem, 404, detail("Not Found"));
    case ProblemCode::method_not_allowed:
      return answer_refusal(response, problem, 405, detail("Method Not Allowed"));
    default:
      answer_refusal(response, problem, kind_of(problem.code).status, detail(problem.detail));
  }
}

std::string_view extension_of(jobs::OutputFormat format) {
  return format == jobs::OutputFormat::jpeg ? "jpeg" : jobs::extension(format);
}

/// "sample_thumbnail.jpeg"; none where the job makes no such file.
std::optional<std::string> file_name(const jobs::Job& job, const Output& output) {
  const jobs::Rendition* rendition = first_rendition(job, output.operation);
  if (rendition == nullptr) return std::nullopt;
  const std::string name = media_name(job.original.filename);
  return fmt::format("{}_{}.{}", name.empty() ? "image" : stem_of(name), output.name,
                     extension_of(rendition->spec.format));
}

}  // namespace

std::string fastapi_upload_view(const jobs::Job& job) {
  const std::string id = job.id.to_string();
  json::JsonWriter json;
  json.member("id", id);
  json.member("task_id", id);
  json.member("filename", job.original.filename);
  json.member("status_url", fmt::format("/upload/{}/status", id));
  json.member("result_url", fmt::format("/upload/{}/result", id));
  json.member("message", "File uploaded successfully. Processing started in the background.");
  return json.finish() + "\n";
}

std::string fastapi_status_view(const jobs::Job& job) {
  json::JsonWriter json;
  json.member("task_id", job.id.to_string());
  json.member("status", word_for(job.status));
  return json.finish() + "\n";
}

std::string fastapi_result_view(const jobs::Job& job, ViewOptions options) {
  options.base_url.clear();
  json::JsonWriter json;
  json.member("status", word_for(job.status));
  if (job.status != jobs::JobStatus::completed) {
    json.member("result", nullptr);
    if (is_final(job.status)) json.member("error", job.error_message.value_or("Cancelled."));
    return json.finish() + "\n";
  }
  json.object("result", [&] {
    for (const Output& output : outputs) {
      const auto name = file_name(job, output);
      json.member(
          output.name,
          name ? std::optional{address_of(
                     fmt::format("/files/processed/{}/{}", job.id.to_string(), *name), options)}
               : std::nullopt);
    }
  });
  return json.finish() + "\n";
}

void FastApiDialect::add_to(Router& router) const {
  router.add_with_body("POST", "/upload", Scope::write,
                       [this](const Request& request, Response& response, const std::string&,
                              MessageBody& body) { post(request, response, body); },
                       {.form = refuse, .takes_upload = true, .logs_refusals = true});
  router.add("GET", "/upload/{id}/status", Scope::read,
             [this](const Request& request, Response& response, const std::string& id) {
               status(request, response, id);
             },
             {.form = refuse});
  router.add("GET", "/upload/{id}/result", Scope::read,
             [this](const Request& request, Response& response, const std::string& id) {
               result(request, response, id);
             },
             {.form = refuse});
  router.add("GET", "/files/processed/{id}/{name}", Scope::read,
             [this](const Request& request, Response& response, const std::string& id_and_name) {
               const auto sent = send_file(request, response, id_and_name);
               if (!sent) refuse(request, response, sent.error());
             },
             {.form = refuse, .takes_signature = true});
}

void FastApiDialect::post(const Request& request, Response& response, MessageBody& body) const {
  const auto created = intake_.receive(request, body, rules);
  if (!created) return refuse(request, response, created.error());
  answer_json(response, 200, fastapi_upload_view(created->job));
}

void FastApiDialect::status(const Request& request, Response& response,
                            const std::string& id) const {
  const auto job = find_job(services_.jobs, context_of(request).caller, id);
  if (!job) return refuse(request, response, job.error());
  answer_json(response, 200, fastapi_status_view(*job));
}

void FastApiDialect::result(const Request& request, Response& response,
                            const std::string& id) const {
  const auto job = find_job(services_.jobs, context_of(request).caller, id);
  if (!job) return refuse(request, response, job.error());
  const auto view = urls_.view();
  if (!view) return refuse(request, response, view.error());
  answer_json(response, 200, fastapi_result_view(*job, *view));
}

tl::expected<void, Problem> FastApiDialect::send_file(const Request& request, Response& response,
                                                      const std::string& id_and_name) const {
  const auto good = urls_.check(request, urls_.only_signed());
  if (!good) return tl::unexpected{good.error()};
  const std::size_t slash = id_and_name.find('/');
  const auto job =
      find_job(services_.jobs, context_of(request).caller, id_and_name.substr(0, slash));
  if (!job) return tl::unexpected{job.error()};
  const auto output = std::ranges::find_if(outputs, [&](const Output& candidate) {
    return file_name(*job, candidate) == id_and_name.substr(slash + 1);
  });
  if (output == outputs.end()) {
    return tl::unexpected{Problem{ProblemCode::unknown_file, "The job has no such file."}};
  }
  const auto file = find_file(*job, first_rendition(*job, output->operation)->spec.name);
  if (!file) return tl::unexpected{file.error()};
  answer_job_file(request, response, services_.blobs, *file, ask_each_time);
  return {};
}

}  // namespace darkroom::http
