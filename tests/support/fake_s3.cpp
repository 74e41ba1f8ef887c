#include "support/fake_s3.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>
#include <vector>

namespace pofetch::testing {
namespace {

std::string hex(const std::string& bytes) {
  constexpr const char* digits = "0123456789abcdef";
  std::string made;
  for (const char c : bytes) {
    made += digits[static_cast<unsigned char>(c) >> 4U];
    made += digits[static_cast<unsigned char>(c) & 15U];
  }
  return made;
}

std::string sha256_of(const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string hmac_of(const std::string& key, const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()), &length);
  return digest;
}

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto begin = at + before.size();
  return text.substr(begin, std::min(text.find(after, begin), text.size()) - begin);
}

std::string decoded(const std::string& text) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      made += text[i];
      continue;
    }
    made += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
    i += 2;
  }
  return made;
}

std::vector<std::string> pieces(const std::string& text, char separator) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string each; std::getline(stream, each, separator);) all.push_back(each);
  return all;
}

std::string path_of(const origin_request& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string query_of(const origin_request& request) {
  const auto at = request.target.find('?');
  return at == std::string::npos ? std::string() : request.target.substr(at + 1);
}

std::string query_value(const origin_request& request, const std::string& name) {
  for (const std::string& each : pieces(query_of(request), '&'))
    if (each.starts_with(name + "=")) return decoded(each.substr(name.size() + 1));
  return {};
}

void refuse(origin_peer& peer, int status, const std::string& code) {
  peer.reply(status,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code +
                 "</Code><Message>no</Message><Token>of somebody</Token></Error>",
             {{"Content-Type", "application/xml"}});
}

}  // namespace

fake_s3::fake_s3(fake_s3_options options)
    : options_(std::move(options)),
      server_([this](const origin_request& request, origin_peer& peer) { answer(request, peer); },
              origin_options{.plain_http = true}) {}

std::map<std::string, fake_s3::object> fake_s3::objects() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}

void fake_s3::put(const std::string& key, const std::string& body) {
  const std::lock_guard lock(mutex_);
  objects_[key] = {body, "\"" + hex(sha256_of(body)).substr(0, 32) + "\"", {}};
}

void fake_s3::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  objects_.erase(key);
}

std::string fake_s3::complaints() const {
  const std::lock_guard lock(mutex_);
  return complaints_;
}

std::size_t fake_s3::requests(const std::string& method) const {
  const auto all = server_.log();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const origin_request& each) {
    return each.method == method && each.target.find("/.pofetch/") == std::string::npos;
  }));
}

/// Signature Version 4, from the head as it came.
std::string fake_s3::signature_problem(const origin_request& request) const {
  const std::string given = request.header("authorization");
  const std::string scope = between(given, "Credential=", ",");
  const std::string names = between(given, "SignedHeaders=", ",");
  if (!scope.starts_with(options_.access_key + "/")) return "InvalidAccessKeyId";
  if (request.header("x-amz-security-token") != options_.token) return "InvalidToken";
  const std::string digest = request.header("x-amz-content-sha256");
  std::string fields;
  for (const std::string& name : pieces(names, ';')) fields += name + ":" + request.header(name) + "\n";
  for (const char* needed : {"host", "x-amz-date", "x-amz-content-sha256"})
    if ((";" + names + ";").find(std::string(";") + needed + ";") == std::string::npos) return "AccessDenied";
  std::vector<std::string> query = pieces(query_of(request), '&');
  std::sort(query.begin(), query.end());
  std::string sorted;
  for (const std::string& each : query) sorted += (sorted.empty() ? "" : "&") + each;
  const std::string canonical =
      request.method + "\n" + path_of(request) + "\n" + sorted + "\n" + fields + "\n" + names + "\n" + digest;
  const std::vector<std::string> parts = pieces(scope, '/');
  if (parts.size() != 5) return "AuthorizationHeaderMalformed";
  const std::string text = "AWS4-HMAC-SHA256\n" + request.header("x-amz-date") + "\n" +
                           scope.substr(scope.find('/') + 1) + "\n" + hex(sha256_of(canonical));
  std::string key = "AWS4" + options_.secret;
  for (std::size_t i = 1; i < parts.size(); ++i) key = hmac_of(key, parts[i]);
  return hex(hmac_of(key, text)) == between(given, "Signature=", ",") ? "" : "SignatureDoesNotMatch";
}

void fake_s3::answer(const origin_request& request, origin_peer& peer) {
  if (options_.before && options_.before(request, peer)) return;
  if (const std::string problem = signature_problem(request); !problem.empty()) {
    {
      const std::lock_guard lock(mutex_);
      complaints_ += problem + " " + request.method + " " + request.target + "\n";
    }
    return refuse(peer, 403, problem);
  }
  const std::string path = path_of(request);
  const std::string lead = "/" + options_.bucket;
  if (path != lead && !path.starts_with(lead + "/")) return refuse(peer, 404, "NoSuchBucket");
  const std::string key = path.size() > lead.size() ? decoded(path.substr(lead.size() + 1)) : std::string();
  if (request.method == "PUT") return answer_put(key, request, peer);
  if (request.method == "DELETE") {
    remove(key);
    peer.reply(204, "");
    return;
  }
  if (key.empty()) return answer_list(request, peer);
  answer_get(key, request, peer);
}

void fake_s3::answer_put(const std::string& key, const origin_request& request, origin_peer& peer) {
  if (hex(sha256_of(request.body)) != request.header("x-amz-content-sha256"))
    return refuse(peer, 400, "XAmzContentSHA256Mismatch");
  {
    const std::lock_guard lock(mutex_);
    const auto there = objects_.find(key);
    const std::string match = request.header("if-match");
    if (options_.conditions && request.header("if-none-match") == "*" && there != objects_.end())
      return refuse(peer, 412, "PreconditionFailed");
    if (options_.conditions && !match.empty() && (there == objects_.end() || there->second.etag != match))
      return refuse(peer, 412, "PreconditionFailed");
    object made{request.body, "\"" + hex(sha256_of(request.body)).substr(0, 32) + "\"", {}};
    for (const auto& [name, value] : request.headers)
      if (name.starts_with("x-amz-meta-") || name.starts_with("content-type") ||
          name == "content-disposition")
        made.fields.emplace(name, value);
    objects_[key] = std::move(made);
  }
  if (options_.stored && options_.stored(request, peer)) return;
  peer.reply(200, "", {{"ETag", "\"" + hex(sha256_of(request.body)).substr(0, 32) + "\""}});
}

void fake_s3::answer_get(const std::string& key, const origin_request& request, origin_peer& peer) {
  const auto all = objects();
  const auto found = all.find(key);
  if (found == all.end() && request.method == "HEAD") {
    peer.send_head(404, {{"Content-Length", "0"}});
    return;
  }
  if (found == all.end()) return refuse(peer, 404, "NoSuchKey");
  origin_peer::fields fields(found->second.fields.begin(), found->second.fields.end());
  fields.emplace_back("ETag", found->second.etag);
  fields.emplace_back("Last-Modified", "Tue, 01 Dec 2026 00:00:00 GMT");
  if (request.method != "HEAD") {
    peer.reply(200, found->second.body, fields);
    return;
  }
  fields.emplace_back("Content-Length", std::to_string(found->second.body.size()));
  peer.send_head(200, fields);
}

void fake_s3::answer_list(const origin_request& request, origin_peer& peer) {
  const std::string prefix = query_value(request, "prefix");
  const std::string after = query_value(request, "start-after");
  const std::string most = query_value(request, "max-keys");
  std::size_t room = most.empty() ? 1000 : std::stoul(most);
  bool all = true;
  std::string body = "<?xml version=\"1.0\"?><ListBucketResult>";
  for (const auto& [key, one] : objects()) {
    if (!key.starts_with(prefix) || key <= after) continue;
    all = room > 0;
    if (room-- == 0) break;
    body += "<Contents><Key>" + key + "</Key><Size>" + std::to_string(one.body.size()) +
            "</Size><ETag>&quot;" + one.etag.substr(1, one.etag.size() - 2) + "&quot;</ETag></Contents>";
  }
  body += std::string("<IsTruncated>") + (all ? "false" : "true") + "</IsTruncated>";
  peer.reply(200, body + "</ListBucketResult>", {{"Content-Type", "application/xml"}});
}

}  // namespace pofetch::testing
