#include "http/blob_routes.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/blob_put.hpp"
#include "http/client_text.hpp"
#include "http/file_answer.hpp"
#include "http/limits.hpp"
#include "http/log_throttle.hpp"
#include "http/media_type.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"
#include "jobs/watermark_limit.hpp"
#include "persistence/content_digest.hpp"
#include "persistence/read_file.hpp"
#include "persistence/sha256.hpp"

namespace darkroom::http {
namespace {

constexpr std::string_view originals = "uploads/originals/";

using Grant = persistence::UrlSigner::Grant;

class BlobRoutes final : public RouteSet {
 public:
  explicit BlobRoutes(BlobServices services) : services_(std::move(services)) {}

  void add_to(Router& router) override {
    router.add("GET", "/blobs/{key...}", Scope::open,
               [this](const httplib::Request& request, httplib::Response& response,
                      const std::string& key) {
                 if (allowed(request, response)) send(request, response, key);
                 log_refusal(request, response);
               },
               {.logs_refusals = true});
    router.add_with_body("PUT", "/blobs/{key...}", Scope::open,
                         [this](const httplib::Request& request, httplib::Response& response,
                                const std::string& key, MessageBody& body) {
                           put(request, response, key, body);
                           log_refusal(request, response);
                         },
                         {.logs_refusals = true});
    router.add("DELETE", "/blobs/{key...}", Scope::open,
               [this](const httplib::Request& request, httplib::Response& response,
                      const std::string& key) {
                 if (allowed(request, response)) remove(response, key);
                 log_refusal(request, response);
               },
               {.logs_refusals = true});
    router.add("GET", "/watermarks/{name}", Scope::open,
               [this](const httplib::Request& request, httplib::Response& response,
                      const std::string& name) {
                 if (allowed(request, response)) send_watermark(response, name);
                 log_refusal(request, response);
               },
               {.logs_refusals = true});
  }

 private:
  /// What the request's signature allows; where it allows nothing, that is answered.
  [[nodiscard]] std::optional<Grant> allowed(const httplib::Request& request,
                                             httplib::Response& response) const {
    const auto grant = services_.signer.verify(request.method, request.path, request.params,
                                               services_.wall_clock());
    if (grant) return *grant;
    answer_problem(response, to_problem(grant.error()));
    return std::nullopt;
  }

  /// Without a job to ask: nodes need to know the bytes again, and nothing more.
  void send(const httplib::Request& request, httplib::Response& response,
            const std::string& key) const {
    answer_file(request, response, services_.blobs, key, {.media_type = media_type_of(key)});
  }

  void put(const httplib::Request& request, httplib::Response& response, const std::string& key,
           MessageBody& body) const {
    const auto grant = allowed(request, response);
    if (!grant) return;
    const bool reserved = services_.unreserved == nullptr || key.starts_with(originals);
    auto& blobs = reserved ? services_.blobs : *services_.unreserved;
    const auto replaced = put_blob(blobs, key, grant->limit, request, body, store_log_);
    if (!replaced) return answer_problem(response, replaced.error());
    response.status = *replaced ? 204 : 201;
  }

  void remove(httplib::Response& response, const std::string& key) const {
    if (const auto removed = services_.blobs.remove(key); !removed) {
      note_store("removing a file", removed.error());
      return answer_problem(response, to_problem(removed.error()));
    }
    response.status = 204;
  }

  void send_watermark(httplib::Response& response, const std::string& name) const {
    const auto known = services_.watermarks.find(name);
    if (known == services_.watermarks.end()) {
      return answer_problem(response, {ProblemCode::unknown_file,
                                       fmt::format("This service has no watermark {}.", name)});
    }
    const auto bytes = persistence::read_file(known->second, jobs::max_watermark_bytes);
    if (!bytes) {
      note_store("reading a watermark", bytes.error());
      return answer_problem(response, {ProblemCode::store_failed,
                                       fmt::format("The watermark {} cannot be read; the log of "
                                                   "the service says why.",
                                                   name)});
    }
    persistence::Sha256 hash;
    hash.update(*bytes);
    response.status = 200;
    response.set_header("Content-Digest", persistence::content_digest(hash.finish()));
    response.set_content(reinterpret_cast<const char*>(bytes->data()), bytes->size(),
                         "application/octet-stream");
  }

  void note_store(const char* doing, const persistence::StoreError& error) const {
    if (const auto held_back = store_log_.pass(std::chrono::steady_clock::now())) {
      spdlog::error("{} failed: {} held_back={}", doing, error.message, *held_back);
    }
  }

  /// Of the path alone: a signature is nothing for a log. A file that is not there is none of our
  /// troubles.
  void log_refusal(const httplib::Request& request, const httplib::Response& response) const {
    if (response.status < 400 || response.status == 404) return;
    if (const auto held_back = refusal_log_.pass(std::chrono::steady_clock::now())) {
      spdlog::warn("data plane: {} {} answered {} held_back={}", request.method,
                   quoted_text(request.path), response.status, *held_back);
    }
  }

  BlobServices services_;
  mutable LogThrottle refusal_log_{limits::log_interval};
  mutable LogThrottle store_log_{limits::log_interval};
};

}  // namespace

std::unique_ptr<RouteSet> make_blob_routes(BlobServices services) {
  return std::make_unique<BlobRoutes>(std::move(services));
}

}  // namespace darkroom::http
