#include "http/dialect_upload.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/job_answers.hpp"
#include "http/job_files.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

using httplib::Request;
using httplib::Response;

constexpr UploadRules rules{.file_field = "file", .raw_body = false, .named_file = true};

struct Folder {
  std::string_view name;                     ///< In the path.
  std::string_view member;                   ///< In the result.
  std::optional<jobs::Operation> operation;  ///< None: the original.
};

constexpr auto folders =
    std::to_array<Folder>({{"originals", "original", std::nullopt},
                           {"resized", "resized", jobs::Operation::resize},
                           {"compressed", "compressed", jobs::Operation::compress},
                           {"thumbnail", "thumbnail", jobs::Operation::thumbnail}});

std::string_view word_for(jobs::JobStatus status) {
  switch (status) {
    case jobs::JobStatus::pending:
      return "pending";
    case jobs::JobStatus::processing:
    case jobs::JobStatus::retrying:
      return "processing";
    case jobs::JobStatus::completed:
      return "completed";
    case jobs::JobStatus::failed:
    case jobs::JobStatus::cancelled:
      return "failed";
  }
  return "failed";
}

void refuse(const Request& /*request*/, Response& response, const Problem& problem) {
  std::string_view text = problem.detail;
  if (problem.code == ProblemCode::no_file || problem.code == ProblemCode::not_a_file) {
    text = "No file uploaded";
  } else if (problem.code == ProblemCode::unknown_job ||
             problem.code == ProblemCode::unknown_file) {
    text = "Not found";
  }
  json::JsonWriter json;
  json.member("error", text);
  answer_refusal(response, problem, kind_of(problem.code).status, json.finish() + "\n");
}

/// The name of the file in its folder, which does not change when it is made; none where the job
/// makes no such file.
std::optional<std::string> file_name(const jobs::Job& job, const Folder& folder) {
  const std::string id = job.id.to_string();
  if (!folder.operation) {
    const std::string& key = job.original.blob_key;
    return id + key.substr(std::min(key.rfind('.'), key.size()));
  }
  const jobs::Rendition* rendition = first_rendition(job, *folder.operation);
  if (rendition == nullptr) return std::nullopt;
  return fmt::format("{}.{}", id, jobs::extension(rendition->spec.format));
}

}  // namespace

std::string upload_status_view(const jobs::Job& job) {
  json::JsonWriter json;
  json.member("id", job.id.to_string());
  json.member("status", word_for(job.status));
  return json.finish() + "\n";
}

std::string upload_result_view(const jobs::Job& job, const ViewOptions& options) {
  json::JsonWriter json;
  json.member("id", job.id.to_string());
  for (const Folder& folder : folders) {
    const auto name = file_name(job, folder);
    json.member(
        folder.member,
        name ? std::optional{address_of(fmt::format("/uploads/{}/{}", folder.name, *name), options)}
             : std::nullopt);
  }
  return json.finish() + "\n";
}

void UploadDialect::add_to(Router& router) const {
  for (const auto* path : {"/upload/", "/uploads/"}) {
    router.add_with_body("POST", path, Scope::write,
                         [this](const Request& request, Response& response, const std::string&,
                                MessageBody& body) { post(request, response, body); },
                         {.form = refuse, .takes_upload = true, .logs_refusals = true});
  }
  // Before those with an id, which `originals` is not.
  for (const Folder& folder : folders) {
    router.add("GET", fmt::format("/uploads/{}/{{file}}", folder.name), Scope::read,
               [this, name = std::string{folder.name}](const Request& request, Response& response,
                                                       const std::string& file) {
                 const auto sent = send_file(request, response, name, file);
                 if (!sent) refuse(request, response, sent.error());
               },
               {.form = refuse, .takes_signature = true});
  }
  for (const auto* collection : {"upload", "uploads"}) {
    for (const auto* slash : {"", "/"}) {
      router.add("GET", fmt::format("/{}/{{id}}/status{}", collection, slash), Scope::read,
                 [this](const Request& request, Response& response, const std::string& id) {
                   status(request, response, id);
                 },
                 {.form = refuse});
      for (const auto* result_word : {"result", "results"}) {
        router.add("GET", fmt::format("/{}/{{id}}/{}{}", collection, result_word, slash),
                   Scope::read,
                   [this](const Request& request, Response& response, const std::string& id) {
                     result(request, response, id);
                   },
                   {.form = refuse});
      }
    }
  }
}

void UploadDialect::post(const Request& request, Response& response, MessageBody& body) const {
  const auto created = intake_.receive(request, body, rules);
  if (!created) return refuse(request, response, created.error());
  answer_json(response, created->replayed ? 200 : 201, upload_status_view(created->job));
}

void UploadDialect::status(const Request& request, Response& response,
                           const std::string& id) const {
  const auto job = find_job(services_.jobs, context_of(request).caller, id);
  if (!job) return refuse(request, response, job.error());
  answer_json(response, 200, upload_status_view(*job));
}

void UploadDialect::result(const Request& request, Response& response,
                           const std::string& id) const {
  const auto job = find_job(services_.jobs, context_of(request).caller, id);
  if (!job) return refuse(request, response, job.error());
  auto view = urls_.signed_view();
  if (!view) return refuse(request, response, view.error());
  view->base_url = context_of(request).base_url;
  answer_json(response, 200, upload_result_view(*job, *view));
}

tl::expected<void, Problem> UploadDialect::send_file(const Request& request, Response& response,
                                                     const std::string& folder_name,
                                                     const std::string& file) const {
  if (const auto good = urls_.check(request, true); !good) return tl::unexpected{good.error()};
  const auto job =
      find_job(services_.jobs, context_of(request).caller, file.substr(0, file.find('.')));
  if (!job) return tl::unexpected{job.error()};
  const auto* const folder = std::ranges::find(folders, folder_name, &Folder::name);
  if (file_name(*job, *folder) != file) {
    return tl::unexpected{Problem{ProblemCode::unknown_file, "The job has no such file."}};
  }
  const auto found = find_file(
      *job, folder->operation ? first_rendition(*job, *folder->operation)->spec.name : "original");
  if (!found) return tl::unexpected{found.error()};
  answer_job_file(request, response, services_.blobs, *found, ask_each_time);
  return {};
}

}  // namespace darkroom::http
