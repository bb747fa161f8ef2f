#include "json/compact_object.hpp"

#include <cstdint>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace darkroom::json {
namespace {

/// Writes what the parser finds, as long as it is an object and not too deep.
class Copier {
 public:
  using Ch = char;
  using Size = rapidjson::SizeType;

  explicit Copier(std::size_t most_levels) : most_levels_(most_levels) {}

  bool Null() { return within() && writer_.Null(); }
  bool Bool(bool value) { return within() && writer_.Bool(value); }
  // Numbers come as their text.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool RawNumber(const Ch* text, Size length, bool) {
    return within() && writer_.RawValue(text, length, rapidjson::kNumberType);
  }
  bool String(const Ch* text, Size length, bool) {
    return within() && writer_.String(text, length);
  }
  bool StartObject() { return enter(true) && writer_.StartObject(); }
  bool Key(const Ch* text, Size length, bool) { return writer_.Key(text, length); }
  bool EndObject(Size members) { return leave() && writer_.EndObject(members); }
  bool StartArray() { return enter(false) && writer_.StartArray(); }
  bool EndArray(Size items) { return leave() && writer_.EndArray(items); }

  [[nodiscard]] bool is_too_deep() const { return levels_ > most_levels_; }
  [[nodiscard]] std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  [[nodiscard]] bool within() const { return levels_ > 0; }
  bool enter(bool object) {
    if (levels_ == 0 && !object) return false;
    ++levels_;
    return !is_too_deep();
  }
  bool leave() {
    --levels_;
    return true;
  }

  std::size_t most_levels_;
  std::size_t levels_ = 0;
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace

tl::expected<std::string, std::string> compact_object(std::string_view text,
                                                      std::size_t most_levels) {
  rapidjson::MemoryStream stream{text.data(), text.size()};
  rapidjson::Reader reader;
  Copier copier{most_levels};
  constexpr unsigned flags = rapidjson::kParseIterativeFlag |
                             rapidjson::kParseValidateEncodingFlag |
                             rapidjson::kParseNumbersAsStringsFlag;
  const auto result = reader.Parse<flags>(stream, copier);
  if (result) return copier.text();
  if (copier.is_too_deep()) {
    return tl::unexpected("it has objects or lists more than " + std::to_string(most_levels) +
                          " deep");
  }
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return tl::unexpected(std::string{"it is JSON, but no object"});
  }
  std::string_view reason = rapidjson::GetParseError_En(result.Code());
  if (reason.ends_with('.')) reason.remove_suffix(1);
  return tl::unexpected("it is no JSON, from byte " + std::to_string(result.Offset()) +
                        " on: " + std::string{reason});
}

}  // namespace darkroom::json
