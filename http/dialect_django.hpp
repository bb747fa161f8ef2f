#pragma once

#include <string>

#include <tl/expected.hpp>

#include "http/file_urls.hpp"
#include "http/job_view.hpp"
#include "http/upload_intake.hpp"
#include "jobs/job.hpp"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace darkroom::http {

class MessageBody;
class Router;

/// Speaks as a job queue made with the Django REST framework; docs/migrating.md.
///
///   POST      /jobs/                     the file as the field `original_image`
///   GET, HEAD /jobs/{id}/                without the slash: 301, as Django does
///   GET, HEAD /media/originals/{name}    as the job gives them
///   GET, HEAD /media/thumbnails/{name}   the same
class DjangoDialect {
 public:
  /// Each must outlive this object.
  DjangoDialect(const Services& services, const UploadIntake& intake, const FileUrls& urls)
      : services_(services), intake_(intake), urls_(urls) {}

  void add_to(Router& router) const;

 private:
  void post(const httplib::Request& request, httplib::Response& response, MessageBody& body) const;
  void get(const httplib::Request& request, httplib::Response& response,
           const std::string& id) const;
  [[nodiscard]] tl::expected<void, Problem> send_original(const httplib::Request& request,
                                                          httplib::Response& response,
                                                          const std::string& name) const;
  [[nodiscard]] tl::expected<void, Problem> send_thumbnail(const httplib::Request& request,
                                                           httplib::Response& response,
                                                           const std::string& name) const;
  [[nodiscard]] tl::expected<jobs::Job, Problem> find_original(const httplib::Request& request,
                                                               const std::string& name) const;

  const Services& services_;
  const UploadIntake& intake_;
  const FileUrls& urls_;
};

/// `{"id","status","original_image","resized_image","error_message","created_at"}`. Addresses are
/// relative, as clients put the service's own before them. Where they are signed, an original is
/// called by its id: other tenants may have one of the same name.
[[nodiscard]] std::string django_view(const jobs::Job& job, ViewOptions options);

}  // namespace darkroom::http
