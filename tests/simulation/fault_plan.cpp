#include "tests/simulation/fault_plan.hpp"

#include <fmt/format.h>

#include "jobs/enum_names.hpp"

namespace darkroom::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto weakness_names = jobs::enum_names<Weakness>(
    "none", "token", "sync", "blobs", "start", "crashes", "attempts", "lease", "janitor");

void draw_network(FaultPlan& plan, SeededRandom& random) {
  if (random.chance(0.4)) plan.lose = 0.15 * random.fraction();
  if (random.chance(0.4)) plan.duplicate = 0.2 * random.fraction();
  if (random.chance(0.4)) plan.delay = 0.2 * random.fraction();
  plan.reorder = random.chance(0.4);
  if (random.chance(0.4)) plan.cut_every = random.between(3s, 30s);
}

void draw_processes(FaultPlan& plan, SeededRandom& random) {
  if (random.chance(0.5)) plan.worker_death_every = random.between(4s, 40s);
  if (random.chance(0.4)) plan.worker_freeze_every = random.between(5s, 40s);
  if (random.chance(0.2)) plan.coordinator_freeze_every = random.between(10s, 40s);
  if (random.chance(0.4)) plan.registry_crash_every = random.between(5s, 40s);
  if (random.chance(0.3)) plan.service_crash_every = random.between(10s, 60s);
  if (random.chance(0.4)) plan.power_cut_every = random.between(10s, 60s);
  if (random.chance(0.4)) plan.crash_in_commit = 0.03 * random.fraction();
}

void draw_disks(FaultPlan& plan, SeededRandom& random) {
  if (random.chance(0.3)) plan.store_failure_every = random.between(8s, 40s);
  if (random.chance(0.3)) plan.blob_failure_every = random.between(8s, 40s);
  if (random.chance(0.25)) plan.clock_jump_every = random.between(8s, 40s);
}

void draw_jobs_and_clients(FaultPlan& plan, SeededRandom& random) {
  if (random.chance(0.5)) plan.poison = 0.3 * random.fraction();
  if (random.chance(0.5)) plan.permanent = 0.3 * random.fraction();
  if (random.chance(0.5)) plan.transient = 0.5 * random.fraction();
  if (random.chance(0.2)) plan.hang = 0.1 * random.fraction();
  if (random.chance(0.4)) plan.lost_answer = 0.3 * random.fraction();
  if (random.chance(0.5)) plan.remove = 0.4 * random.fraction();
  if (random.chance(0.4)) plan.cancel = 0.4 * random.fraction();
  if (random.chance(0.4)) plan.retry = random.fraction();
  if (random.chance(0.3)) plan.reuse = 0.6 * random.fraction();
  plan.retry_all = random.chance(0.15);
  if (random.chance(0.5)) plan.idempotency_key = random.fraction();
  plan.expiry = random.chance(0.15);
}

void draw_queues_and_operators(FaultPlan& plan, SeededRandom& random) {
  plan.two_queues = random.chance(0.5);
  plan.subscriptions = random.chance(0.5);
  if (random.chance(0.3)) plan.pause_every = random.between(4s, 20s);
  if (random.chance(0.3)) plan.drain_every = random.between(4s, 20s);
  if (random.chance(0.4)) plan.batch = 0.5 * random.fraction();
}

std::string every(std::string_view what, milliseconds mean) {
  return mean > 0ms ? fmt::format(" {} every {} s", what, mean.count() / 1000) : std::string{};
}

std::string share(std::string_view what, double probability) {
  return probability > 0 ? fmt::format(" {} {:.1f} %", what, 100 * probability) : std::string{};
}

}  // namespace

bool FaultPlan::touches_workers() const {
  return lose > 0 || delay > 0 || reorder || cut_every > 0ms || worker_death_every > 0ms ||
         worker_freeze_every > 0ms || coordinator_freeze_every > 0ms ||
         registry_crash_every > 0ms || service_crash_every > 0ms || power_cut_every > 0ms ||
         crash_in_commit > 0;
}

std::string FaultPlan::describe() const {
  return fmt::format("{}+{} workers of {} slots, {} jobs:", workers, remote_workers, slots, jobs) +
         share("lose", lose) + share("duplicate", duplicate) + share("delay", delay) +
         (reorder ? " reorder" : "") + every("cut", cut_every) +
         every("worker death", worker_death_every) + every("worker freeze", worker_freeze_every) +
         every("coordinator freeze", coordinator_freeze_every) +
         every("registry crash", registry_crash_every) +
         every("service crash", service_crash_every) + every("power cut", power_cut_every) +
         (slow_commits ? " slow commits" : "") + share("crash in commit", crash_in_commit) +
         every("store failure", store_failure_every) + every("blob failure", blob_failure_every) +
         every("clock jump", clock_jump_every) + share("poison", poison) +
         share("permanent", permanent) + share("transient", transient) + share("hang", hang) +
         share("lost answer", lost_answer) + share("remove", remove) + share("cancel", cancel) +
         share("retry", retry) + share("idempotency key", idempotency_key) + share("reuse", reuse) +
         share("batch", batch) + (retry_all ? " retry all" : "") + (expiry ? " expiry" : "") +
         (two_queues ? " two queues" : "") + (subscriptions ? " subscriptions" : "") +
         every("pause", pause_every) + every("drain", drain_every);
}

FaultPlan draw_fault_plan(SeededRandom& random) {
  FaultPlan plan;
  plan.workers = static_cast<std::uint32_t>(1 + random.below(4));
  if (random.chance(0.3)) plan.remote_workers = static_cast<std::uint32_t>(1 + random.below(2));
  plan.slots = static_cast<std::uint32_t>(1 + random.below(4));
  plan.jobs = static_cast<std::uint32_t>(5 + random.below(25));
  plan.duration = random.between(20s, 60s);
  if (random.below(16) == 0) return plan;
  plan.slow_commits = random.chance(0.8);
  draw_network(plan, random);
  draw_processes(plan, random);
  draw_disks(plan, random);
  draw_jobs_and_clients(plan, random);
  draw_queues_and_operators(plan, random);
  return plan;
}

std::string_view to_string(Weakness weakness) {
  return weakness_names.name(weakness);
}

std::optional<Weakness> parse_weakness(std::string_view text) {
  return weakness_names.parse(text);
}

}  // namespace darkroom::simulation
