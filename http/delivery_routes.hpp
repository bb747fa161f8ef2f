#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/problem.hpp"
#include "http/request_context.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /v1/jobs/{id}/deliveries, and POST /v1/jobs/{id}/deliveries/{delivery}/replay, which reads
/// no body; and the same of /v1/batches/{id}.
class DeliveryRoutes {
 public:
  /// `jobs` must outlive this object.
  explicit DeliveryRoutes(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  /// What deliveries are about: a job or batch that the caller may see.
  struct Subject {
    jobs::JobId id;
    /// The receivers that it names itself. Any other is the operator's, whose address may be a
    /// secret: of that no more is shown than the host, but to who sees everything.
    std::string callback_url = {};
    std::string email = {};
  };
  enum class Of : std::uint8_t { job, batch };

  void add_to(Router& router, Of kind, std::string_view path) const;
  [[nodiscard]] tl::expected<Subject, Problem> find(Of kind, const Caller& caller,
                                                    const std::string& id_text) const;
  static void hide_target(jobs::Delivery& delivery, const Caller& caller, const Subject& subject);
  void list(const httplib::Request& request, httplib::Response& response, Of kind,
            const std::string& id_text) const;
  void replay(const httplib::Request& request, httplib::Response& response, Of kind,
              const std::string& ids_text) const;

  actors::JobService& jobs_;
};

}  // namespace darkroom::http
