#include "persistence/field_reader.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "persistence/hex.hpp"

namespace darkroom::persistence {
namespace {

constexpr std::size_t sha256_size = 32;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void FieldReader::hash(unsigned number, std::string& text) {
  text.clear();
  if (find(number)) {
    const auto raw = bytes();
    if (raw.size() != sha256_size) report(number, "not a hash");
    text = to_hex(as_bytes(raw));
    field_.reset();
  } else if (find(number + 1)) {
    take(text);
  }
}

void FieldReader::key(unsigned number, std::string& text) {
  text.clear();
  if (find(number)) {
    const auto raw = bytes();
    const auto at = raw.find(id_mark);
    if (at == std::string_view::npos) {
      report(number, "not a key with a place for the id");
    } else {
      text.reserve(raw.size() + id_.size());
      text.append(raw.substr(0, at)).append(id_).append(raw.substr(at + 1));
    }
    field_.reset();
  } else if (find(number + 1)) {
    take(text);
  }
}

void FieldReader::finish() {
  while (!*problem_ && next())
    field_.reset();
}

bool FieldReader::find(unsigned number) {
  while (!*problem_ && next()) {
    if (field_->number == number) return true;
    if (field_->number > number) return false;
    field_.reset();
  }
  return false;
}

bool FieldReader::next() {
  if (field_) return true;
  if (rest_.empty()) return false;
  const auto tag = read_varint();
  Field field{
      .number = tag >> 3U, .type = static_cast<WireType>(tag & 7U), .value = 0, .bytes = {}};
  // The order makes the form of a record the only one, and reading it one pass.
  if (field.number < std::max<std::uint64_t>(last_, 1)) report(field.number, "out of order");
  last_ = field.number;
  switch (field.type) {
    case WireType::varint:
      field.value = read_varint();
      break;
    case WireType::fixed64: {
      const auto raw = read_bytes(8);
      for (auto byte = raw.rbegin(); byte != raw.rend(); ++byte)
        field.value = field.value << 8U | static_cast<std::uint8_t>(*byte);
      break;
    }
    case WireType::bytes:
      field.bytes = read_bytes(read_varint());
      break;
    default:
      report(field.number, "of no known type");
  }
  if (*problem_) return false;
  field_ = field;
  return true;
}

std::uint64_t FieldReader::read_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80U) return value;
  }
  report(last_, "followed by a number that does not end");
  return 0;
}

std::string_view FieldReader::read_bytes(std::uint64_t size) {
  if (size > rest_.size()) {
    report(last_, "cut off");
    return {};
  }
  const auto found = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return found;
}

void FieldReader::take(double& value) {
  if (field_->type != WireType::fixed64) report(field_->number, "not a number with a fraction");
  value = std::bit_cast<double>(field_->value);
  field_.reset();
}

void FieldReader::take(jobs::Timestamp& value) {
  std::int64_t milliseconds = 0;
  take(milliseconds);
  value = jobs::Timestamp{std::chrono::milliseconds{milliseconds}};
}

void FieldReader::take(jobs::Colour& value) {
  const auto number = varint();
  if (number > 0xFF'FFFFU) report(field_->number, "too large");
  value = {static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
           static_cast<std::uint8_t>(number)};
  field_.reset();
}

void FieldReader::take(jobs::JobId& value) {
  const auto raw = bytes();
  jobs::JobId::Bytes id{};
  if (raw.size() != id.size()) report(field_->number, "not a job id");
  std::ranges::copy(as_bytes(raw).first(std::min(raw.size(), id.size())), id.begin());
  value = jobs::JobId{id};
  field_.reset();
}

void FieldReader::take(std::string& value) {
  value = bytes();
  field_.reset();
}

std::uint64_t FieldReader::varint() {
  if (field_->type != WireType::varint) report(field_->number, "not a whole number");
  return field_->value;
}

std::string_view FieldReader::bytes() {
  if (field_->type != WireType::bytes) report(field_->number, "not text");
  return field_->bytes;
}

void FieldReader::report(std::uint64_t number, std::string_view what) {
  if (*problem_) return;
  *problem_ = "field " + path_ + std::to_string(number) + " is " + std::string{what};
}

}  // namespace darkroom::persistence
