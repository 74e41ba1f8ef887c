#include "service/server/sockets/client_stream.hpp"

#include "os/unique_fd.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <array>
#include <exception>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace pofetch::service;
using step = client_stream::file_step;

namespace {

pofetch::awaitable<> send_all(client_stream& stream, file_rest& rest, step& ended, int& pieces) {
  const bool open = co_await stream.open();
  CHECK(open);
  ended = step::sent;
  while (ended == step::sent && rest.left > 0) {
    ended = co_await stream.send_file(rest);
    ++pieces;
  }
  stream.close();
}

struct sending {
  step ended = step::sent;
  int pieces = 0;
  std::string came;
};

/// Sends over a Unix socket to somebody who takes it all.
sending send_to_reader(file_rest& rest) {
  std::array<int, 2> ends{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
  const pofetch::os::unique_fd reader(ends[1]);
  sending made;
  std::thread takes([&] {
    std::array<char, 4096> space{};
    for (ssize_t got = 1; got > 0;) {
      got = ::read(reader.get(), space.data(), space.size());
      if (got > 0) made.came.append(space.data(), static_cast<std::size_t>(got));
    }
  });
  boost::asio::io_context context;
  client_stream stream({context, {AF_UNIX, 0}, ends[0]}, nullptr);
  boost::asio::co_spawn(context, send_all(stream, rest, made.ended, made.pieces),
                        [](const std::exception_ptr& failed) { CHECK_FALSE(failed); });
  context.run();
  takes.join();
  return made;
}

}  // namespace

TEST_CASE("client: a part of a file is sent from the file, piece by piece") {
  const pofetch::test::temp_dir folder;
  std::string bytes(3'000'001, 'a');
  for (std::size_t i = 0; i < bytes.size(); i += 7) bytes[i] = static_cast<char>('b' + i % 23);
  pofetch::test::write_file(folder / "file", bytes);
  const pofetch::os::unique_fd file(::open((folder / "file").c_str(), O_RDONLY | O_CLOEXEC));
  file_rest rest{file.get(), 17, 2'900'000};
  const sending done = send_to_reader(rest);
  CHECK(done.ended == step::sent);
  CHECK(done.pieces > 1);
  CHECK(done.came == bytes.substr(17, 2'900'000));
  CHECK(rest.left == 0);
  CHECK(rest.at == 2'900'017);
}

TEST_CASE("client: a file that has become shorter breaks off; what is no file has to be read") {
  const pofetch::test::temp_dir folder;
  pofetch::test::write_file(folder / "file", std::string(1000, 'a'));
  const pofetch::os::unique_fd file(::open((folder / "file").c_str(), O_RDONLY | O_CLOEXEC));
  file_rest longer{file.get(), 0, 2000};
  const sending cut = send_to_reader(longer);
  CHECK(cut.ended == step::broken);
  CHECK(cut.came.size() == 1000);

  const pofetch::os::unique_fd directory(::open(folder.path().c_str(), O_RDONLY | O_CLOEXEC));
  file_rest nothing{directory.get(), 0, 10};
  const sending none = send_to_reader(nothing);
  CHECK(none.ended == step::impossible);
  CHECK(none.came.empty());
  CHECK(nothing.left == 10);
}
