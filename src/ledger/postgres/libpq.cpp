#include "ledger/postgres/libpq.hpp"

#include <dlfcn.h>

namespace pofetch::postgres {
namespace {

/// Which of them is missing; null: none.
const char* find_all(void* library) {
#define POFETCH_FIND(name, ...)                                     \
  name = reinterpret_cast<decltype(name)>(::dlsym(library, #name)); \
  if (name == nullptr) return #name;
  POFETCH_LIBPQ(POFETCH_FIND)
#undef POFETCH_FIND
  return nullptr;
}

result<void> open_library() {
  // Never closed: connections may live as long as the process.
  void* const library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return make_failure(
        errc::unsupported,
        "A ledger in PostgreSQL needs its library libpq.so.5, which is not installed here (Debian and "
        "Ubuntu: libpq5; Fedora: libpq).");
  if (find_all(library) != nullptr)
    return make_failure(errc::unsupported,
                        "The library libpq.so.5 of this machine is too old: 14 or later is needed.");
  return {};
}

}  // namespace

result<void> load_libpq() {
  static const result<void> loaded = open_library();
  return loaded;
}

}  // namespace pofetch::postgres
