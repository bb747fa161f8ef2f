#include <csignal>
#include <set>

#include "tests/cluster/pictures.hpp"
#include "tests/network/cluster_of_hosts.hpp"

// What a cluster of several machines does, and that it works at all.

namespace darkroom::network {
namespace {

using cluster::eventually;
using cluster::JobReport;
using cluster::jpeg_of;
using cluster::large_picture;
using cluster::ppm_of;
using cluster::quadrants;

class ClusterTest : public ClusterOfHosts {
 protected:
  std::vector<std::string> upload(int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; ++i)
      ids.push_back(client().create_job("small.jpg", jpeg_of(quadrants(400, 300))));
    return ids;
  }

  /// The same while the queue is paused, so that all workers then begin at once.
  std::vector<std::string> upload_at_once(int count) {
    order({"queues", "pause", "default"});
    auto ids = upload(count);
    order({"queues", "resume", "default"});
    return ids;
  }

  /// Which nodes have completed jobs.
  std::set<std::string> nodes_of(const std::vector<std::string>& ids) {
    std::set<std::string> names;
    for (const auto& id : ids) {
      const std::string worker = client().job(id).attempts.back().worker;
      names.insert(worker.substr(0, worker.rfind('-')));
    }
    return names;
  }

  /// A job that a worker is at for a second or more, and the node of that worker.
  std::pair<std::string, std::string> start_long_job() {
    const auto id = client().create_job("large.ppm", ppm_of(large_picture()));
    const auto worker = client().wait_for_worker(id).value_or("");
    return {id, worker.substr(0, worker.rfind('-'))};
  }
};

TEST_F(ClusterTest, MakesRenditionsOnOtherMachines) {
  start_cluster(3);
  const auto ids = upload_at_once(12);
  ASSERT_TRUE(all_complete(ids));
  EXPECT_EQ(nodes_of(ids).size(), 3U);
  for (const auto& id : ids) {
    const auto job = client().job(id);
    EXPECT_EQ(job.attempts.size(), 1U);
    ASSERT_EQ(job.renditions.size(), 3U);
    for (const auto& rendition : job.renditions) {
      const auto file = client().get(rendition.url);
      ASSERT_EQ(file.status, 200);
      EXPECT_EQ(file.body.size(), rendition.bytes);
      const auto picture = cluster::decoded(file.body);
      EXPECT_EQ(picture->width(), rendition.width);
      EXPECT_LT(cluster::mean_difference(*picture, quadrants(400, 300)), 8);
    }
    EXPECT_EQ(client().get(job.original_url).body, jpeg_of(quadrants(400, 300)));
  }
  // Nothing of that was kept but at the coordinator.
  EXPECT_FALSE(std::filesystem::exists(node("w1").data / "uploads"));
  EXPECT_FALSE(std::filesystem::exists(node("ingest").data / "uploads"));
}

TEST_F(ClusterTest, ComesTogetherInAnyOrder) {
  auto& worker = start_worker("w1");
  ASSERT_TRUE(worker.wait_for_output("waiting for the coordinator: "));
  auto& ingest = start_ingest();
  ASSERT_TRUE(ingest.wait_for_output("waiting for the coordinator: "));
  EXPECT_EQ(client().get("/readyz").status, 503);
  EXPECT_EQ(client().upload("a.jpg", jpeg_of(quadrants(40, 30))).status, 503);
  start_coordinator();
  EXPECT_TRUE(eventually([&] { return client().get("/readyz").status == 200; }));
  EXPECT_TRUE(all_complete(upload(2)));
}

TEST_F(ClusterTest, HasSeveralIngestNodes) {
  start_cluster(1);
  add_host("ingest2");
  start_ingest("ingest2");
  ASSERT_TRUE(eventually([&] { return client("ingest2").get("/readyz").status == 200; }));
  const auto id = client("ingest").create_job("a.jpg", jpeg_of(quadrants(400, 300)));
  const auto job = client("ingest2").wait_for_end(id);
  EXPECT_EQ(job.status, "completed") << job.error_message;
  EXPECT_EQ(client("ingest2").get(job.renditions[0].url).status, 200);
}

TEST_F(ClusterTest, NewWorkersTakeTheirPartOfTheLoad) {
  start_cluster(1);
  const auto ids = upload(60);
  start_worker("w2");
  start_worker("w3");
  ASSERT_TRUE(comes_to_workers(3));
  const auto more = upload_at_once(30);
  ASSERT_TRUE(all_complete(ids));
  ASSERT_TRUE(all_complete(more));
  EXPECT_EQ(nodes_of(more), (std::set<std::string>{"w1", "w2", "w3"}));
}

TEST_F(ClusterTest, AWorkerThatIsToldToStopFinishesItsWork) {
  start_cluster(1);
  const auto [id, worker] = start_long_job();
  ASSERT_EQ(worker, "w1");
  end("w1", SIGTERM);
  EXPECT_EQ(client().workers(), 0U);
  const auto job = client().job(id);
  ASSERT_EQ(job.attempts.size(), 1U);
  // Done in time, or handed back at no cost.
  EXPECT_TRUE(job.status == "completed" || job.attempts[0].outcome == "handed_back")
      << job.status << ' ' << job.attempts[0].outcome;
}

/// With a copy of its certificate.
TEST_F(ClusterTest, ASecondNodeOfOneNameIsRefused) {
  start_cluster(1);
  Node& impostor = add_host("impostor");
  impostor.program = std::make_unique<cluster::Program>(
      [&] {
        // Without --name: it is that of the certificate.
        Arguments words{"worker",
                        "--config=none",
                        "--join=" + node("coordinator").host->address() + ":7420",
                        "--slots=1",
                        "--worker-files=network",
                        "--storage-path=" + impostor.data.string()};
        for (const auto& word : certificates("w1"))
          words.push_back(word);
        return words;
      }(),
      impostor.host->name_space());
  EXPECT_TRUE(impostor.program->wait_for_output("Another"));
  EXPECT_TRUE(impostor.program->wait_for_output("called w1"));
  EXPECT_TRUE(all_complete(upload(3)));
}

TEST_F(ClusterTest, ANodeUnderAnotherNameThanItsCertificateHasDoesNotStart) {
  Node& impostor = add_host("impostor");
  Arguments words{"worker", "--config=none", "--join=192.0.2.1:7420", "--name=w1",
                  "--storage-path=" + impostor.data.string()};
  for (const auto& word : certificates("impostor"))
    words.push_back(word);
  cluster::Program program{words, impostor.host->name_space()};
  EXPECT_EQ(program.wait_for_exit(), 1);
  EXPECT_NE(program.output().find("this node is called \"w1\" (--name), and node.certificate: "),
            std::string::npos)
      << program.output();
  EXPECT_NE(program.output().find("is that of \"impostor\""), std::string::npos);
}

TEST_F(ClusterTest, ANodeWithoutACertificateOfTheClusterIsRefused) {
  start_cluster(1);
  const tests::TemporaryFolder foreign;
  certs({"init"}, foreign.path());
  certs({"issue", "w2"}, foreign.path());
  Node& stranger = add_host("stranger");
  const auto file = [&](const char* name) { return (foreign.path() / name).string(); };
  stranger.program = std::make_unique<cluster::Program>(
      Arguments{"worker", "--config=none",
                "--join=" + node("coordinator").host->address() + ":7420", "--name=w2",
                "--storage-path=" + stranger.data.string(), "--node-ca=" + file("ca.pem"),
                "--node-certificate=" + file("w2.pem"), "--node-key=" + file("w2.key")},
      stranger.host->name_space());
  EXPECT_TRUE(stranger.program->wait_for_output("waiting for the coordinator: "));
  EXPECT_TRUE(stranger.program->wait_for_output("certificate"));
  EXPECT_TRUE(all_complete(upload(3)));
  EXPECT_EQ(client().workers(), 1U);
}

}  // namespace
}  // namespace darkroom::network
