#include "tunnel/event_loop.hpp"

#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <pthread.h>
#include <signal.h>
#include <spdlog/spdlog.h>

namespace darkroom::tunnel {
namespace {

constexpr std::size_t scratch_size = std::size_t{32} << 10U;
/// What Linux takes for the name of a thread, without the zero byte.
constexpr std::size_t max_thread_name = 15;

}  // namespace

struct EventLoop::Impl {
  // One thread, so Asio need not wake others for new work.
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::vector<char> scratch = std::vector<char>(scratch_size);
  std::thread thread;

  void run() {
    while (true) {
      try {
        context.run();
        return;
      } catch (const std::exception& error) {
        // Of one connection; the others go on.
        spdlog::error("node port: {}", error.what());
      }
    }
  }
};

EventLoop::EventLoop(const std::string& thread_name) : impl_(std::make_unique<Impl>()) {
  // A new thread inherits the mask, so there is no moment in which it could get a signal.
  sigset_t all{};
  sigset_t before{};
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  impl_->thread = std::thread{[impl = impl_.get()] { impl->run(); }};
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_setname_np(impl_->thread.native_handle(),
                       thread_name.substr(0, max_thread_name).c_str());
}

EventLoop::~EventLoop() {
  stop([] {});
}

void EventLoop::post(std::function<void()> work) {
  asio::post(impl_->context, std::move(work));
}

void EventLoop::stop(std::function<void()> last) {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->context, [this, last = std::move(last)] {
    last();
    impl_->work.reset();
    impl_->context.stop();
  });
  impl_->thread.join();
}

std::span<char> EventLoop::scratch() {
  return impl_->scratch;
}

struct Descriptor::Impl {
  asio::posix::stream_descriptor socket;
};

Descriptor::Descriptor(EventLoop& loop, int number)
    : impl_(std::make_shared<Impl>(
          Impl{asio::posix::stream_descriptor{loop.impl_->context, number}})) {}
Descriptor::Descriptor(Descriptor&&) noexcept = default;
Descriptor& Descriptor::operator=(Descriptor&&) noexcept = default;
Descriptor::~Descriptor() = default;

int Descriptor::number() const {
  return impl_->socket.is_open() ? impl_->socket.native_handle() : -1;
}

void Descriptor::when(Readiness readiness, std::function<void()> then) {
  const auto what = readiness == Readiness::readable ? asio::posix::stream_descriptor::wait_read
                                                     : asio::posix::stream_descriptor::wait_write;
  // A completion may be queued already when the socket is closed.
  impl_->socket.async_wait(
      what, [then = std::move(then), impl = std::weak_ptr{impl_}](const std::error_code& error) {
        const auto alive = impl.lock();
        if (!error && alive && alive->socket.is_open()) then();
      });
}

void Descriptor::close() {
  std::error_code ignored;
  impl_->socket.close(ignored);
}

struct Timer::Impl {
  asio::steady_timer timer;
  std::uint64_t turn = 0;
};

Timer::Timer(EventLoop& loop)
    : impl_(std::make_shared<Impl>(Impl{asio::steady_timer{loop.impl_->context}})) {}
Timer::~Timer() = default;

void Timer::start(std::chrono::milliseconds after, std::function<void()> then) {
  impl_->timer.expires_after(after);
  const std::uint64_t turn = ++impl_->turn;
  impl_->timer.async_wait(
      [then = std::move(then), turn, impl = std::weak_ptr{impl_}](const std::error_code& error) {
        const auto alive = impl.lock();
        if (!error && alive && alive->turn == turn) then();
      });
}

void Timer::cancel() {
  ++impl_->turn;
  impl_->timer.cancel();
}

}  // namespace darkroom::tunnel
