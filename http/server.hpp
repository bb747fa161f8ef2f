#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "actors/job_service.hpp"
#include "http/listener.hpp"
#include "http/node_facts.hpp"
#include "http/options.hpp"
#include "imaging/probe.hpp"
#include "jobs/rendition.hpp"
#include "jobs/timestamp.hpp"
#include "persistence/blob_store.hpp"
#include "persistence/client_url.hpp"

namespace darkroom::http {

/// Reads a parameter of an upload, with all that is to be checked of it. The error is a sentence
/// for the client. Called from many threads at once.
template <class Value>
using ParameterReader = std::function<tl::expected<Value, std::string>(std::string_view)>;

/// Reads `renditions`, a JSON array.
using RenditionReader = ParameterReader<std::vector<jobs::RenditionSpec>>;
/// Reads `expires_in`, how long the job is to live.
using LifetimeReader = ParameterReader<std::chrono::milliseconds>;
/// A queue, and the priority of uploads that say none.
struct QueueChoice {
  std::string name;
  jobs::Priority priority = jobs::Priority::normal;

  friend bool operator==(const QueueChoice&, const QueueChoice&) = default;
};

/// Reads `queue`, the name of one that there is.
using QueueReader = ParameterReader<QueueChoice>;
/// Reads `callback_url`, whom to tell of a job's end.
using CallbackReader = ParameterReader<std::string>;

/// A picture to be fetched, and what is asked of it: the members of a JSON object.
struct SourceRequest {
  std::string url;
  /// Names and values, as in a form; a value that is no text is as JSON has it.
  std::vector<std::pair<std::string, std::string>> parameters;
};

/// Reads such an object, which may have `source_url` and these parameters. The error is a sentence
/// for the client. Called from many threads at once.
using SourceReader = std::function<tl::expected<SourceRequest, std::string>(
    std::string_view json, std::span<const std::string> parameters)>;

/// What the routes work with; each must outlive the server.
struct Services {
  actors::JobService& jobs;
  persistence::BlobStore& blobs;
  imaging::Limits limits;
  RenditionReader read_renditions = {};   ///< Empty: uploads may only name presets.
  LifetimeReader read_expires_in = {};    ///< Empty: not taken.
  QueueReader read_queue = {};            ///< Empty: there is none but `default`.
  CallbackReader read_callback_url = {};  ///< Empty: the service sends no webhooks.
  SourceReader read_source = {};          ///< Empty: pictures are not fetched from URLs.
  std::chrono::milliseconds max_delay{std::chrono::hours{720}};  ///< Of `not_before`, from now.
  bool reuse_results = false;     ///< Of uploads that do not say `reuse` themselves.
  std::string_view version = {};  ///< Of the program, for GET /.
  jobs::WallClock wall_clock = jobs::system_now;
  /// Signs the addresses of files for clients. Null: nothing does.
  const persistence::ClientUrlKey* client_urls = nullptr;
  StorageReader read_storage = {};  ///< For metrics; empty: they do without.
};

class RouteSet;

/// An HTTP/1.1 server with a set of routes, on threads of its own.
class Server {
 public:
  /// Serves what comes to `listener` by these routes. Throws std::invalid_argument where
  /// `trusted_proxies` cannot be read; the configuration is checked for it before.
  [[nodiscard]] static std::unique_ptr<Server> start(Listener listener, Options options,
                                                     std::unique_ptr<RouteSet> routes);

  /// The same by the routes for clients. So an address can be had before anything else is begun.
  [[nodiscard]] static std::unique_ptr<Server> start(Listener listener, Options options,
                                                     Services services);

  /// Binds and starts to serve. The error says why the address cannot be had and what to change.
  [[nodiscard]] static tl::expected<std::unique_ptr<Server>, std::string> start(Options options,
                                                                                Services services);

  virtual ~Server() = default;

  /// The port bound, also where port 0 was asked for.
  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Stops listening, lets requests under way finish, cuts off those that take longer than
  /// `grace`, for which it takes limits::last_words more, and returns when all threads are done.
  /// Idempotent; the destructor calls it.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace darkroom::http
