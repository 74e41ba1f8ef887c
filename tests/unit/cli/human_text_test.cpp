#include "cli/text/human_text.hpp"

#include <doctest/doctest.h>

using namespace pofetch::cli;
using std::chrono::milliseconds;

TEST_CASE("human text: quantities for people") {
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(1023) == "1023 B");
  CHECK(human_bytes(1536) == "1.5 KiB");
  CHECK(human_bytes((1ULL << 20) - 1) == "1.0 MiB");
  CHECK(human_bytes(5ULL << 30) == "5.0 GiB");
  CHECK(human_duration(milliseconds{-5}) == "0.0 s");
  CHECK(human_duration(milliseconds{450}) == "0.4 s");
  CHECK(human_duration(milliseconds{12'900}) == "12 s");
  CHECK(human_duration(milliseconds{185'000}) == "3 min 05 s");
  CHECK(human_duration(milliseconds{7'620'000}) == "2 h 07 min");
  CHECK(human_duration(milliseconds{273'600'000}) == "3 d 04 h");
  CHECK(human_count(0) == "0");
  CHECK(human_count(999) == "999");
  CHECK(human_count(1000) == "1,000");
  CHECK(human_count(1'250'000) == "1,250,000");
  CHECK(human_count(1, "file") == "1 file");
  CHECK(human_count(1200, "file") == "1,200 files");
}
