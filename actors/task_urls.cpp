#include "actors/task_urls.hpp"

#include "persistence/blob_store.hpp"
#include "persistence/blob_url.hpp"

namespace darkroom::actors {

using persistence::BlobMethod;

void sign_urls(Task& task, const UrlGrants& grants, jobs::Timestamp now) {
  const auto expires_at = now + grants.expiry;
  const auto& signer = *grants.signer;
  task.rendition_urls.clear();
  task.watermark_urls.clear();
  // Of what names its renditions have the original decides; the rest comes with the answer to it.
  if (must_fetch(task)) {
    task.fetched_url =
        signer.sign(BlobMethod::put, task.original_key, expires_at, grants.max_original);
    return;
  }
  task.original_url = signer.sign(BlobMethod::get, task.original_key, expires_at);
  for (const auto& spec : task.renditions) {
    task.rendition_urls.push_back(signer.sign(BlobMethod::put,
                                              jobs::rendition_key(task.job, spec, task.attempt),
                                              expires_at, grants.max_rendition));
    task.watermark_urls.push_back(
        spec.watermark ? signer.sign_watermark(spec.watermark->name, expires_at) : std::string{});
  }
}

tl::expected<std::string, ServiceError> sign_url(const BlobGrantRequest& request,
                                                 const UrlGrants& grants, jobs::Timestamp now) {
  if (!grants.signer) {
    return tl::unexpected(ServiceError{ServiceErrorCode::unavailable,
                                       "This coordinator gives no files to other nodes."});
  }
  // Whoever connects to the node's port may send anything.
  const bool known = request.method == BlobMethod::get || request.method == BlobMethod::put ||
                     request.method == BlobMethod::remove;
  if (!known || !persistence::is_blob_key(request.key)) {
    return tl::unexpected(
        ServiceError{ServiceErrorCode::bad_request, "That is no file that a URL is given for."});
  }
  return grants.signer->sign(request.method, request.key, now + grants.expiry, request.limit);
}

}  // namespace darkroom::actors
