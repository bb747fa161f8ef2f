#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jobs/job.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/client_url.hpp"

namespace darkroom::http {

/// How the addresses of files are written.
struct ViewOptions {
  std::string base_url = {};  ///< "https://host"; empty: they are relative.
  std::optional<persistence::ClientUrls> signer = {};  ///< None: they are not signed.
  jobs::Timestamp signed_until = {};
};

/// The address of what is at this path, which is free of percent-encoding and has no query.
[[nodiscard]] std::string address_of(std::string_view path, const ViewOptions& options);

/// The address of the file of that key.
[[nodiscard]] std::string file_url(std::string_view blob_key, const ViewOptions& options);

/// The job as the native API shows it, as JSON without a line break.
[[nodiscard]] std::string job_object(const jobs::Job& job, const ViewOptions& options = {});

/// The same as an answer of its own, which ends its line.
[[nodiscard]] std::string job_view(const jobs::Job& job, const ViewOptions& options = {});

}  // namespace darkroom::http
