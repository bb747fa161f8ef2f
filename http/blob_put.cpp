#include "http/blob_put.hpp"

#include <charconv>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/body_reading.hpp"
#include "http/problem_mapping.hpp"
#include "persistence/content_digest.hpp"

namespace darkroom::http {
namespace {

tl::unexpected<Problem> refused(ProblemCode code, std::string detail) {
  return tl::unexpected{Problem{code, std::move(detail)}};
}

/// What the header says of the body. Its form was checked when the request was read.
struct Announcement {
  std::uint64_t bytes = 0;
  std::string sha256;
};

tl::expected<Announcement, Problem> read_announcement(const httplib::Request& request,
                                                      std::uint64_t limit) {
  const std::string length = request.get_header_value("Content-Length");
  if (length.empty()) {
    return refused(ProblemCode::length_required,
                   "A file must come with its Content-Length, and not in chunks.");
  }
  Announcement announced;
  std::from_chars(length.data(), length.data() + length.size(), announced.bytes);
  if (announced.bytes > limit) {
    return refused(ProblemCode::too_many_bytes,
                   fmt::format("The file has {} bytes; this address is signed for {}.",
                               announced.bytes, limit));
  }
  auto sha256 = request.get_header_value_count("Content-Digest") == 1
                    ? persistence::sha256_of_digest(request.get_header_value("Content-Digest"))
                    : std::nullopt;
  if (!sha256) {
    return refused(ProblemCode::malformed_request,
                   "A file must come with its SHA-256 in one Content-Digest (RFC 9530), as "
                   "sha-256=:BASE64:.");
  }
  announced.sha256 = std::move(*sha256);
  return announced;
}

}  // namespace

tl::expected<bool, Problem> put_blob(persistence::BlobStore& blobs, const std::string& key,
                                     std::uint64_t limit, const httplib::Request& request,
                                     MessageBody& body, LogThrottle& log) {
  const auto store_problem = [&](const char* doing, const persistence::StoreError& error) {
    if (const auto held_back = log.pass(std::chrono::steady_clock::now())) {
      spdlog::error("taking a file failed while {}: {} held_back={}", doing, error.message,
                    *held_back);
    }
    return tl::unexpected{to_problem(error)};
  };
  const auto announced = read_announcement(request, limit);
  if (!announced) return tl::unexpected{announced.error()};
  const auto writer = blobs.create();
  if (!writer) return store_problem("creating it", writer.error());

  std::uint64_t received = 0;
  const auto read =
      read_body(body, received, [&](std::string_view piece) -> tl::expected<void, Problem> {
        const auto written = (*writer)->write(std::as_bytes(std::span{piece}));
        if (!written) return store_problem("writing it", written.error());
        return {};
      });
  if (!read) return tl::unexpected{read.error()};
  const auto sha256 = (*writer)->finish();
  if (!sha256) return store_problem("finishing it", sha256.error());
  if (*sha256 != announced->sha256) {
    return refused(ProblemCode::digest_mismatch,
                   fmt::format("The {} bytes that came have the SHA-256 {}, and not {}.", received,
                               *sha256, announced->sha256));
  }
  const bool replaces = blobs.open(key).has_value();
  if (const auto committed = (*writer)->commit(key); !committed) {
    return store_problem("committing it", committed.error());
  }
  return replaces;
}

}  // namespace darkroom::http
