#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "http/problem.hpp"
#include "http/server.hpp"
#include "http/upload_parameters.hpp"
#include "outbound/url.hpp"

namespace darkroom::http {

/// An upload without a file: it says where a worker is to fetch the picture.
class SourceUpload {
 public:
  /// `parameters` are what the query says, if anything; something else in the body is an error.
  /// Both must outlive this object, and services.read_source must not be empty.
  SourceUpload(const Services& services, UploadParameters& parameters)
      : services_(services), parameters_(parameters) {}

  /// Takes the JSON object that is the body.
  [[nodiscard]] tl::expected<void, Problem> read(std::string_view json);

  /// Makes the job of this tenant durable; with an idempotency key, the job may be an earlier one.
  /// Call once, after read().
  [[nodiscard]] tl::expected<actors::CreatedJob, Problem> create(
      const std::optional<std::string>& idempotency_key, const std::string& tenant);

 private:
  const Services& services_;
  UploadParameters& parameters_;
  outbound::Url url_;
};

}  // namespace darkroom::http
