#include "persistence/field_writer.hpp"

#include <array>
#include <bit>
#include <span>

#include "persistence/hex.hpp"

namespace darkroom::persistence {
namespace {

/// The bytes of a varint: seven bits in each, the lowest first, the highest bit set in all but the
/// last.
struct Varint {
  explicit Varint(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U)
      bytes.at(size++) = static_cast<char>(static_cast<std::uint8_t>(value | 0x80U));
    bytes.at(size++) = static_cast<char>(value);
  }

  std::array<char, 10> bytes{};
  std::size_t size = 0;
};

}  // namespace

void FieldWriter::hash(unsigned number, const std::string& text) {
  if (text.empty()) return;
  if (const auto bytes = parse_hex_sha256(text)) {
    put_bytes(number, {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  } else {
    put_bytes(number + 1, text);
  }
}

void FieldWriter::key(unsigned number, const std::string& text) {
  if (text.empty()) return;
  const auto at = text.find(id_);
  if (at == std::string::npos || text.find(id_mark) != std::string::npos) {
    put_bytes(number + 1, text);
    return;
  }
  begin_bytes(number);
  const auto start = out_->size();
  out_->append(text, 0, at);
  out_->push_back(id_mark);
  out_->append(text, at + id_.size());
  end_bytes(start);
}

void FieldWriter::put(unsigned number, double value) {
  put_tag(number, WireType::fixed64);
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8U)
    out_->push_back(static_cast<char>(static_cast<std::uint8_t>(bits)));
}

void FieldWriter::put(unsigned number, jobs::Colour value) {
  put(number, std::uint32_t{value.red} << 16U | std::uint32_t{value.green} << 8U |
                  std::uint32_t{value.blue});
}

void FieldWriter::put(unsigned number, const jobs::JobId& value) {
  put_bytes(number, {reinterpret_cast<const char*>(value.bytes().data()), value.bytes().size()});
}

void FieldWriter::put_bytes(unsigned number, std::string_view bytes) {
  put_tag(number, WireType::bytes);
  put_varint(bytes.size());
  out_->append(bytes);
}

void FieldWriter::put_tag(unsigned number, WireType type) {
  put_varint(std::uint64_t{number} << 3U | static_cast<std::uint64_t>(type));
}

void FieldWriter::put_long_varint(std::uint64_t value) {
  const Varint varint{value};
  out_->append(varint.bytes.data(), varint.size);
}

void FieldWriter::begin_bytes(unsigned number) {
  put_tag(number, WireType::bytes);
  out_->push_back('\0');
}

void FieldWriter::end_bytes(std::size_t start) {
  const Varint size{out_->size() - start};
  out_->replace(start - 1, 1, size.bytes.data(), size.size);
}

}  // namespace darkroom::persistence
