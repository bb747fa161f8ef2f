#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "jobs/timestamp.hpp"
#include "persistence/error.hpp"
#include "persistence/file_descriptor.hpp"
#include "persistence/http_exchange.hpp"
#include "persistence/transfer_options.hpp"

namespace darkroom::persistence {

enum class TransferErrorCode : std::uint8_t {
  not_found,   ///< There is no such file.
  refused,     ///< The URL is not good for this, or this side asks for what makes no sense.
  expired,     ///< The URL was good once; ask for another.
  too_large,   ///< The file has more bytes than the URL allows, or than were asked for.
  no_space,    ///< A disk is full, here or there: the message says which.
  unwritable,  ///< A disk takes nothing for another reason, here or there.
  damaged,     ///< What came is not what was sent, time and again.
  transient,   ///< No connection, no answer in time, or the other side does not work now.
  cancelled,
};

/// `message` is for the operator; a URL in it has no signature.
struct TransferError {
  TransferErrorCode code = TransferErrorCode::transient;
  std::string message;
  bool here = false;  ///< It is a disk of this machine that is full, or takes nothing.
};

[[nodiscard]] StoreError to_store_error(const TransferError& error);

/// Moves blobs to and from the node that holds them, by signed URLs ("/blobs/...?..."), which are
/// asked of a port of this machine: the connector behind it passes them on.
///
/// Bytes are streamed, and what came or went is compared with its SHA-256. What may pass (no
/// connection, 5xx, 429, an answer cut off or damaged) is tried again after a wait that grows,
/// until the attempts or the time are spent; what will not (403, 404, 413, 422, a full disk) is
/// not. Only whole transfers are repeated, and each is harmless to repeat.
///
/// Blocks. Keeps one connection. Not thread-safe: one for each thread.
class BlobTransfer {
 public:
  BlobTransfer(const TransferOptions& options, std::uint16_t port)
      : options_(options), port_(port) {}

  void set_port(std::uint16_t port) { port_ = port; }

  /// What a file must be.
  struct Wanted {
    std::string sha256;  ///< 64 hex digits.
    std::uint64_t bytes = 0;
  };

  /// Writes the file to `target`, from its beginning and in place of what is there. It is not
  /// synced. No more bytes than wanted are ever taken.
  [[nodiscard]] tl::expected<void, TransferError> download(std::string_view url,
                                                           const Wanted& wanted,
                                                           const FileDescriptor& target,
                                                           const std::stop_token& stop = {});

  /// A small file whole, of `most` bytes. It must be what its Content-Digest says, which the answer
  /// must have.
  [[nodiscard]] tl::expected<std::vector<std::byte>, TransferError> download(
      std::string_view url, std::uint64_t most, const std::stop_token& stop = {});

  struct Facts {
    std::uint64_t bytes = 0;
    jobs::Timestamp modified_at;  ///< In whole seconds.
    std::string etag;
  };
  [[nodiscard]] tl::expected<Facts, TransferError> look_at(std::string_view url,
                                                           const std::stop_token& stop = {});

  /// Fills all of `out` with what the file has from `offset` on. It must have so many bytes, and
  /// still be the one of that ETag (else: damaged).
  [[nodiscard]] tl::expected<void, TransferError> read(std::string_view url,
                                                       const std::string& etag,
                                                       std::uint64_t offset,
                                                       std::span<std::byte> out,
                                                       const std::stop_token& stop = {});

  /// Once it returns without an error the bytes are durable at the other side.
  [[nodiscard]] tl::expected<void, TransferError> upload(std::string_view url,
                                                         std::span<const std::byte> bytes,
                                                         const std::string& sha256,
                                                         const std::stop_token& stop = {});

  /// The same with the first `bytes` of a file.
  [[nodiscard]] tl::expected<void, TransferError> upload(std::string_view url,
                                                         const FileDescriptor& file,
                                                         std::uint64_t bytes,
                                                         const std::string& sha256,
                                                         const std::stop_token& stop = {});

  [[nodiscard]] tl::expected<void, TransferError> remove(std::string_view url,
                                                         const std::stop_token& stop = {});

 private:
  struct Task;

  [[nodiscard]] tl::expected<HttpAnswer, TransferError> run(Task& task,
                                                            const std::stop_token& stop);
  [[nodiscard]] tl::expected<HttpAnswer, TransferError> attempt(Task& task,
                                                                std::chrono::milliseconds time_left,
                                                                const std::stop_token& stop);

  TransferOptions options_;
  std::uint16_t port_;
  HttpExchange exchange_;
};

}  // namespace darkroom::persistence
