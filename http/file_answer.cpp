#include "http/file_answer.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/client_text.hpp"
#include "http/preconditions.hpp"
#include "http/problem_mapping.hpp"
#include "http/range_answer.hpp"
#include "http/responses.hpp"
#include "jobs/random.hpp"
#include "persistence/hex.hpp"

namespace darkroom::http {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{256} << 10U;

using SharedReader = std::shared_ptr<const persistence::BlobReader>;

// Blobs are replaced by renaming, never changed in place; so size and time of writing tell two
// contents of one key apart, which a strong validator must.
std::string etag_by_time(const persistence::BlobReader& blob) {
  return fmt::format("\"{:x}-{:x}\"", blob.size(), blob.modified_at().time_since_epoch().count());
}

// 128 random bits, which no file holds but by a chance that nobody lives to see.
std::string random_boundary() {
  std::array<std::uint8_t, 16> bytes{};
  jobs::fill_random(bytes);
  return persistence::to_hex(bytes);
}

void set_file_headers(httplib::Response& response, const Validators& current,
                      const FileDescription& description) {
  response.set_header("ETag", current.etag);
  response.set_header("Last-Modified", jobs::to_http_date(current.modified_at));
  response.set_header("Accept-Ranges", "bytes");
  if (!description.cache_control.empty()) {
    response.set_header("Cache-Control", description.cache_control);
  }
  if (!description.disposition.empty()) {
    response.set_header("Content-Disposition", description.disposition);
  }
  // Uploaded bytes must never be run as a page of this origin.
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Content-Security-Policy", "default-src 'none'; sandbox");
}

void send(httplib::Response& response, SharedReader blob, RangeAnswer answer,
          const std::string& media_type) {
  if (answer.length() == 0) {
    response.set_content("", media_type);
    return;
  }
  const std::uint64_t total = answer.length();
  auto buffer = std::make_shared<std::vector<std::byte>>(
      static_cast<std::size_t>(std::min<std::uint64_t>(total, chunk_bytes)));
  response.set_content_provider(
      total, media_type,
      [blob = std::move(blob), buffer = std::move(buffer), answer = std::move(answer)](
          std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        const auto want = std::span{*buffer}.first(std::min(length, buffer->size()));
        const auto count = answer.read(*blob, offset, want);
        if (!count || *count == 0) {
          // The status line is out; all that is left is to cut the answer short, which the client
          // sees by its Content-Length.
          spdlog::error("a download broke off: {}",
                        count ? "the file is shorter than it was" : count.error().message);
          return false;
        }
        return sink.write(reinterpret_cast<const char*>(want.data()), *count);
      });
}

void send_parts(httplib::Response& response, SharedReader blob,
                const std::vector<ByteRange>& ranges, const std::string& media_type) {
  const std::uint64_t size = blob->size();
  response.status = 206;
  if (ranges.size() == 1) {
    response.set_header("Content-Range", content_range(ranges.front(), size));
    return send(response, std::move(blob), RangeAnswer{ranges.front()}, media_type);
  }
  const std::string boundary = random_boundary();
  send(response, std::move(blob), RangeAnswer{ranges, size, media_type, boundary},
       "multipart/byteranges; boundary=" + boundary);
}

// A request with several Range fields is malformed, and asks for the whole file.
RangeRequest ranges_of(const httplib::Request& request, const Validators& current,
                       std::uint64_t size) {
  const bool applies =
      range_applies(request, current) && request.get_header_value_count("Range") == 1;
  return applies ? parse_ranges(request.get_header_value("Range"), size) : RangeRequest{};
}

}  // namespace

void answer_file(const httplib::Request& request, httplib::Response& response,
                 const persistence::BlobStore& blobs, const std::string& key,
                 const FileDescription& description) {
  if (!persistence::is_blob_key(key)) {
    return answer_problem(
        response, {ProblemCode::unknown_file,
                   fmt::format("{} is no file's name; take the addresses of files from the job.",
                               quoted_text(key))});
  }
  auto opened = blobs.open(key);
  if (!opened && opened.error().code == persistence::StoreErrorCode::not_found) {
    return answer_problem(response, {ProblemCode::unknown_file,
                                     "There is no such file: it is not made yet, or it is gone."});
  }
  if (!opened) {
    spdlog::error("cannot open blob {}: {}", key, opened.error().message);
    return answer_problem(response, to_problem(opened.error()));
  }
  SharedReader blob = std::move(*opened);
  const Validators current{description.etag.empty() ? etag_by_time(*blob) : description.etag,
                           blob->modified_at()};
  const Precondition precondition = evaluate_preconditions(request, current);
  if (precondition == Precondition::failed) {
    return answer_problem(response, {ProblemCode::precondition_failed,
                                     "The file is not the one that the request asks for; get the "
                                     "job anew to see what there is."});
  }
  const RangeRequest range = precondition == Precondition::passed
                                 ? ranges_of(request, current, blob->size())
                                 : RangeRequest{};
  if (range.kind == RangeKind::unsatisfiable) {
    return answer_problem(
        response,
        {ProblemCode::range_not_satisfiable,
         fmt::format("The file has {} bytes; what is asked for has none of them.", blob->size()),
         {{"Content-Range", fmt::format("bytes */{}", blob->size())}}});
  }
  set_file_headers(response, current, description);
  if (precondition == Precondition::not_modified) {
    response.status = 304;
    return;
  }
  if (range.kind == RangeKind::parts) {
    return send_parts(response, std::move(blob), range.ranges, description.media_type);
  }
  response.status = 200;
  const std::uint64_t size = blob->size();
  send(response, std::move(blob), RangeAnswer{ByteRange{0, size}}, description.media_type);
}

}  // namespace darkroom::http
