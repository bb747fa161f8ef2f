#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/files/temporary_folder.hpp"
#include "tests/torture/audit.hpp"
#include "tests/torture/chaos.hpp"
#include "tests/torture/service_under_test.hpp"
#include "tests/torture/uploader.hpp"

// Uploads to a real service whose processes are killed, stopped and continued at random, and then
// accounts for every upload that was acknowledged.

namespace {

using namespace darkroom;
using namespace std::chrono_literals;

/// Uploads run while harm is done, for `duration`.
void run(torture::ServiceUnderTest& service, torture::Chaos& chaos, torture::UploadLog& log,
         std::chrono::milliseconds duration, std::vector<std::string>& faults) {
  constexpr int uploaders = 2;
  const auto pictures = torture::make_pictures();
  std::atomic<bool> stop{false};
  std::vector<std::vector<std::string>> faults_of(uploaders);
  std::vector<std::thread> threads;
  for (int i = 0; i < uploaders; ++i) {
    threads.emplace_back([&, i] {
      torture::upload_until(stop, service.client(), pictures, "uploader-" + std::to_string(i), log,
                            faults_of.at(static_cast<std::size_t>(i)));
    });
  }
  const auto end = std::chrono::steady_clock::now() + duration;
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(700ms);
    chaos.strike();
  }
  stop = true;
  for (auto& thread : threads)
    thread.join();
  for (const auto& some : faults_of)
    faults.insert(faults.end(), some.begin(), some.end());
}

void print(const torture::Chaos& chaos, const torture::Audit& audit) {
  for (const auto& [deed, times] : chaos.deeds())
    std::cout << fmt::format("{:<32}{:>8}\n", deed, times);
  std::cout << fmt::format("{:<32}{:>8}\n", "uploads acknowledged", audit.acknowledged)
            << fmt::format("{:<32}{:>8}\n", "jobs completed", audit.completed)
            << fmt::format("{:<32}{:>8}\n", "attempts that were repeated", audit.repeated_attempts)
            << fmt::format("{:<32}{:>8}\n", "files downloaded and decoded", audit.files)
            << fmt::format("{:<32}{:>8}\n", "faults", audit.faults.size());
  if (!audit.recoveries.empty()) {
    std::cout << fmt::format(
        "from a worker's death to its job's next attempt: median {} ms, "
        "longest {} ms, of {}\n",
        audit.recoveries.at(audit.recoveries.size() / 2).count(), audit.recoveries.back().count(),
        audit.recoveries.size());
  }
  for (const auto& fault : audit.faults)
    std::cout << "FAULT " << fault << '\n';
}

int torture_for(double minutes, std::uint64_t seed) {
  const tests::TemporaryFolder folder;
  std::cout << fmt::format("seed {}, {} minutes of harm\n", seed, minutes) << std::flush;
  torture::ServiceUnderTest service{folder.path() / "data"};
  torture::Chaos chaos{service, seed};
  torture::UploadLog log;
  std::vector<std::string> faults;
  const auto duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(minutes * std::chrono::minutes{1});
  run(service, chaos, log, duration, faults);
  auto audit = torture::audit(service.client(), log.all(), chaos.kills());
  audit.faults.insert(audit.faults.end(), faults.begin(), faults.end());
  if (audit.acknowledged == 0) audit.faults.emplace_back("no upload was acknowledged at all");

  // No job but those that were acknowledged, and every file as its record says.
  service.end_service(SIGTERM);
  service.end_lone_worker(SIGTERM);
  cluster::Program verify{
      {"store", "verify", "--config=none", "--storage-path=" + service.data().string()}};
  if (verify.wait_for_exit(5min) != 0) {
    audit.faults.push_back("darkroom store verify found damage:\n" + verify.output());
  }
  // Each upload was sent until it was acknowledged, often twice.
  const auto as_many = fmt::format("read {} jobs and ", audit.acknowledged);
  if (verify.output().find(as_many) == std::string::npos) {
    audit.faults.push_back("the store does not have one job for each upload:\n" + verify.output());
  }
  std::cout << verify.output();
  print(chaos, audit);
  return audit.faults.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{
      "Kills and stops the processes of a real service at random under uploads, and "
      "accounts for every acknowledged one"};
  double minutes = 1;
  std::uint64_t seed = std::random_device{}();
  program.add_option("--minutes", minutes, "How long harm is done [1]")
      ->check(CLI::Range(0.05, 10'000.0));
  program.add_option("--seed", seed, "Which harm, and when [a random one]");
  CLI11_PARSE(program, argc, argv);
  try {
    return torture_for(minutes, seed);
  } catch (const std::exception& exception) {
    std::cerr << "torture: " << exception.what() << '\n';
    return 1;
  }
}
