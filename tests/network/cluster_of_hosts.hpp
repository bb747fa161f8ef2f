#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cluster/api_client.hpp"
#include "tests/cluster/program.hpp"
#include "tests/files/temporary_folder.hpp"
#include "tests/network/virtual_network.hpp"

namespace darkroom::network {

/// A coordinator, an ingest node and worker nodes, each on a machine of its own, that trust each
/// other by certificates. Skips its tests, and says so, where there can be no such machines.
class ClusterOfHosts : public testing::Test {
 protected:
  using Arguments = std::vector<std::string>;

  struct Node {
    std::unique_ptr<VirtualHost> host;
    std::unique_ptr<cluster::Program> program;
    std::filesystem::path data;
  };

  void SetUp() override;
  void TearDown() override;

  /// A machine that runs nothing yet, with a certificate for that name.
  Node& add_host(const std::string& name);
  Node& node(const std::string& name) { return nodes_.at(name); }

  /// Runs the node's program on its machine, where an earlier one must have ended.
  cluster::Program& start_coordinator(const Arguments& more = {});
  cluster::Program& start_ingest(const std::string& name = "ingest", const Arguments& more = {});
  cluster::Program& start_worker(const std::string& name, int slots = 1,
                                 const Arguments& more = {});
  /// Those three, with so many workers called w1, w2 and so on, once the workers have joined.
  void start_cluster(int workers, const Arguments& coordinator = {});

  /// Runs a command of the coordinator's operator, such as `darkroom queues pause`.
  void order(const Arguments& words);

  /// Ends the node's program by a signal and waits for that.
  void end(const std::string& name, int signal);

  [[nodiscard]] cluster::ApiClient client(const std::string& ingest = "ingest") {
    return cluster::ApiClient{8'000, node(ingest).host->address()};
  }
  [[nodiscard]] testing::AssertionResult comes_to_workers(std::uint64_t count);

  /// Waits for each of the jobs, and tells of those that did not complete.
  [[nodiscard]] testing::AssertionResult all_complete(const std::vector<std::string>& ids);

  /// The flags by which a node proves itself.
  [[nodiscard]] Arguments certificates(const std::string& name) const;
  /// `darkroom certs` with the folder of this cluster's certificates.
  void certs(const Arguments& words) const;
  /// The same with another folder.
  static void certs(const Arguments& words, const std::filesystem::path& folder);

  tests::TemporaryFolder folder_;

 private:
  std::optional<VirtualNetwork> network_;
  std::map<std::string, Node> nodes_;
};

}  // namespace darkroom::network
