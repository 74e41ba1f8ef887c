#include "cli/program.hpp"
#include "support/has_terminals.hpp"

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

/// What `echo` shows of it when the last word of the line is completed.
std::string bash_completes(const program& pofetch, const std::string& line, const std::string& what) {
  return said_by(pofetch, "bash",
                 "source pofetch.bash; COMP_WORDS=(" + line +
                     "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _pofetch; echo \"" + what + "\"");
}

std::string bash_offers(const program& pofetch, const std::string& line) {
  return bash_completes(pofetch, line, "${COMPREPLY[*]}");
}

std::string bash_counts(const program& pofetch, const std::string& line) {
  return bash_completes(pofetch, line, "${#COMPREPLY[@]}");
}

/// What a terminal shows when Tab is pressed behind each of the lines, after one another; `_pofetch` lies in
/// the folder. zsh completes only for somebody who types, so one zsh types into another.
std::string zsh_shows(const program& pofetch, const words& lines) {
  std::string script = R"(zmodload zsh/zpty
zpty typed TERM=dumb zsh -f -i
zpty -w typed 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; unsetopt beep; PS1=re""ady'
)";
  for (const std::string& line : lines)
    script += "zpty -r typed seen '*ready'; zpty -n -w typed '" + line +
              R"('$'\t\x15print EN""D\n'; zpty -r typed seen '*END*'; print -r -- $seen)" + "\n";
  return said_by(pofetch, "zsh", script);
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
  CHECK(has(bash_offers(pofetch, "pofetch --"), "--version --manual --completion"));
  CHECK(bash_offers(pofetch, "pofetch --completion ''") == "bash zsh fish\n");
}

TEST_CASE("completion: bash keeps a name with spaces together, and completes behind = too") {
  const program pofetch;
  write_completion(pofetch, "bash");
  pofetch.write("my orders.csv", "po\n1\n");
  CHECK(bash_offers(pofetch, "pofetch plan my") == "my orders.csv\n");
  CHECK(bash_counts(pofetch, "pofetch plan my") == "1\n");
  // As bash parts them.
  CHECK(bash_offers(pofetch, "pofetch run --hash =") == "sha256 none\n");
  CHECK(bash_offers(pofetch, "pofetch run --hash = s") == "sha256\n");
  CHECK(bash_offers(pofetch, "pofetch run --progress = ''") == "auto bar plain json none\n");
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
  const auto fish_offers = [&pofetch](const std::string& line) {
    return said_by(pofetch, "fish", "source pofetch.fish; complete -C'" + line + "'");
  };
  CHECK(has(fish_offers("pofetch run --print"), "--print-config"));
  CHECK(has(fish_offers("pofetch --comp"), "--completion"));
  CHECK(has(fish_offers("pofetch --completion z"), "zsh"));
  CHECK_FALSE(has(fish_offers("pofetch --c"), "--config"));
}

TEST_CASE("completion: zsh offers commands, options, and words behind a space and behind =") {
  if (path_of("zsh").empty()) {
    MESSAGE("SKIPPED: zsh is not installed: its completions were not tried");
    return;
  }
  if (!has_terminals()) return;
  const program pofetch;
  pofetch.write("_pofetch", pofetch.run({"--completion", "zsh"}).out);
  pofetch.write("orders.csv", "po\n1\n");
  const std::string shown = zsh_shows(pofetch, {"pofetch ver", "pofetch --comp", "pofetch plan ord",
                                                "pofetch run --no-br", "pofetch run --max-con"});
  for (const char* part : {"pofetch verify", "pofetch --completion", "pofetch plan orders.csv",
                           "pofetch run --no-breaker", "--max-concurrent ", "--max-connections "})
    CHECK_MESSAGE(has(shown, part), shown);
  for (const std::string between : {" ", "="}) {
    const std::string digests = zsh_shows(pofetch, {"pofetch run --hash" + between});
    CHECK_MESSAGE(has(digests, "none    sha256"), digests);
  }
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
  const ended serve = pofetch.run({"--manual", "serve"});
  CHECK(serve.status == 0);
  CHECK(serve.out.starts_with(".TH POFETCH-SERVE 1"));
  for (const char* part : {"\\-\\-tls\\-cert FILE", ".SH SIGNALS", "SIGHUP", ".B 143", ".BR pofetch (1)"})
    CHECK_MESSAGE(has(serve.out, part), part);
  CHECK_FALSE(has(serve.out, "\\-\\-out DIR"));
  // A line that begins with a dot is a request; only those of man(7) may stand there.
  for (const std::string& each : {page.out, serve.out}) {
    std::size_t at = 0;
    while ((at = each.find("\n.", at)) != std::string::npos) {
      const std::string request = each.substr(at + 1, 3);
      CHECK_MESSAGE(
          (request == ".SH" || request == ".SS" || request == ".TP" || request == ".B " || request == ".BR" ||
           request == ".I " || request == ".PP" || request == ".nf" || request == ".fi"),
          request);
      ++at;
    }
  }
}
