#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "persistence/blob_store.hpp"

namespace darkroom::persistence {
namespace {

TEST(BlobKey, AcceptsWhatTheServiceMakes) {
  for (const std::string& key : std::vector<std::string>{
           "uploads/originals/0190a7b4-6d3e-7c1a-9b2f-000000000000.jpg",
           "uploads/resized/0190a7b4-6d3e-7c1a-9b2f-000000000000-resized.jpg",
           "uploads/my_folder-2/a", "uploads/a/b..c", "uploads/a/b.", "uploads/-/_",
           "uploads/a/" + std::string(255, 'x'), "uploads/" + std::string(255, 'x') + "/a"}) {
    EXPECT_TRUE(is_blob_key(key)) << key;
  }
}

TEST(BlobKey, RefusesEverythingElse) {
  for (const std::string& key : std::vector<std::string>{
           "",
           "/",
           "uploads",
           "uploads/",
           "uploads//",
           "uploads/a",
           "uploads/a/",
           "uploads//a",
           "uploads/a/b/",
           "uploads/a/b/c",
           "uploads/a//b",
           "/uploads/a/b",
           "./uploads/a/b",
           "Uploads/a/b",
           "uploadsx/a/b",
           "downloads/a/b",
           "temporary/a/b",
           "uploads/../b",
           "uploads/a/..",
           "uploads/./b",
           "uploads/a/.",
           "uploads/a/.hidden",
           "uploads/.hidden/a",
           "../uploads/a/b",
           "uploads/a/../../../etc/passwd",
           "uploads/a/B.jpg",
           "uploads/A/b",
           "uploads/a/b c",
           "uploads/a/b\\c",
           "uploads/a\\b",
           "uploads/a/%2e%2e",
           "uploads/a/b:c",
           "uploads/a/b\n",
           "uploads/a/\u00E4",
           "uploads/a/\xFF",
           "uploads/a/~",
           "uploads/a/*",
           std::string{"uploads/a/b\0", 12},
           std::string{"uploads/a/\0b", 12},
           "uploads/a/" + std::string(256, 'x'),
           "uploads/" + std::string(256, 'x') + "/a",
       }) {
    EXPECT_FALSE(is_blob_key(key)) << key;
  }
}

}  // namespace
}  // namespace darkroom::persistence
