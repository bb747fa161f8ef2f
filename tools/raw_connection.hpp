#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "persistence/file_descriptor.hpp"

namespace darkroom::tools {

/// A socket that is connected to a port of this machine, or the error in words. A client that takes
/// little is told so by `receive_buffer`, in bytes; 0: as the kernel has it.
[[nodiscard]] tl::expected<persistence::FileDescriptor, std::string> connect_locally(
    std::uint16_t port, int receive_buffer = 0);

/// A client's connection to a server on this machine that takes as little of the processor as it
/// can: no library, nothing copied. For one thread.
class RawConnection {
 public:
  [[nodiscard]] static tl::expected<RawConnection, std::string> open(std::uint16_t port);

  /// Sends the pieces one after the other, and waits for one answer that has a Content-Length.
  /// Returns its status; after an error the connection is of no use.
  [[nodiscard]] tl::expected<int, std::string> exchange(
      std::span<const std::span<const std::byte>> pieces);

  /// Of the last answer, header and body.
  [[nodiscard]] const std::string& answer() const { return received_; }

 private:
  explicit RawConnection(persistence::FileDescriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] tl::expected<int, std::string> read_answer();

  persistence::FileDescriptor socket_;
  std::string received_;
};

/// Where the header of the message ends, with the empty line; npos while it is not whole.
[[nodiscard]] std::size_t end_of_header(std::string_view message);
/// What Content-Length says in a whole header; 0 where there is none.
[[nodiscard]] std::size_t content_length_of(std::string_view header);

}  // namespace darkroom::tools
