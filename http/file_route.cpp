#include "http/file_route.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

#include "http/byte_range.hpp"
#include "http/client_text.hpp"
#include "http/media_type.hpp"
#include "http/preconditions.hpp"
#include "http/problem_mapping.hpp"
#include "http/responses.hpp"
#include "http/router.hpp"

namespace darkroom::http {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{256} << 10U;

using SharedReader = std::shared_ptr<const persistence::BlobReader>;

// Blobs are replaced by renaming, never changed in place, and a rendition made again has the same
// bytes; so size and time of writing tell two contents of one key apart, which a strong validator
// must. A hash of the bytes would have to be read or stored for every blob.
std::string etag_of(const persistence::BlobReader& blob) {
  return fmt::format("\"{:x}-{:x}\"", blob.size(), blob.modified_at().time_since_epoch().count());
}

void set_file_headers(httplib::Response& response, const Validators& current) {
  response.set_header("ETag", current.etag);
  response.set_header("Last-Modified", jobs::to_http_date(current.modified_at));
  response.set_header("Cache-Control", "private, max-age=3600");
  response.set_header("Accept-Ranges", "bytes");
  // Uploaded bytes must never be run as a page of this origin.
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Content-Security-Policy", "default-src 'none'; sandbox");
}

void send(httplib::Response& response, SharedReader blob, ByteRange range,
          const std::string& content_type) {
  if (range.length == 0) {
    response.set_content("", content_type);
    return;
  }
  auto buffer = std::make_shared<std::vector<std::byte>>(
      static_cast<std::size_t>(std::min<std::uint64_t>(range.length, chunk_bytes)));
  response.set_content_provider(
      range.length, content_type,
      [blob = std::move(blob), buffer = std::move(buffer), start = range.offset](
          std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        const auto want = std::span{*buffer}.first(std::min(length, buffer->size()));
        const auto count = blob->read_at(start + offset, want);
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

}  // namespace

void FileRoute::add_to(Router& router) const {
  router.add("GET", "/files/{key...}",
             [this](const httplib::Request& request, httplib::Response& response,
                    const std::string& key) { get(request, response, key); });
}

void FileRoute::get(const httplib::Request& request, httplib::Response& response,
                    const std::string& key) const {
  if (!persistence::is_blob_key(key)) {
    return answer_problem(
        response, {ProblemCode::unknown_file,
                   fmt::format("{} is no file's name; take the addresses of files from the job.",
                               quoted_text(key))});
  }
  auto opened = blobs_.open(key);
  if (!opened && opened.error().code == persistence::StoreErrorCode::not_found) {
    return answer_problem(response, {ProblemCode::unknown_file,
                                     "There is no such file: it is not made yet, or it is gone."});
  }
  if (!opened) {
    spdlog::error("cannot open blob {}: {}", key, opened.error().message);
    return answer_problem(response, to_problem(opened.error()));
  }
  const SharedReader blob = std::move(*opened);
  const Validators current{etag_of(*blob), blob->modified_at()};
  const Precondition precondition = evaluate_preconditions(request, current);
  if (precondition == Precondition::failed) {
    return answer_problem(response, {ProblemCode::precondition_failed,
                                     "The file is not the one that the request asks for; get the "
                                     "job anew to see what there is."});
  }
  const RangeRequest range = precondition == Precondition::passed && range_applies(request, current)
                                 ? parse_range(request.get_header_value("Range"), blob->size())
                                 : RangeRequest{};
  if (range.kind == RangeKind::unsatisfiable) {
    return answer_problem(
        response,
        {ProblemCode::range_not_satisfiable,
         fmt::format("The file has {} bytes; the range asked for has none of them.", blob->size()),
         {{"Content-Range", fmt::format("bytes */{}", blob->size())}}});
  }
  set_file_headers(response, current);
  if (precondition == Precondition::not_modified) {
    response.status = 304;
    return;
  }
  response.status = 200;
  ByteRange part{0, blob->size()};
  if (range.kind == RangeKind::part) {
    part = range.range;
    response.status = 206;
    response.set_header("Content-Range", fmt::format("bytes {}-{}/{}", part.offset,
                                                     part.offset + part.length - 1, blob->size()));
  }
  send(response, blob, part, media_type_of(key));
}

}  // namespace darkroom::http
