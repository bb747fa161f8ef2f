#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <gtest/gtest.h>

#include "actors/message_block.hpp"
#include "actors/messages.hpp"
#include "tests/cluster/pictures.hpp"
#include "tests/cluster/service_process.hpp"

// The registry ends by a fault of its own, and its workers go on.

namespace darkroom::cluster {
namespace {

struct PeerConfig : caf::actor_system_config {
  PeerConfig() {
    actors::add_messages(*this);
    load<caf::io::middleman>();
    set("middleman.app-identifiers", std::vector<std::string>{actors::wire_version});
  }
};

/// Connects as a worker does and ends the registry as a crash would: nothing is flushed and nobody
/// is told.
void kill_registry(std::uint16_t node_port) {
  PeerConfig config;
  caf::actor_system system{config};
  const auto registry =
      system.middleman().remote_actor<actors::WorkerRegistryActor>("127.0.0.1", node_port);
  if (!registry) throw std::runtime_error("no registry: " + system.render(registry.error()));
  caf::scoped_actor self{system};
  self->monitor(*registry);
  self->send_exit(*registry, caf::exit_reason::kill);
  bool down = false;
  self->receive([&](const caf::down_msg&) { down = true; }, caf::after(patience) >> [] {});
  if (!down) throw std::runtime_error("the registry goes on");
}

TEST(RegistryRestart, ItsWorkersFindTheNewOneAndKeepTheirJobs) {
  const tests::TemporaryFolder folder;
  ServiceProcess service{folder.path() / "data"};
  const ApiClient& client = service.client();
  const std::string id = client.create_job("large.ppm", ppm_of(large_picture()));
  ASSERT_TRUE(client.wait_for_worker(id)) << "the job ended unseen";
  const ProcessIdentity worker = service.worker("local-1");

  kill_registry(service.node_port());
  ASSERT_TRUE(service.program().wait_for_output("job-registry ended, restarting"));
  const auto joined_again = [&] {
    const std::string log = service.program().output();
    const std::string words = "worker joined worker=local-1";
    return log.find(words) != log.rfind(words);
  };
  ASSERT_TRUE(eventually(joined_again));

  const JobReport job = client.wait_for_end(id);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  EXPECT_EQ(job.attempts.size(), 1U) << "the worker's lease did not survive";
  EXPECT_TRUE(is_alive(worker));
  const std::string next = client.create_job("small.jpg", jpeg_of(quadrants(400, 300)));
  EXPECT_EQ(client.wait_for_end(next).status, "completed");
}

}  // namespace
}  // namespace darkroom::cluster
