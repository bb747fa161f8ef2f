#include "tunnel/host_lookup.hpp"

#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace darkroom::tunnel {

struct HostLookup::Mailbox {
  std::mutex mutex;
  EventLoop* loop = nullptr;  ///< Null once nobody waits any more.
};

HostLookup::HostLookup(EventLoop& loop) : mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->loop = &loop;
}

HostLookup::~HostLookup() {
  const std::scoped_lock lock{mailbox_->mutex};
  mailbox_->loop = nullptr;
}

void HostLookup::find(const std::string& host, std::uint16_t port,
                      std::function<void(Found)> then) {
  const std::uint64_t id = ++last_id_;
  waiting_.emplace(id, std::move(then));
  const auto work = [this, mailbox = mailbox_, id, host, port] {
    Found found = look_up(host, port);
    const std::scoped_lock lock{mailbox->mutex};
    if (mailbox->loop == nullptr) return;
    mailbox->loop->post(
        [this, id, found = std::move(found)]() mutable { deliver(id, std::move(found)); });
  };
  try {
    std::thread{work}.detach();
  } catch (const std::system_error& error) {
    mailbox_->loop->post([this, id, why = std::string{error.what()}] {
      deliver(id, tl::unexpected{"no thread to look the host up: " + why});
    });
  }
}

void HostLookup::deliver(std::uint64_t id, Found found) {
  const auto entry = waiting_.extract(id);
  if (!entry.empty()) entry.mapped()(std::move(found));
}

}  // namespace darkroom::tunnel
