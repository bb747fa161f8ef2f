#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/problem.hpp"
#include "http/request_context.hpp"
#include "jobs/job.hpp"
#include "jobs/timestamp.hpp"

namespace darkroom::http {

/// What a job's record says of one of its files.
struct FileFacts {
  std::string sha256;  ///< 64 hex digits; empty in records that do not tell.
  std::string media_type;
  std::string name;  ///< To save it by.
  std::string tenant;
  jobs::Timestamp expires_at;  ///< From then on the job and its files are gone.

  friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

/// What is said of a file that is not there.
[[nodiscard]] Problem no_such_file();

/// Of the original.
[[nodiscard]] FileFacts facts_of_original(const jobs::Job& job);
/// Of a rendition that is completed.
[[nodiscard]] FileFacts facts_of(const jobs::Job& job, const jobs::Rendition& rendition);
/// Of the file of that key; nullopt where the job refers to no such file.
[[nodiscard]] std::optional<FileFacts> facts_of(const jobs::Job& job, std::string_view blob_key);

/// The facts of files by their keys. Those of the latest are kept, as a key never stands for other
/// bytes, so that a page of pictures asks the registry once for each; but not for long, so that a
/// job that goes takes its files along even where one of them resists removal. Thread-safe.
class FileDirectory {
 public:
  static constexpr std::size_t kept = 4'096;
  static constexpr std::chrono::seconds kept_for{60};

  FileDirectory(actors::JobService& jobs, jobs::WallClock clock)
      : jobs_(jobs), clock_(std::move(clock)) {}

  /// The error is unknown_file where there is no such job, it does not have this file or it is not
  /// the caller's, else why that cannot be told now.
  [[nodiscard]] tl::expected<FileFacts, Problem> find(const Caller& caller,
                                                      const std::string& blob_key);

 private:
  struct Entry {
    std::string blob_key;
    FileFacts facts;
    jobs::Timestamp until;  ///< When it is to be asked for again.
  };

  [[nodiscard]] tl::expected<FileFacts, Problem> look_up(const Caller& caller,
                                                         const std::string& blob_key);
  [[nodiscard]] std::optional<FileFacts> known(const std::string& blob_key, jobs::Timestamp now);
  void keep(const std::string& blob_key, const FileFacts& facts, jobs::Timestamp now);

  actors::JobService& jobs_;
  jobs::WallClock clock_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< The one used last comes first.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;  ///< Into `entries_`.
};

}  // namespace darkroom::http
