#include "tests/torture/uploader.hpp"

#include <chrono>
#include <thread>

#include "tests/cluster/job_report.hpp"
#include "tests/cluster/pictures.hpp"

namespace darkroom::torture {
namespace {

constexpr std::chrono::milliseconds pause{50};

/// The service was away, or said that it is to be asked again.
bool is_to_be_repeated(int status) {
  return status == 0 || status == 409 || status == 429 || status == 503;
}

}  // namespace

std::vector<Picture> make_pictures() {
  std::vector<Picture> pictures;
  for (const auto& [width, height] : {std::pair{400U, 300U}, {1'600U, 1'200U}, {3'000U, 2'000U}}) {
    pictures.push_back({cluster::jpeg_of(cluster::quadrants(width, height)), width, height});
  }
  return pictures;
}

void upload_until(const std::atomic<bool>& stop, const cluster::ApiClient& client,
                  const std::vector<Picture>& pictures, const std::string& name, UploadLog& log,
                  std::vector<std::string>& faults) {
  for (std::uint64_t number = 0; !stop; ++number) {
    const auto& picture = pictures.at(number % pictures.size());
    const auto key = name + "-" + std::to_string(number);
    auto answer = client.upload("photo.jpg", picture.file, key);
    while (is_to_be_repeated(answer.status)) {
      std::this_thread::sleep_for(pause);
      answer = client.upload("photo.jpg", picture.file, key);
    }
    if (answer.status == 201 || answer.status == 200) {
      log.add({cluster::parse_job_report(answer.body).id, key, picture.width, picture.height});
    } else {
      faults.push_back("upload " + key + " was answered " + std::to_string(answer.status) + ": " +
                       answer.body);
    }
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace darkroom::torture
