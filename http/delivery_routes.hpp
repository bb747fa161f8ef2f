#pragma once

#include <string>

#include "actors/job_service.hpp"
#include "http/request_context.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class Router;

/// GET /v1/jobs/{id}/deliveries, and POST /v1/jobs/{id}/deliveries/{delivery}/replay, which reads
/// no body.
class DeliveryRoutes {
 public:
  /// `jobs` must outlive this object.
  explicit DeliveryRoutes(actors::JobService& jobs) : jobs_(jobs) {}

  void add_to(Router& router) const;

 private:
  void list(const httplib::Request& request, httplib::Response& response,
            const std::string& id_text) const;
  void replay(const httplib::Request& request, httplib::Response& response,
              const std::string& ids_text) const;

  actors::JobService& jobs_;
};

/// What deliveries are about: a job or batch that the caller may see.
struct DeliverySubject {
  jobs::JobId id;
  /// The receivers that it names itself. Any other is the operator's, whose address may be a
  /// secret: of that no more is shown than the host, but to who sees everything.
  std::string callback_url = {};
  std::string email = {};
};

/// Answers with the deliveries about it.
void answer_deliveries(httplib::Response& response, actors::JobService& jobs, const Caller& caller,
                       const DeliverySubject& subject);

/// Has one of them sent again. `id_text` is as it stands in the path.
void answer_replay(httplib::Response& response, actors::JobService& jobs, const Caller& caller,
                   const DeliverySubject& subject, const std::string& id_text);

}  // namespace darkroom::http
