#pragma once

#include "persistence/job_store.hpp"

namespace darkroom::actors {

/// Logs what a committed change did to its job, one line for each event: attempts started and
/// ended, the job's end, its removal. Each line ends in job=ID and what else can be searched for.
void log_job_change(const persistence::JobChange& change);

/// The same of a batch: that it was made, or is completed. Nothing for other records.
void log_batch_change(const persistence::RecordChange& change);

}  // namespace darkroom::actors
