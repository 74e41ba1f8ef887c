#include "cli/app.hpp"

int main(int argc, char** argv) {
  return pofetch::cli::run_app(argc > 0 ? std::vector<std::string>(argv + 1, argv + argc)
                                        : std::vector<std::string>{});
}
