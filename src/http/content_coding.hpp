#pragma once

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <span>
#include <string>

namespace pofetch::http {

/// Content codings that can be undone (RFC 9110 8.4.1).
enum class content_coding {
  identity,
  gzip,
  deflate,  ///< zlib format; the raw form that some servers send instead is understood too
};

/// What the Content-Encoding fields of an answer say.
struct body_coding {
  content_coding how = content_coding::identity;
  /// Words in them that are no codings (aws-chunked, utf-8, binary, none), for a person; empty: there are
  /// none.
  std::string no_codings{};
};

/// Since nothing but identity, gzip and deflate is ever asked for, a word that names no registered coding is
/// taken for a mistake of the server: the bytes are what they are without it. Failure unsupported for a
/// coding that there is but that cannot be undone here, and for several at once.
[[nodiscard]] result<body_coding> coding_of(std::span<const http_field> fields);

}  // namespace pofetch::http
