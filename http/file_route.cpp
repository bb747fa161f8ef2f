#include "http/file_route.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>

#include "http/client_text.hpp"
#include "http/job_answers.hpp"
#include "http/job_files.hpp"
#include "http/own_jobs.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

constexpr std::chrono::hours longest_kept{1};

// A client may keep the file as long as there is one; the bytes of a key never change.
std::string kept_by_client(jobs::Timestamp expires_at, jobs::Timestamp now) {
  using std::chrono::seconds;
  const auto left = std::chrono::floor<seconds>(expires_at - now);
  const auto age = std::clamp<seconds>(left, seconds{0}, longest_kept);
  return fmt::format("private, max-age={}, immutable", age.count());
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
  const auto good_until = urls_.check(request, urls_.only_signed());
  if (!good_until) return answer_problem(response, good_until.error());
  const auto facts = directory_.find(context_of(request).caller, key);
  if (!facts) return answer_problem(response, facts.error());
  const auto ends = std::min(facts->expires_at, good_until->value_or(facts->expires_at));
  answer_job_file(request, response, services_.blobs, {key, *facts},
                  kept_by_client(ends, services_.wall_clock()));
}

void FileRoute::get_of_job(const httplib::Request& request, httplib::Response& response,
                           const std::string& id_and_name) const {
  const auto good = urls_.check(request, false);
  if (!good) return answer_problem(response, good.error());
  const std::size_t slash = id_and_name.find('/');
  const auto job =
      find_job(services_.jobs, context_of(request).caller, id_and_name.substr(0, slash));
  if (!job) return answer_problem(response, job.error());
  const auto file = find_file(*job, id_and_name.substr(slash + 1));
  if (!file) return answer_problem(response, file.error());
  answer_job_file(request, response, services_.blobs, *file, ask_each_time);
}

}  // namespace darkroom::http
