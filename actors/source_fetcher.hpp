#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <tl/expected.hpp>

#include "actors/messages.hpp"
#include "actors/source_options.hpp"
#include "actors/task_files.hpp"
#include "actors/task_stop.hpp"
#include "imaging/backend.hpp"
#include "imaging/probe.hpp"
#include "outbound/web_client.hpp"

namespace darkroom::actors {

struct SourceFetcherConfig {
  jobs::WorkerId worker;
  std::shared_ptr<TaskFiles> files;  ///< Its own: a task runner has others.
  std::shared_ptr<const outbound::WebClient> client;
  SourceOptions options;
  std::uint64_t max_bytes = 0;  ///< Of a picture.
  imaging::Limits limits;
  const imaging::Backend* backend = nullptr;
  /// That of its slot's task runner, which never has the same task at the same time.
  std::shared_ptr<TaskStop> stop = std::make_shared<TaskStop>();
  /// Invalid only until the fetcher is spawned by a worker.
  FetchReportActor reports_to;
};

/// State of a SOURCE FETCHER: gets the original of one task after the other from the URL that its
/// job names, streams it into the blob store, and looks whether it is a picture that an upload
/// could be, before it is kept. What it asks for comes from clients, so its client goes only where
/// the guard lets it.
struct SourceFetcherState {
  static inline const char* name = "source-fetcher";

  explicit SourceFetcherState(SourceFetcherActor::pointer actor) : self(actor) {}

  void start(const Task& task);
  /// The original as it is kept, or why there is none.
  [[nodiscard]] tl::expected<FetchedReport, jobs::JobError> fetch(const Task& task,
                                                                  const std::stop_token& stop);
  [[nodiscard]] tl::expected<void, jobs::JobError> download(const Task& task, NewOriginal& file,
                                                            const std::stop_token& stop);
  /// What an upload of this file would be checked for.
  [[nodiscard]] tl::expected<imaging::ImageInfo, jobs::JobError> examine(
      const Task& task, const NewOriginal::Whole& whole) const;

  SourceFetcherActor::pointer self;
  SourceFetcherConfig config;
};

/// Spawn it detached: it blocks on the network and the disk.
SourceFetcherActor::behavior_type source_fetcher(
    SourceFetcherActor::stateful_pointer<SourceFetcherState> self, SourceFetcherConfig config);

}  // namespace darkroom::actors
