#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "persistence/blob_transfer.hpp"

namespace darkroom::persistence {

/// Transfers for many threads, each with a connection that is used again. Thread-safe.
class TransferPool {
 public:
  TransferPool(const TransferOptions& options, std::uint16_t port)
      : options_(options), port_(port) {}

  /// Calls `use` with a transfer that nobody else uses meanwhile, and returns what it returns.
  template <class Use>
  auto with(const Use& use) {
    const Loan loan{*this};
    return use(*loan.transfer);
  }

 private:
  /// Connections that are kept while nobody uses them.
  static constexpr std::size_t most_idle = 16;

  struct Loan {
    explicit Loan(TransferPool& from) : pool(from), transfer(from.take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Loan(Loan&&) = delete;
    Loan& operator=(Loan&&) = delete;
    ~Loan() { pool.give_back(std::move(transfer)); }

    TransferPool& pool;
    std::unique_ptr<BlobTransfer> transfer;
  };

  [[nodiscard]] std::unique_ptr<BlobTransfer> take() {
    const std::scoped_lock lock{mutex_};
    if (idle_.empty()) return std::make_unique<BlobTransfer>(options_, port_);
    auto transfer = std::move(idle_.back());
    idle_.pop_back();
    return transfer;
  }

  void give_back(std::unique_ptr<BlobTransfer> transfer) {
    const std::scoped_lock lock{mutex_};
    if (idle_.size() < most_idle) idle_.push_back(std::move(transfer));
  }

  TransferOptions options_;
  std::uint16_t port_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<BlobTransfer>> idle_;
};

}  // namespace darkroom::persistence
