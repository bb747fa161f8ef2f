#include "tests/network/cluster_of_hosts.hpp"

#include <csignal>
#include <stdexcept>
#include <utility>

namespace darkroom::network {
namespace {

constexpr int join_port = 7'420;

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

void ClusterOfHosts::SetUp() {
  if (const auto obstacle = VirtualNetwork::obstacle()) GTEST_SKIP() << *obstacle;
  network_.emplace();
  certs({"init"});
  add_host("coordinator");
  add_host("ingest");
}

void ClusterOfHosts::TearDown() {
  nodes_.clear();
  network_.reset();
}

void ClusterOfHosts::certs(const Arguments& words) const {
  certs(words, folder_.path() / "certs");
}

void ClusterOfHosts::certs(const Arguments& words, const std::filesystem::path& folder) {
  cluster::Program program{joined(joined({"certs"}, words), {"--directory=" + folder.string()})};
  if (program.wait_for_exit() != 0) throw std::runtime_error(program.output());
}

ClusterOfHosts::Arguments ClusterOfHosts::certificates(const std::string& name) const {
  const auto file = [&](const std::string& what) {
    return (folder_.path() / "certs" / what).string();
  };
  return {"--node-ca=" + file("ca.pem"), "--node-certificate=" + file(name + ".pem"),
          "--node-key=" + file(name + ".key"), "--node-revocations=" + file("revoked.pem")};
}

ClusterOfHosts::Node& ClusterOfHosts::add_host(const std::string& name) {
  certs({"issue", name});
  Node& added = nodes_[name];
  added.host = network_->add_host();
  added.data = folder_.path() / ("data-" + name);
  return added;
}

cluster::Program& ClusterOfHosts::start_coordinator(const Arguments& more) {
  Node& coordinator = node("coordinator");
  Arguments words{"coordinator", "--config=none", "--node-host=" + coordinator.host->address(),
                  "--node-join=" + std::to_string(join_port),
                  "--storage-path=" + coordinator.data.string()};
  coordinator.program = std::make_unique<cluster::Program>(
      joined(joined(words, certificates("coordinator")), more), coordinator.host->name_space());
  return *coordinator.program;
}

cluster::Program& ClusterOfHosts::start_ingest(const std::string& name, const Arguments& more) {
  Node& ingest = node(name);
  Arguments words{"ingest",
                  "--config=none",
                  "--join=" + node("coordinator").host->address() + ":" + std::to_string(join_port),
                  "--name=" + name,
                  "--http-host=" + ingest.host->address(),
                  "--storage-path=" + ingest.data.string()};
  ingest.program = std::make_unique<cluster::Program>(
      joined(joined(words, certificates(name)), more), ingest.host->name_space());
  return *ingest.program;
}

cluster::Program& ClusterOfHosts::start_worker(const std::string& name, int slots,
                                               const Arguments& more) {
  Node& worker = nodes_.contains(name) ? node(name) : add_host(name);
  Arguments words{"worker", "--config=none",
                  "--join=" + node("coordinator").host->address() + ":" + std::to_string(join_port),
                  "--name=" + name, "--slots=" + std::to_string(slots),
                  // All of these machines have one file system.
                  "--worker-files=network", "--storage-path=" + worker.data.string()};
  worker.program = std::make_unique<cluster::Program>(
      joined(joined(words, certificates(name)), more), worker.host->name_space());
  return *worker.program;
}

void ClusterOfHosts::start_cluster(int workers, const Arguments& coordinator) {
  start_coordinator(coordinator);
  start_ingest();
  for (int i = 1; i <= workers; ++i)
    start_worker("w" + std::to_string(i));
  ASSERT_TRUE(comes_to_workers(static_cast<std::uint64_t>(workers)));
}

void ClusterOfHosts::order(const Arguments& words) {
  cluster::Program program{
      joined(words, {"--config=none", "--storage-path=" + node("coordinator").data.string()})};
  if (program.wait_for_exit() != 0) throw std::runtime_error(program.output());
}

void ClusterOfHosts::end(const std::string& name, int signal) {
  auto& program = *node(name).program;
  program.send(signal);
  ASSERT_TRUE(program.wait_for_exit());
}

testing::AssertionResult ClusterOfHosts::comes_to_workers(std::uint64_t count) {
  if (cluster::eventually([&] { return client().workers() == count; })) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << client().workers() << " workers, not " << count;
}

testing::AssertionResult ClusterOfHosts::all_complete(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    const auto job = client().wait_for_end(id);
    if (job.status != "completed") {
      return testing::AssertionFailure() << id << " is " << job.status << ": " << job.error_message;
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace darkroom::network
