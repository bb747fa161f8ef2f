#include "http/job_files.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/content_disposition.hpp"
#include "http/file_answer.hpp"
#include "http/responses.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view original = "original";
constexpr std::string_view download = "download";

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

Problem no_such_rendition(const jobs::Job& job, std::string_view name) {
  std::vector<std::string_view> names{original};
  for (const auto& rendition : job.renditions)
    names.push_back(rendition.spec.name);
  return {ProblemCode::unknown_file, fmt::format("The job has no file {}. Its files are: {}.",
                                                 quoted_text(name), fmt::join(names, ", "))};
}

}  // namespace

tl::expected<JobFile, Problem> find_file(const jobs::Job& job, std::string_view name) {
  if (name == original && has_original(job)) {
    return JobFile{job.original.blob_key, facts_of_original(job)};
  }
  if (name == original) {
    return tl::unexpected{Problem{ProblemCode::unknown_file,
                                  is_final(job.status)
                                      ? "The original could not be fetched from its source_url."
                                      : "The original is not fetched from its source_url yet."}};
  }
  const auto found = std::ranges::find_if(job.renditions, [&](const jobs::Rendition& rendition) {
    return rendition.spec.name == name;
  });
  if (found == job.renditions.end()) return tl::unexpected{no_such_rendition(job, name)};
  if (found->status == jobs::RenditionStatus::completed) {
    return JobFile{found->blob_key, facts_of(job, *found)};
  }
  return tl::unexpected{Problem{
      ProblemCode::unknown_file,
      is_final(job.status)
          ? fmt::format("The file {} was not made: the job is {}.", name, to_string(job.status))
          : fmt::format("The file {} is not made yet: the job is {}.", name,
                        to_string(job.status))}};
}

const jobs::Rendition* first_rendition(const jobs::Job& job, jobs::Operation operation) {
  const auto found = std::ranges::find_if(job.renditions, [&](const jobs::Rendition& rendition) {
    return rendition.spec.operation == operation;
  });
  return found == job.renditions.end() ? nullptr : &*found;
}

void answer_job_file(const httplib::Request& request, httplib::Response& response,
                     const persistence::BlobStore& blobs, const JobFile& file,
                     std::string_view cache_control) {
  const auto disposition = disposition_of(request);
  if (!disposition) return answer_problem(response, disposition.error());
  answer_file(request, response, blobs, file.key,
              {.media_type = file.facts.media_type,
               .etag = etag_of(file.facts),
               .cache_control = std::string{cache_control},
               .disposition = content_disposition(*disposition, file.facts.name)});
}

}  // namespace darkroom::http
