#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "persistence/blob_store.hpp"

namespace darkroom::nodes {

/// Removes temporary files of that age or older from a blob store, at once and then after each
/// interval, on a thread of its own. For a node without a janitor. Ends with this object.
class TemporarySweeper {
 public:
  /// `blobs` must outlive this object.
  TemporarySweeper(persistence::BlobStore& blobs, std::chrono::milliseconds interval,
                   std::chrono::milliseconds age);

 private:
  void sweep_until_stopped(const std::stop_token& stop);

  persistence::BlobStore& blobs_;
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds age_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  ///< Last: it uses all of the above.
};

}  // namespace darkroom::nodes
