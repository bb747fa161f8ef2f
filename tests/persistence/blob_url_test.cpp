#include "persistence/blob_url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/persistence/parsed_url.hpp"

namespace darkroom::persistence {
namespace {

using std::chrono::seconds;
using testing::StartsWith;

constexpr std::string_view key = "uploads/resized/a.jpg";
constexpr jobs::Timestamp start{seconds{1'767'225'600}};

SigningKey key_of(std::uint8_t byte) {
  SigningKey bytes{};
  bytes.fill(byte);
  return bytes;
}

class BlobUrl : public testing::Test {
 protected:
  /// What comes of a request to `url`; "allowed N" with the limit.
  [[nodiscard]] std::string outcome(std::string_view method, const std::string& url,
                                    jobs::Timestamp now = start) const {
    const auto parsed = tests::parse_url(url);
    const auto grant = signer_.verify(method, parsed.path, parsed.parameters, now);
    if (grant) return "allowed " + std::to_string(grant->limit);
    return grant.error() == UrlRefusal::expired ? "expired" : "bad";
  }

  UrlSigner signer_{key_of(7)};
};

TEST_F(BlobUrl, IsAPathWithAQuery) {
  EXPECT_THAT(signer_.sign(BlobMethod::put, key, start, 99),
              StartsWith("/blobs/uploads/resized/a.jpg?method=PUT&expires=1767225600&limit=99&"
                         "signature="));
  // Computed by `openssl dgst -sha256 -hmac`, with a key of 32 bytes 0x37 ("7").
  EXPECT_EQ(UrlSigner{key_of('7')}.sign(BlobMethod::get, key, start),
            "/blobs/uploads/resized/a.jpg?method=GET&expires=1767225600&signature="
            "26c2371c142434aa0f288061506a2a7759c8caee7dbdab96338b655033c49fb7");
}

TEST_F(BlobUrl, AllowsWhatItWasSignedFor) {
  const auto later = start + seconds{60};
  EXPECT_EQ(outcome("GET", signer_.sign(BlobMethod::get, key, later)), "allowed 0");
  EXPECT_EQ(outcome("HEAD", signer_.sign(BlobMethod::get, key, later)), "allowed 0");
  EXPECT_EQ(outcome("PUT", signer_.sign(BlobMethod::put, key, later, 99)), "allowed 99");
  EXPECT_EQ(outcome("DELETE", signer_.sign(BlobMethod::remove, key, later)), "allowed 0");
  EXPECT_EQ(outcome("GET", signer_.sign_watermark("logo", later)), "allowed 0");
}

TEST_F(BlobUrl, IsOfNoUseForAnotherMethod) {
  const auto later = start + seconds{60};
  for (const auto signed_for : {BlobMethod::get, BlobMethod::put, BlobMethod::remove}) {
    const auto url = signer_.sign(signed_for, key, later, 99);
    for (const auto* method : {"GET", "HEAD", "PUT", "DELETE", "POST", "get", ""}) {
      const bool same = method == to_string(signed_for) ||
                        (std::string_view{method} == "HEAD" && signed_for == BlobMethod::get);
      EXPECT_EQ(outcome(method, url) == "bad", !same) << method << " " << url;
    }
  }
}

TEST_F(BlobUrl, EndsInTheSecondThatItNames) {
  const auto url = signer_.sign(BlobMethod::get, key, start + std::chrono::milliseconds{1'500});
  EXPECT_EQ(outcome("GET", url, start + std::chrono::milliseconds{1'999}), "allowed 0");
  EXPECT_EQ(outcome("GET", url, start + seconds{2}), "expired");
  EXPECT_EQ(outcome("GET", url, start + std::chrono::hours{1'000}), "expired");
}

TEST_F(BlobUrl, CannotBeChanged) {
  const auto url = signer_.sign(BlobMethod::put, key, start + seconds{60}, 99);
  for (std::size_t i = 0; i < url.size(); ++i) {
    for (const char other : {'0', 'a', '&', '=', '/', '.'}) {
      auto changed = url;
      if (changed[i] == other) continue;
      changed[i] = other;
      EXPECT_EQ(outcome("PUT", changed), "bad") << changed;
    }
    EXPECT_EQ(outcome("PUT", url.substr(0, i)), "bad") << i;
  }
}

TEST_F(BlobUrl, OfAnotherKeyIsBad) {
  const UrlSigner other{key_of(8)};
  EXPECT_EQ(outcome("GET", other.sign(BlobMethod::get, key, start + seconds{60})), "bad");
  // Nor does it tell that it would have expired.
  EXPECT_EQ(outcome("GET", other.sign(BlobMethod::get, key, start - seconds{60})), "bad");
}

TEST_F(BlobUrl, TakesNoParameterTwiceAndNoneOfOthers) {
  const auto url = signer_.sign(BlobMethod::put, key, start + seconds{60}, 99);
  for (const auto* more : {"&limit=100", "&limit=99", "&method=PUT", "&expires=1", "&signature=0",
                           "&x=y", "&limit="}) {
    EXPECT_EQ(outcome("PUT", url + more), "bad") << more;
  }
  EXPECT_EQ(outcome("PUT", "/blobs/uploads/resized/a.jpg"), "bad");
}

TEST_F(BlobUrl, OfNoFileOfOursIsBadHoweverItIsSigned) {
  const auto later = start + seconds{60};
  for (const auto* path : {"../etc/passwd", "uploads/../jobs/CURRENT", "uploads/a", "uploads//a",
                           "jobs/CURRENT", "", "signing-key", "uploads/a/b\n"}) {
    EXPECT_EQ(outcome("GET", signer_.sign(BlobMethod::get, path, later)), "bad") << path;
  }
  for (const auto* name : {"../logo", "", "Logo", "a/b", "a.png"}) {
    EXPECT_EQ(outcome("GET", signer_.sign_watermark(name, later)), "bad") << name;
  }
}

TEST_F(BlobUrl, TakesNumbersAsTheyWereSigned) {
  const auto url = signer_.sign(BlobMethod::get, key, start + seconds{60});
  for (const auto* expires : {"expires=01767225660", "expires=%201767225660",
                              "expires=99999999999999999999", "expires=-1", "expires=1e12"}) {
    auto changed = url;
    changed.replace(changed.find("expires="), std::string{"expires=1767225660"}.size(), expires);
    EXPECT_EQ(outcome("GET", changed), "bad") << expires;
  }
}

}  // namespace
}  // namespace darkroom::persistence
