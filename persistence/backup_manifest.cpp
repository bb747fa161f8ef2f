#include "persistence/backup_manifest.hpp"

#include <cerrno>
#include <cstdio>
#include <span>

#include <fcntl.h>
#include <rapidjson/document.h>

#include "json/json_writer.hpp"
#include "persistence/directories.hpp"
#include "persistence/file_descriptor.hpp"
#include "persistence/read_file.hpp"
#include "persistence/system_error.hpp"

namespace darkroom::persistence {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = 1U << 16U;

std::string to_json(const BackupManifest& manifest) {
  json::JsonWriter json;
  json.member("format", BackupManifest::format);
  json.member("darkroom", manifest.version);
  json.member("made_at", jobs::to_rfc3339(manifest.made_at));
  json.member("backup_id", manifest.backup_id);
  json.member("job_store_bytes", manifest.job_store_bytes);
  json.member("jobs", manifest.jobs);
  json.member("damaged_records", manifest.damaged_records);
  json.member("blobs", manifest.blobs);
  json.member("blob_bytes", manifest.blob_bytes);
  json.member("missing_blobs", manifest.missing_blobs);
  return json.finish() + "\n";
}

tl::unexpected<StoreError> damaged(const fs::path& file, const std::string& what) {
  return tl::unexpected{
      StoreError{.code = StoreErrorCode::corrupt,
                 .message = file.string() + " is damaged: " + what + "; use another backup"}};
}

std::string text_of(const rapidjson::Document& json, const char* name) {
  const auto member = json.FindMember(name);
  if (member == json.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

}  // namespace

tl::expected<void, StoreError> write_manifest(const fs::path& folder,
                                              const BackupManifest& manifest) {
  const auto target = folder / BackupManifest::file_name;
  const auto beside = folder / (std::string{BackupManifest::file_name} + ".new");
  const auto text = to_json(manifest);
  constexpr mode_t mode = 0640;
  const auto file = FileDescriptor::open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);
  if (!file) return tl::unexpected{file.error()};
  if (auto written = file->write_all(std::as_bytes(std::span{text})); !written) return written;
  if (auto synced = file->sync(); !synced) return synced;
  if (std::rename(beside.c_str(), target.c_str()) != 0) {
    return tl::unexpected{error_from_errno(errno, "cannot rename " + beside.string())};
  }
  return sync_directory(folder);
}

tl::expected<BackupManifest, StoreError> read_manifest(const fs::path& folder) {
  const auto path = folder / BackupManifest::file_name;
  const auto bytes = read_file(path, most_bytes);
  if (!bytes && bytes.error().code == StoreErrorCode::not_found) {
    return tl::unexpected{StoreError{
        .code = StoreErrorCode::not_found,
        .message = folder.string() + " holds no whole backup: it has no " +
                   BackupManifest::file_name +
                   ", which `darkroom store backup` writes last; name the folder of a backup that "
                   "ended well"}};
  }
  if (!bytes) return tl::unexpected{bytes.error()};
  rapidjson::Document json;
  json.Parse(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (json.HasParseError() || !json.IsObject()) return damaged(path, "it is no JSON object");
  bool complete = true;
  const auto number = [&](const char* name) -> std::uint64_t {
    const auto member = json.FindMember(name);
    const bool good = member != json.MemberEnd() && member->value.IsUint64();
    complete = complete && good;
    return good ? member->value.GetUint64() : 0;
  };
  BackupManifest manifest;
  manifest.version = text_of(json, "darkroom");
  if (const auto format = number("format"); format > BackupManifest::format) {
    return tl::unexpected{StoreError{.code = StoreErrorCode::newer,
                                     .message = "the backup in " + folder.string() +
                                                " was made by Darkroom " + manifest.version +
                                                " in a form that this version does not know; " +
                                                "restore it with that version or a newer one"}};
  }
  const auto made_at = jobs::parse_rfc3339(text_of(json, "made_at"));
  manifest.made_at = made_at.value_or(jobs::Timestamp{});
  manifest.backup_id = static_cast<std::uint32_t>(number("backup_id"));
  manifest.job_store_bytes = number("job_store_bytes");
  manifest.jobs = number("jobs");
  manifest.damaged_records = number("damaged_records");
  manifest.blobs = number("blobs");
  manifest.blob_bytes = number("blob_bytes");
  manifest.missing_blobs = number("missing_blobs");
  if (!complete || !made_at) return damaged(path, "it lacks a member");
  return manifest;
}

}  // namespace darkroom::persistence
