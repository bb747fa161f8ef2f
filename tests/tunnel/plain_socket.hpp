#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace darkroom::tunnel::tests {

/// How long a test waits for what must come.
inline constexpr std::chrono::seconds patience{20};

/// A TCP connection of a test; every wait ends after `patience`.
class PlainSocket {
 public:
  /// Owns nothing.
  PlainSocket() = default;
  explicit PlainSocket(int number) : number_(number) {}
  PlainSocket(PlainSocket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  PlainSocket& operator=(PlainSocket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;
  ~PlainSocket();

  /// To 127.0.0.1, from that address; throws where nothing listens.
  [[nodiscard]] static PlainSocket connect(std::uint16_t port,
                                           const std::string& from = "127.0.0.1");

  [[nodiscard]] int number() const { return number_; }

  /// False where the other end takes nothing more.
  bool send(std::string_view bytes);
  void end_sending();
  /// What comes next, at most `most` bytes; empty where the connection ended or was cut.
  [[nodiscard]] std::string receive(std::size_t most = 65'536);
  /// As many bytes, or fewer where the connection ends before.
  [[nodiscard]] std::string receive_exactly(std::size_t count);
  /// All that comes until the other end has ended.
  [[nodiscard]] std::string receive_all();
  /// Whether the last receive() met the end in order, and not a cut connection (RST).
  [[nodiscard]] bool ended_in_order() const { return in_order_; }
  /// Whether the other end closes or cuts within that time, saying nothing before.
  [[nodiscard]] bool closed_within(std::chrono::milliseconds time);

 private:
  int number_ = -1;
  bool in_order_ = false;
};

}  // namespace darkroom::tunnel::tests
