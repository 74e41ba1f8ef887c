#define DOCTEST_CONFIG_IMPLEMENT
#include "support/postgres_server.hpp"

#include <doctest/doctest.h>

#include <iostream>

int main(int argc, char** argv) {
  if (const auto why = pofetch::test::postgres_server::is_missing()) {
    std::cout << "SKIPPED: " << *why << '\n';
    return 0;
  }
  return doctest::Context(argc, argv).run();
}
