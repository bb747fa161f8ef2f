// commit_until_killed DIRECTORY: opens the RocksDB job store there and creates jobs for ever. The
// id of each goes to standard output, one a line, once the store has acknowledged it.

#include <iostream>

#include <unistd.h>

#include "persistence/job_store.hpp"
#include "tests/persistence/sample_job.hpp"

int main(int argc, char** argv) {
  using namespace darkroom::persistence;
  if (argc != 2) return 2;
  const auto store = open_rocks_job_store(argv[1], {});
  if (!store) {
    std::cerr << store.error().message << '\n';
    return 1;
  }
  while (true) {
    const JobChange creation{.before = std::nullopt, .after = full_job()};
    if (const auto committed = (*store)->commit({&creation, 1}); !committed) {
      std::cerr << committed.error().message << '\n';
      return 1;
    }
    const auto line = creation.after->id.to_string() + '\n';
    // One write(2) a line: what the parent reads is never half an id but for the last.
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return 1;
  }
}
