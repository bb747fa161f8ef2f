// Runs seeds of the simulation and prints those that fail; tools/simulate --help.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/simulation/fault_plan.hpp"
#include "tests/simulation/simulation.hpp"

namespace {

namespace simulation = darkroom::simulation;

struct Asked {
  std::uint64_t seeds = 1'000;
  std::uint64_t from = 1;
  std::uint64_t step = 1;
  std::optional<std::uint64_t> seed;
  std::string weaken = "none";
  bool verbose = false;
  bool keep_going = false;
};

void print_failure(const simulation::RunOutcome& outcome, const Asked& asked) {
  const auto& first = outcome.violations.front();
  const auto weaken = asked.weaken == "none" ? std::string{} : " --weaken " + asked.weaken;
  fmt::print("\nSEED {} FAILED: {}{}\n", outcome.seed, first.what,
             first.job ? " job=" + first.job->to_string() : std::string{});
  fmt::print("{}\n{}\nReplay it: tools/simulate --seed {}{}\n", outcome.plan, outcome.trace,
             outcome.seed, weaken);
}

/// Returns how many failed.
std::uint64_t run(const Asked& asked, simulation::Weakness weakness) {
  const auto began = std::chrono::steady_clock::now();
  const auto last = asked.from + asked.seeds;
  std::uint64_t runs = 0;
  std::uint64_t steps = 0;
  std::uint64_t jobs = 0;
  std::uint64_t failed = 0;
  for (auto seed = asked.from; seed < last; seed += asked.step) {
    const auto outcome = simulation::run_seed(seed, weakness);
    ++runs;
    steps += outcome.steps;
    jobs += outcome.jobs;
    if (outcome.violations.empty()) continue;
    ++failed;
    print_failure(outcome, asked);
    if (!asked.keep_going) break;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{} seeds, {} failed; {} jobs, {} messages in {:.1f} s: {:.0f} seeds/s\n", runs,
             failed, jobs, steps, took.count(), static_cast<double>(runs) / took.count());
  return failed;
}

/// Shows the whole of one run.
bool show(const Asked& asked, simulation::Weakness weakness) {
  const auto outcome = simulation::run_seed(*asked.seed, weakness, true);
  fmt::print("seed {}: {}\n{}trace {:016x}\n", outcome.seed, outcome.plan,
             asked.verbose || !outcome.violations.empty() ? outcome.trace : std::string{},
             outcome.trace_hash);
  for (const auto& violation : outcome.violations) {
    fmt::print("VIOLATED: {}{}\n", violation.what,
               violation.job ? " job=" + violation.job->to_string() : std::string{});
  }
  if (outcome.violations.empty()) fmt::print("All held.\n");
  return outcome.violations.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Asked asked;
  CLI::App app{
      "Runs the real registry, workers and janitor in virtual time, with faults by a seed."};
  app.name("tools/simulate");
  app.add_option("--seeds", asked.seeds, "How many seeds")->capture_default_str();
  app.add_option("--from", asked.from, "The first of them")->capture_default_str();
  app.add_option("--step", asked.step, "From one seed to the next")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", asked.seed, "This seed alone; prints its trace where it fails");
  app.add_flag("--verbose", asked.verbose, "With --seed: prints the trace in any case");
  app.add_flag("--keep-going", asked.keep_going, "Does not stop at the first seed that fails");
  app.add_option("--weaken", asked.weaken, "Switches a part of the service off, to see it noticed")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const auto weakness = simulation::parse_weakness(asked.weaken);
  if (!weakness) {
    std::string names;
    for (const auto each : simulation::weaknesses)
      names += fmt::format(" {}", simulation::to_string(each));
    fmt::print(stderr, "tools/simulate: there is no weakness {}; there are:{}\n", asked.weaken,
               names);
    return 2;
  }
  if (asked.seed) return show(asked, *weakness) ? 0 : 1;
  return run(asked, *weakness) == 0 ? 0 : 1;
}
