#pragma once

#include <string>
#include <vector>

namespace pofetch::test {

/// A message that two programs may read in two ways.
struct bad_message {
  const char* name;
  std::string bytes;
  int status;
};

/// All kinds that Boost's parser or one of the usual proxies lets through, with `second` behind each: a
/// request that must never be answered on its own.
[[nodiscard]] inline std::vector<bad_message> bad_messages(const std::string& second) {
  const std::string post = "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n";
  return {
      {"gzip alone", post + "Transfer-Encoding: gzip\r\n\r\n" + second, 400},
      {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + second, 400},
      {"chunked with HTTP/1.0",
       "POST /v1/batches HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second,
       400},
      {"coding, then length", post + "Transfer-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd" + second,
       400},
      {"length, then coding",
       post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + second, 400},
      {"two lengths", post + "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" + second, 400},
      {"line feed in a chunk extension",
       post + "Transfer-Encoding: chunked\r\n\r\n3;a=\"\n\"\r\nabc\r\n0\r\n\r\n" + second, 400},
      {"two hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" + second, 400},
      {"no host", "GET /healthz HTTP/1.1\r\n\r\n" + second, 400},
      {"folded line", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n" + second, 400},
      {"trailers", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-A: b\r\n\r\n" + second, 400},
      {"byte beyond ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n" + second, 400},
      {"unknown method", "PURGE / HTTP/1.1\r\nHost: localhost\r\n\r\n" + second, 501},
      {"bare line feeds", "GET /healthz HTTP/1.1\nHost: localhost\n\n" + second, 400},
      {"chunk size with a sign", post + "Transfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n" + second,
       400},
      {"bare line feed behind a chunk",
       post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n" + second, 400},
  };
}

}  // namespace pofetch::test
