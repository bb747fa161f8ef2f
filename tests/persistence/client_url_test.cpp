#include "persistence/client_url.hpp"

#include <gtest/gtest.h>

#include "tests/persistence/parsed_url.hpp"

namespace darkroom::persistence {
namespace {

using std::chrono::seconds;

constexpr std::string_view path = "/files/uploads/resized/a.jpg";
constexpr jobs::Timestamp start{seconds{1'767'225'600}};

SigningKey key_of(std::uint8_t byte) {
  SigningKey bytes{};
  bytes.fill(byte);
  return bytes;
}

class ClientUrl : public testing::Test {
 protected:
  /// What comes of a request for `url`; "until N", in seconds since 1970.
  [[nodiscard]] std::string outcome(const std::string& url, jobs::Timestamp now = start) const {
    const auto parsed = tests::parse_url(url);
    const auto until = urls_.verify(parsed.path, parsed.parameters, now);
    if (until) {
      return "until " + std::to_string(until->time_since_epoch() / seconds{1});
    }
    return until.error() == UrlRefusal::expired ? "expired" : "bad";
  }

  ClientUrls urls_{ClientUrls::key_from(key_of(7))};
};

TEST_F(ClientUrl, IsThePathWithItsEndAndItsSignature) {
  // Computed by `openssl dgst -sha256 -hmac`, with a key of 32 bytes 0x37 ("7").
  EXPECT_EQ(ClientUrls{key_of('7')}.sign(path, start),
            "/files/uploads/resized/a.jpg?expires=1767225600&signature="
            "0261f7eec1e96d5100a1c24c5345a72acb7f85ca6a6c1444c72018717db686c8");
}

TEST_F(ClientUrl, IsGoodForItsPathUntilItsEnd) {
  const auto url = urls_.sign(path, start + seconds{60});
  EXPECT_EQ(outcome(url), "until 1767225660");
  EXPECT_EQ(outcome(url + "&download=1"), "until 1767225660");
  EXPECT_EQ(outcome(url, start + std::chrono::milliseconds{59'999}), "until 1767225660");
  EXPECT_EQ(outcome(url, start + seconds{60}), "expired");
  EXPECT_EQ(outcome("/files/uploads/resized/b.jpg" + url.substr(path.size())), "bad");
}

TEST_F(ClientUrl, CannotBeChanged) {
  const auto url = urls_.sign(path, start + seconds{60});
  for (std::size_t i = 0; i < url.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto changed = url;
      changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ (1U << bit));
      EXPECT_EQ(outcome(changed), "bad") << i << " " << bit;
    }
    EXPECT_EQ(outcome(url.substr(0, i)), "bad") << i;
  }
}

TEST_F(ClientUrl, OfAnotherKeyIsBad) {
  const ClientUrls others{ClientUrls::key_from(key_of(8))};
  EXPECT_EQ(outcome(others.sign(path, start + seconds{60})), "bad");
  // Nor does it tell that it would have expired.
  EXPECT_EQ(outcome(others.sign(path, start - seconds{60})), "bad");
  // The signing key itself signs what nodes reach files by, and nothing here.
  EXPECT_EQ(outcome(ClientUrls{key_of(7)}.sign(path, start + seconds{60})), "bad");
}

TEST_F(ClientUrl, TakesEachParameterOnce) {
  const auto url = urls_.sign(path, start + seconds{60});
  for (const auto* more : {"&expires=1767225660", "&expires=1", "&signature=0"})
    EXPECT_EQ(outcome(url + more), "bad") << more;
  EXPECT_EQ(outcome(std::string{path}), "bad");
}

TEST_F(ClientUrl, TakesTheEndAsItWasSigned) {
  for (const auto* expires : {"01767225660", "+1767225660", "%201767225660", "-1", "1e12", "",
                              "99999999999999999999", "9999999999999999"}) {
    auto changed = urls_.sign(path, start + seconds{60});
    changed.replace(changed.find("1767225660"), 10, expires);
    EXPECT_EQ(outcome(changed), "bad") << expires;
  }
}

TEST_F(ClientUrl, OfAPathOfSeveralLinesIsBad) {
  const std::string lines = "/files/a\n1767225660";
  const auto parsed = tests::parse_url(urls_.sign(lines, start + seconds{60}));
  EXPECT_FALSE(urls_.verify(lines, parsed.parameters, start));
}

TEST_F(ClientUrl, IsToldFromOneThatIsNotSigned) {
  EXPECT_FALSE(ClientUrls::is_signed({}));
  EXPECT_FALSE(ClientUrls::is_signed({{"download", "1"}}));
  EXPECT_TRUE(ClientUrls::is_signed({{"signature", ""}}));
  EXPECT_TRUE(ClientUrls::is_signed({{"expires", "1"}}));
}

TEST(ClientUrlKey, IsThereOnceItWasTold) {
  ClientUrlKey key;
  EXPECT_FALSE(key.urls());
  key.set(key_of(1));
  EXPECT_EQ(key.urls().value().sign(path, start), ClientUrls{key_of(1)}.sign(path, start));
}

}  // namespace
}  // namespace darkroom::persistence
