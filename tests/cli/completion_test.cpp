#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace pofetch::test;

namespace {

/// Empty if it is not installed.
std::filesystem::path path_of(const std::string& shell) {
  for (const char* folder : {"/usr/bin/", "/bin/"})
    if (std::filesystem::exists(folder + shell)) return folder + shell;
  return {};
}

/// What the shell prints for a script; the completions of the program lie beside it as `pofetch.SHELL`.
std::string said_by(const program& pofetch, const std::string& shell, const std::string& script) {
  process_setup setup{path_of(shell), {"-c", script}};
  setup.environment["HOME"] = pofetch.folder().string();
  setup.folder = pofetch.folder();
  process running(setup);
  REQUIRE(running.wait());
  CHECK_MESSAGE(running.err().empty(), shell, ": ", running.err());
  CHECK(running.status() == 0);
  return running.out();
}

void write_completion(const program& pofetch, const std::string& shell) {
  const ended done = pofetch.run({"--completion", shell});
  REQUIRE(done.status == 0);
  pofetch.write("pofetch." + shell, done.out);
}

std::string bash_offers(const program& pofetch, const std::string& line) {
  return said_by(pofetch, "bash",
                 "source pofetch.bash; COMP_WORDS=(" + line +
                     "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pofetch; echo \"${COMPREPLY[*]}\"");
}

}  // namespace

TEST_CASE("completion: bash offers commands, options of the command, words, files") {
  const program pofetch;
  write_completion(pofetch, "bash");
  pofetch.write("orders.csv", "po\n1\n");
  CHECK(bash_offers(pofetch, "pofetch rep") == "report\n");
  CHECK(bash_offers(pofetch, "pofetch run --max-con") == "--max-concurrent --max-connections\n");
  CHECK(bash_offers(pofetch, "pofetch run --no-br") == "--no-breaker\n");
  CHECK(bash_offers(pofetch, "pofetch verify --max") == "\n");
  CHECK(bash_offers(pofetch, "pofetch run --hash ''") == "sha256 none\n");
  CHECK(bash_offers(pofetch, "pofetch run --workers ''") == "\n");
  CHECK(bash_offers(pofetch, "pofetch plan ord") == "orders.csv\n");
}

TEST_CASE("completion: zsh and fish understand theirs") {
  const program pofetch;
  for (const std::string shell : {"zsh", "fish"}) {
    write_completion(pofetch, shell);
    if (path_of(shell).empty()) {
      MESSAGE(shell, " is not installed: its completions were not loaded");
      continue;
    }
    said_by(pofetch, shell, shell + " -n pofetch." + shell);
  }
  if (path_of("fish").empty()) return;
  const std::string offers =
      said_by(pofetch, "fish", "source pofetch.fish; complete -C'pofetch run --max-con'");
  CHECK(has(offers, "--max-concurrent"));
  CHECK(has(offers, "--max-connections"));
}

TEST_CASE("completion: another shell is refused") {
  const program pofetch;
  const ended done = pofetch.run({"--completion", "csh"});
  CHECK(done.status == 2);
  CHECK(has(done.err, "bash, zsh and fish"));
}

TEST_CASE("manual: every command, every option of the help, exit states") {
  const program pofetch;
  const ended page = pofetch.run({"--manual"});
  CHECK(page.status == 0);
  CHECK(page.out.starts_with(".TH POFETCH 1"));
  for (const char* part : {".SH COMMANDS", ".B run INPUT", "\\-\\-max\\-connections N", "POFETCH_COOKIE",
                           "POFETCH_API_KEY", ".SH EXIT STATUS", ".B 130, 143"})
    CHECK_MESSAGE(has(page.out, part), part);
  // A line that begins with a dot is a request; only those of man(7) may stand there.
  std::size_t at = 0;
  while ((at = page.out.find("\n.", at)) != std::string::npos) {
    const std::string request = page.out.substr(at + 1, 3);
    CHECK_MESSAGE((request == ".SH" || request == ".SS" || request == ".TP" || request == ".B " ||
                   request == ".I " || request == ".PP" || request == ".nf" || request == ".fi"),
                  request);
    ++at;
  }
}
