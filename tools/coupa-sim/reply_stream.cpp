#include "coupa-sim/reply_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace coupa_sim {
namespace {

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 206:
      return "Partial Content";
    case 302:
      return "Found";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 416:
      return "Range Not Satisfiable";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

}  // namespace

reply_stream::reply_stream(site_reply reply, bool head_only, bool keep_alive)
    : reply_(std::move(reply)),
      framed_(reply_.chunked || reply_.gzip),
      total_(reply_.file ? reply_.length : reply_.body.size()),
      end_(total_),
      out_(head(keep_alive)) {
  if (reply_.gzip) gzip_ = std::make_unique<gzip_stream>();
  if (reply_.broken == fault::cut || reply_.broken == fault::stall) {
    end_ = total_ / 2;
    left_off_ = end_ < total_;
  }
  if (!head_only) return;
  done_ = true;
  left_off_ = false;
}

std::string reply_stream::head(bool keep_alive) const {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n{}", reply_.status, reason(reply_.status), reply_.fields);
  constexpr unsigned not_modified = 304;
  if (reply_.gzip) text += "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
  if (framed_)
    text += "Transfer-Encoding: chunked\r\n";
  else if (reply_.status != not_modified)
    text += fmt::format("Content-Length: {}\r\n", total_);
  if (!keep_alive) text += "Connection: close\r\n";
  return text + "\r\n";
}

std::string_view reply_stream::next_piece() {
  std::string_view piece;
  if (reply_.file) {
    piece = reply_.file->piece(reply_.from + sent_);
  } else {
    piece = std::string_view(reply_.body).substr(static_cast<std::size_t>(sent_));
    piece = piece.substr(0, content::piece_size);
  }
  piece = piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end_ - sent_)));
  sent_ += piece.size();
  return piece;
}

void reply_stream::append_chunk(std::string_view piece, bool last) {
  if (gzip_) {
    packed_.clear();
    gzip_->compress(piece, last, packed_);
    piece = packed_;
  }
  if (!piece.empty()) {
    out_ += fmt::format("{:x}\r\n", piece.size());
    out_ += piece;
    out_ += "\r\n";
  }
  if (last) out_ += "0\r\n\r\n";
}

std::string_view reply_stream::next() {
  if (done_) {
    // Only HEAD is done before it has started: its head is still to be sent.
    return std::exchange(started_, true) ? std::string_view() : std::string_view(out_);
  }
  const bool first = !std::exchange(started_, true);
  if (!first) out_.clear();
  const std::string_view piece = next_piece();
  done_ = sent_ == end_;
  if (framed_) {
    append_chunk(piece, done_ && !left_off_);
    return out_.empty() ? next() : std::string_view(out_);
  }
  if (!first) return piece;
  out_ += piece;
  return out_;
}

}  // namespace coupa_sim
