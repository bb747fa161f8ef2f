#include "http/list_route.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/job_filter_query.hpp"
#include "http/job_view.hpp"
#include "http/percent_encoding.hpp"
#include "http/problem_mapping.hpp"
#include "http/request_context.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "json/json_writer.hpp"

namespace darkroom::http {
namespace {

constexpr std::uint32_t usual_page = 50;
/// Jobs changed by one request; the answer says where to go on.
constexpr std::uint32_t most_changed = 1'000;

tl::expected<JobFilterQuery, Problem> read_change(const httplib::Request& request) {
  auto query = read_job_filter(request, context_of(request).caller, most_changed);
  if (query && query->narrows() == query->all) {
    return tl::unexpected{
        Problem{ProblemCode::invalid_parameter,
                query->all ? "all=true is for all jobs, and there are other parameters beside it."
                           : "Say which jobs are meant, as status=failed, or all=true for all."}};
  }
  return query;
}

void answer_change(httplib::Response& response, std::uint32_t done,
                   const std::optional<jobs::JobId>& next, const persistence::JobFilter& filter) {
  json::JsonWriter json;
  json.member("done", done);
  json.member("next", next ? std::optional{cursor_behind(*next, filter)} : std::nullopt);
  answer_json(response, 200, json.finish());
}

/// The address of the next page, relative to the service.
std::string link_to(const httplib::Request& request, const std::string& cursor) {
  std::string link = "/v1/jobs?";
  for (const auto& [name, value] : request.params) {
    if (name != "cursor") link += name + '=' + percent_encoded(value) + '&';
  }
  return "<" + link + "cursor=" + cursor + ">; rel=\"next\"";
}

}  // namespace

void ListRoute::add_to(Router& router) const {
  const auto handler = [this](void (ListRoute::*handle)(const httplib::Request&, httplib::Response&)
                                  const) {
    return [this, handle](const httplib::Request& request, httplib::Response& response,
                          const std::string&) { (this->*handle)(request, response); };
  };
  router.add("GET", "/v1/jobs", Scope::read, handler(&ListRoute::list));
  router.add("POST", "/v1/jobs/retry", Scope::write, handler(&ListRoute::retry));
  router.add("DELETE", "/v1/jobs", Scope::write, handler(&ListRoute::remove));
}

void ListRoute::list(const httplib::Request& request, httplib::Response& response) const {
  const auto query = read_job_filter(request, context_of(request).caller, actors::most_listed);
  if (!query) return answer_problem(response, query.error());
  if (query->all) {
    return answer_problem(response, {ProblemCode::invalid_parameter,
                                     "all is for what changes jobs; a listing is of all anyway."});
  }
  const auto view = urls_.view();
  if (!view) return answer_problem(response, view.error());
  const auto page = jobs_.find({.filter = query->filter,
                                .before = query->before,
                                .limit = query->limit.value_or(usual_page)});
  if (!page) return answer_problem(response, to_problem(page.error()));
  std::string jobs;
  for (const auto& job : page->jobs)
    jobs += (jobs.empty() ? "" : ",") + job_object(job, *view);
  const auto next =
      page->next ? std::optional{cursor_behind(*page->next, query->filter)} : std::nullopt;
  json::JsonWriter json;
  json.raw_member("jobs", '[' + jobs + ']');
  json.member("next", next);
  answer_json(response, 200, json.finish());
  if (next) response.set_header("Link", link_to(request, *next));
}

void ListRoute::retry(const httplib::Request& request, httplib::Response& response) const {
  const auto query = read_change(request);
  if (!query) return answer_problem(response, query.error());
  const auto limit = query->limit.value_or(most_changed);
  std::uint32_t done = 0;
  // Each step looks at no more jobs than it may send, so none is looked at twice.
  auto last = query->before;
  for (std::uint32_t looked = 0; looked < most_changed && done < limit;) {
    const auto step = std::min(limit - done, most_changed - looked);
    const auto bulk = jobs_.retry_where(query->filter, last.value_or(jobs::JobId{}), step);
    if (!bulk && done == 0) return answer_problem(response, to_problem(bulk.error()));
    if (!bulk) break;
    done += bulk->done;
    looked += step;
    const bool stuck = bulk->last && bulk->last == last;
    last = bulk->last;
    if (!last || stuck) break;
  }
  spdlog::info("{} jobs sent again by their client", done);
  answer_change(response, done, last, query->filter);
}

void ListRoute::remove(const httplib::Request& request, httplib::Response& response) const {
  const auto query = read_change(request);
  if (!query) return answer_problem(response, query.error());
  const auto limit = query->limit.value_or(most_changed);
  std::uint32_t done = 0;
  auto last = query->before;
  for (std::uint32_t looked = 0; looked < most_changed && done < limit;) {
    const auto step = std::min({limit - done, most_changed - looked, actors::most_listed});
    const auto bulk = jobs_.remove_where(query->filter, last.value_or(jobs::JobId{}), step);
    if (!bulk && done == 0) return answer_problem(response, to_problem(bulk.error()));
    if (!bulk) break;
    done += static_cast<std::uint32_t>(bulk->jobs.size());
    looked += step;
    last = bulk->next;
    for (const auto& job : bulk->jobs) {
      // The records are gone durably; what of the files resists is the janitor's.
      for (const auto& key : blob_keys(job)) {
        if (const auto removed = blobs_.remove(key); !removed) {
          spdlog::warn("job deleted, but not its blob {}: {} job={}", key, removed.error().message,
                       job.id.to_string());
        }
      }
    }
    if (!last) break;
  }
  spdlog::info("{} jobs deleted by their client", done);
  answer_change(response, done, last, query->filter);
}

}  // namespace darkroom::http
