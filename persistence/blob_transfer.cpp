#include "persistence/blob_transfer.hpp"

#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include <unistd.h>

#include "jobs/random.hpp"
#include "jobs/retry.hpp"
#include "persistence/content_digest.hpp"
#include "persistence/sha256.hpp"
#include "persistence/system_error.hpp"
#include "persistence/transfer_refusal.hpp"

namespace darkroom::persistence {

/// One request, and what is made of its answer.
struct BlobTransfer::Task {
  HttpRequest request;
  std::function<void()> begin = [] {};  ///< Before each attempt.
  /// Looks at what came with an answer of success.
  std::function<tl::expected<void, TransferError>(const HttpAnswer&)> check =
      [](const HttpAnswer&) { return tl::expected<void, TransferError>{}; };
  /// Why `take` or `body` gave up.
  std::optional<TransferError> failure = {};
  bool refused = false;  ///< The other side has answered, and said no.
};

namespace {

using Code = TransferErrorCode;
using Method = HttpRequest::Method;
using Outcome = tl::expected<void, TransferError>;

tl::unexpected<TransferError> failed(Code code, std::string message) {
  return tl::unexpected{TransferError{code, std::move(message)}};
}

TransferError from_store(const StoreError& error) {
  return {error.code == StoreErrorCode::no_space ? Code::no_space : Code::unwritable, error.message,
          true};
}

/// What comes damaged may come whole the next time. What the other side found damaged was so here.
bool may_pass(Code code, bool refused) {
  return code == Code::transient || code == Code::unwritable || (code == Code::damaged && !refused);
}

/// Waits; false where it was asked to stop before.
bool wait_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  never.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::put:
      return "PUT";
    case Method::remove:
      break;
  }
  return "DELETE";
}

/// Without its query, which has the signature.
std::string in_words(const HttpRequest& request) {
  const std::string_view url = request.url;
  const auto path = url.find('/', url.find("//") + 2);
  return std::string{name_of(request.method)}.append(" ").append(
      url.substr(path, url.find('?') - path));
}

/// Counts and hashes what comes, up to a number of bytes.
class Receipt {
 public:
  explicit Receipt(std::uint64_t most) : most_(most) {}

  void begin() {
    hash_.emplace();
    bytes_ = 0;
  }

  /// False where there is more than there may be.
  [[nodiscard]] bool take(std::span<const std::byte> piece) {
    if (piece.size() > most_ - bytes_) return false;
    hash_->update(piece);
    bytes_ += piece.size();
    return true;
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::string sha256() { return hash_->finish(); }

 private:
  std::uint64_t most_;
  std::uint64_t bytes_ = 0;
  std::optional<Sha256> hash_;
};

Outcome compare(std::string_view sha256, std::string_view wanted) {
  if (sha256 == wanted) return {};
  return failed(Code::damaged, "what came has the SHA-256 " + std::string{sha256} + ", and not " +
                                   std::string{wanted});
}

}  // namespace

StoreError to_store_error(const TransferError& error) {
  switch (error.code) {
    case Code::not_found:
      return {.code = StoreErrorCode::not_found, .message = error.message};
    case Code::no_space:
      return {.code = StoreErrorCode::no_space, .message = error.message};
    case Code::damaged:
      return {.code = StoreErrorCode::corrupt, .message = error.message};
    default:
      return {.code = StoreErrorCode::unwritable, .message = error.message};
  }
}

Outcome BlobTransfer::download(std::string_view url, const Wanted& wanted,
                               const FileDescriptor& target, const std::stop_token& stop) {
  Receipt receipt{wanted.bytes};
  Task task{.request = {.method = Method::get, .url = std::string{url}}};
  const auto give_up = [&](const StoreError& error) {
    task.failure = from_store(error);
    return false;
  };
  task.begin = [&] {
    receipt.begin();
    if (::ftruncate(target.number(), 0) == 0 && ::lseek(target.number(), 0, SEEK_SET) == 0) return;
    give_up(error_from_errno(errno, "cannot empty " + target.path().string()));
  };
  task.request.take = [&](std::span<const std::byte> piece) {
    if (!receipt.take(piece)) {
      task.failure = {Code::damaged, "more came than the " + std::to_string(wanted.bytes) +
                                         " bytes that the file should have"};
      return false;
    }
    const auto written = target.write_all(piece);
    return written ? true : give_up(written.error());
  };
  task.check = [&](const HttpAnswer&) -> Outcome {
    if (receipt.bytes() == wanted.bytes) return compare(receipt.sha256(), wanted.sha256);
    return failed(Code::damaged, "the file has " + std::to_string(receipt.bytes()) +
                                     " bytes, and should have " + std::to_string(wanted.bytes));
  };
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return {};
}

tl::expected<std::vector<std::byte>, TransferError> BlobTransfer::download(
    std::string_view url, std::uint64_t most, const std::stop_token& stop) {
  Receipt receipt{most};
  std::vector<std::byte> bytes;
  Task task{.request = {.method = Method::get, .url = std::string{url}}};
  task.begin = [&] {
    receipt.begin();
    bytes.clear();
  };
  task.request.take = [&](std::span<const std::byte> piece) {
    if (!receipt.take(piece)) {
      task.failure = {Code::too_large, "the file has more than " + std::to_string(most) + " bytes"};
      return false;
    }
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return true;
  };
  task.check = [&](const HttpAnswer& answer) -> Outcome {
    const auto wanted = sha256_of_digest(answer.content_digest);
    if (!wanted) return failed(Code::refused, "the answer has no Content-Digest of SHA-256");
    return compare(receipt.sha256(), *wanted);
  };
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return bytes;
}

tl::expected<BlobTransfer::Facts, TransferError> BlobTransfer::look_at(
    std::string_view url, const std::stop_token& stop) {
  Task task{.request = {.method = Method::head, .url = std::string{url}}};
  task.check = [](const HttpAnswer& answer) -> Outcome {
    if (answer.content_length && answer.modified_at && !answer.etag.empty()) return {};
    return failed(Code::refused, "the answer lacks Content-Length, Last-Modified or ETag");
  };
  auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return Facts{.bytes = *answer->content_length,
               .modified_at = *answer->modified_at,
               .etag = std::move(answer->etag)};
}

Outcome BlobTransfer::read(std::string_view url, const std::string& etag, std::uint64_t offset,
                           std::span<std::byte> out, const std::stop_token& stop) {
  if (out.empty()) return {};
  std::size_t filled = 0;
  Task task{.request = {.method = Method::get,
                        .url = std::string{url},
                        .header_lines = {"If-Match: " + etag,
                                         "Range: bytes=" + std::to_string(offset) + "-" +
                                             std::to_string(offset + out.size() - 1)}}};
  task.begin = [&] { filled = 0; };
  task.request.take = [&](std::span<const std::byte> piece) {
    if (piece.size() > out.size() - filled) {
      task.failure = {Code::refused, "more came than the part that was asked for"};
      return false;
    }
    std::copy(piece.begin(), piece.end(), out.begin() + static_cast<std::ptrdiff_t>(filled));
    filled += piece.size();
    return true;
  };
  task.check = [&](const HttpAnswer& answer) -> Outcome {
    constexpr long partial_content = 206;
    if (answer.status == partial_content && filled == out.size()) return {};
    return failed(Code::damaged, "the part that was asked for did not come whole");
  };
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return {};
}

Outcome BlobTransfer::upload(std::string_view url, std::span<const std::byte> bytes,
                             const std::string& sha256, const std::stop_token& stop) {
  Task task{.request = {.method = Method::put,
                        .url = std::string{url},
                        .header_lines = {"Content-Digest: " + content_digest(sha256)},
                        .body_bytes = bytes.size()}};
  task.request.body = [&](std::uint64_t offset, std::span<std::byte> out) {
    const auto piece = bytes.subspan(static_cast<std::size_t>(offset), out.size());
    std::copy(piece.begin(), piece.end(), out.begin());
    return piece.size();
  };
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return {};
}

Outcome BlobTransfer::upload(std::string_view url, const FileDescriptor& file, std::uint64_t bytes,
                             const std::string& sha256, const std::stop_token& stop) {
  Task task{.request = {.method = Method::put,
                        .url = std::string{url},
                        .header_lines = {"Content-Digest: " + content_digest(sha256)},
                        .body_bytes = bytes}};
  task.request.body = [&](std::uint64_t offset, std::span<std::byte> out) -> std::size_t {
    const ssize_t got = ::pread(file.number(), out.data(), out.size(), static_cast<off_t>(offset));
    if (got > 0) return static_cast<std::size_t>(got);
    task.failure =
        got < 0 ? from_store(error_from_errno(errno, "cannot read " + file.path().string()))
                : TransferError{Code::damaged, file.path().string() + " is shorter than it was"};
    return 0;
  };
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return {};
}

Outcome BlobTransfer::remove(std::string_view url, const std::stop_token& stop) {
  Task task{.request = {.method = Method::remove, .url = std::string{url}}};
  const auto answer = run(task, stop);
  if (!answer) return tl::unexpected{answer.error()};
  return {};
}

tl::expected<HttpAnswer, TransferError> BlobTransfer::run(Task& task, const std::stop_token& stop) {
  // What stands before the path decides whom it is asked of.
  if (!task.request.url.starts_with('/')) {
    return failed(Code::refused, "a URL for a blob does not begin with a slash");
  }
  task.request.url = "http://127.0.0.1:" + std::to_string(port_) + task.request.url;
  const jobs::RetryPolicy policy{.base = options_.first_wait,
                                 .factor = 2.0,
                                 .max = options_.longest_wait,
                                 .jitter = 0.5,
                                 .attempts = options_.attempts};
  const auto deadline = std::chrono::steady_clock::now() + options_.timeout;
  for (std::uint32_t failures = 1;; ++failures) {
    const auto time_left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    auto outcome = attempt(task, time_left, stop);
    if (outcome) return outcome;
    auto& error = outcome.error();
    const auto wait = jobs::retry_delay(policy, failures, jobs::random_fraction());
    const bool again = may_pass(error.code, task.refused) && wait &&
                       std::chrono::steady_clock::now() + *wait < deadline;
    if (!again) {
      error.message = in_words(task.request) + ": " + error.message;
      if (failures > 1) error.message += " (tried " + std::to_string(failures) + " times)";
      return outcome;
    }
    if (!wait_for(*wait, stop)) return failed(Code::cancelled, "the transfer was cancelled");
  }
}

tl::expected<HttpAnswer, TransferError> BlobTransfer::attempt(Task& task,
                                                              std::chrono::milliseconds time_left,
                                                              const std::stop_token& stop) {
  if (stop.stop_requested()) return failed(Code::cancelled, "the transfer was cancelled");
  task.failure.reset();
  task.refused = false;
  task.begin();
  if (task.failure) return tl::unexpected{*task.failure};
  auto answer = exchange_.run(
      task.request,
      {.connect = options_.connect_timeout, .stall = options_.stall_timeout, .total = time_left},
      stop);
  if (!answer) {
    if (task.failure) return tl::unexpected{std::move(*task.failure)};
    const auto kind = answer.error().kind;
    return failed(kind == HttpFailure::Kind::cancelled ? Code::cancelled : Code::transient,
                  std::move(answer.error().message));
  }
  if (auto refusal = refusal_of(*answer, task.request.method)) {
    task.refused = true;
    return tl::unexpected{std::move(*refusal)};
  }
  if (auto checked = task.check(*answer); !checked) return tl::unexpected{checked.error()};
  return std::move(*answer);
}

}  // namespace darkroom::persistence
