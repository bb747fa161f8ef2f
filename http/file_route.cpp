#include "http/file_route.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/content_disposition.hpp"
#include "http/file_answer.hpp"
#include "http/job_answers.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

constexpr std::chrono::hours longest_kept{1};
constexpr std::string_view original = "original";
constexpr std::string_view download = "download";

// A client may keep the file as long as there is one; the bytes of a key never change.
std::string kept_by_client(jobs::Timestamp expires_at, jobs::Timestamp now) {
  using std::chrono::seconds;
  const auto left = std::chrono::floor<seconds>(expires_at - now);
  const auto age = std::clamp<seconds>(left, seconds{0}, longest_kept);
  return fmt::format("private, max-age={}, immutable", age.count());
}

tl::expected<Disposition, Problem> disposition_of(const httplib::Request& request) {
  const std::string value = request.get_param_value(std::string{download}.c_str());
  if (value.empty() || value == "0" || value == "false") return Disposition::shown;
  if (value == "1" || value == "true") return Disposition::saved;
  return tl::unexpected{
      Problem{ProblemCode::malformed_request,
              fmt::format("The parameter 'download' is 1, to have the file saved, or left out; "
                          "it is not {}.",
                          quoted_text(value))}};
}

// What makes the entity of these bytes known again, also after a restart and at any other node.
std::string etag_of(const FileFacts& facts) {
  constexpr std::size_t digits = 32;
  return facts.sha256.empty() ? std::string{} : '"' + facts.sha256.substr(0, digits) + '"';
}

Problem no_such_rendition(const jobs::Job& job, const std::string& name) {
  std::vector<std::string_view> names{original};
  for (const auto& rendition : job.renditions)
    names.push_back(rendition.spec.name);
  return {ProblemCode::unknown_file, fmt::format("The job has no file {}. Its files are: {}.",
                                                 quoted_text(name), fmt::join(names, ", "))};
}

struct FileOfJob {
  std::string key;
  FileFacts facts;
};

tl::expected<FileOfJob, Problem> find_file(const jobs::Job& job, const std::string& name) {
  if (name == original) return FileOfJob{job.original.blob_key, facts_of_original(job)};
  const auto found = std::ranges::find_if(job.renditions, [&](const jobs::Rendition& rendition) {
    return rendition.spec.name == name;
  });
  if (found == job.renditions.end()) return tl::unexpected{no_such_rendition(job, name)};
  if (found->status == jobs::RenditionStatus::completed) {
    return FileOfJob{found->blob_key, facts_of(job, *found)};
  }
  return tl::unexpected{Problem{
      ProblemCode::unknown_file,
      is_final(job.status)
          ? fmt::format("The file {} was not made: the job is {}.", name, to_string(job.status))
          : fmt::format("The file {} is not made yet: the job is {}.", name,
                        to_string(job.status))}};
}

}  // namespace

void FileRoute::add_to(Router& router) const {
  router.add("GET", "/files/{key...}", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& key) { get(request, response, key); },
             {.takes_signature = true});
  router.add("GET", "/v1/jobs/{id}/files/{name}", Scope::read,
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& argument) { get_of_job(request, response, argument); },
             {.takes_signature = true});
}

void FileRoute::get(const httplib::Request& request, httplib::Response& response,
                    const std::string& key) const {
  if (!persistence::is_blob_key(key)) {
    return answer_problem(
        response, {ProblemCode::unknown_file,
                   fmt::format("{} is no file's name; take the addresses of files from the job.",
                               quoted_text(key))});
  }
  const auto good_until = urls_.check(request);
  if (!good_until) return answer_problem(response, good_until.error());
  if (!*good_until && urls_.only_signed()) {
    return answer_problem(response, {ProblemCode::bad_signature,
                                     "Files are had by signed addresses here; take this one's from "
                                     "the job as it stands there."});
  }
  const auto facts = directory_.find(key);
  if (!facts) return answer_problem(response, facts.error());
  if (!sees(context_of(request).caller, facts->tenant)) {
    return answer_problem(response, no_such_file());
  }
  const auto ends = std::min(facts->expires_at, good_until->value_or(facts->expires_at));
  send(request, response, key, *facts, kept_by_client(ends, services_.wall_clock()));
}

void FileRoute::get_of_job(const httplib::Request& request, httplib::Response& response,
                           const std::string& id_and_name) const {
  if (const auto good = urls_.check(request); !good) return answer_problem(response, good.error());
  const std::size_t slash = id_and_name.find('/');
  const auto job = find_job(own_jobs_, context_of(request).caller, id_and_name.substr(0, slash));
  if (!job) return answer_problem(response, job.error());
  const auto file = find_file(*job, id_and_name.substr(slash + 1));
  if (!file) return answer_problem(response, file.error());
  // A job that is sent again may have another file by this name, so the client asks each time; its
  // copy is good as long as the ETag is the same.
  send(request, response, file->key, file->facts, "private, no-cache");
}

void FileRoute::send(const httplib::Request& request, httplib::Response& response,
                     const std::string& key, const FileFacts& facts,
                     std::string cache_control) const {
  const auto disposition = disposition_of(request);
  if (!disposition) return answer_problem(response, disposition.error());
  answer_file(request, response, services_.blobs, key,
              {.media_type = facts.media_type,
               .etag = etag_of(facts),
               .cache_control = std::move(cache_control),
               .disposition = content_disposition(*disposition, facts.name)});
}

}  // namespace darkroom::http
