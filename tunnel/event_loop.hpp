#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace darkroom::tunnel {

enum class Readiness : std::uint8_t { readable, writable };

/// One thread that waits for sockets and times. Everything that it calls runs on that thread, one
/// after the other, so what belongs to a loop needs no lock. All signals are blocked there: the
/// node's own thread gets them, and a write to a closed socket fails with EPIPE.
class EventLoop {
 public:
  explicit EventLoop(const std::string& thread_name);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  EventLoop(EventLoop&&) = delete;
  EventLoop& operator=(EventLoop&&) = delete;
  ~EventLoop();

  /// Has `work` run on the loop's thread, soon. From any thread.
  void post(std::function<void()> work);

  /// Runs `last` on the loop's thread, then ends that thread: after this nothing runs any more.
  /// From any other thread; a second call does nothing.
  void stop(std::function<void()> last);

  /// A buffer for whoever runs on the loop, as long as it does not wait: so idle connections need
  /// none of their own.
  [[nodiscard]] std::span<char> scratch();

 private:
  friend class Descriptor;
  friend class Timer;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A socket that the loop waits for; owns and closes it. For use on the loop's thread, or before
/// anything waits.
class Descriptor {
 public:
  /// Takes over `number`, which must be an open socket.
  Descriptor(EventLoop& loop, int number);
  Descriptor(Descriptor&&) noexcept;
  Descriptor& operator=(Descriptor&&) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  /// -1 once it is closed.
  [[nodiscard]] int number() const;

  /// Calls `then` once when the socket is ready or has failed; never after close().
  void when(Readiness readiness, std::function<void()> then);

  void close();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// For use on the loop's thread, or before it is started.
class Timer {
 public:
  explicit Timer(EventLoop& loop);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  Timer(Timer&&) = delete;
  Timer& operator=(Timer&&) = delete;
  ~Timer();

  /// Calls `then` once after that time, unless cancelled or started anew before.
  void start(std::chrono::milliseconds after, std::function<void()> then);
  void cancel();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace darkroom::tunnel
