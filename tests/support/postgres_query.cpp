#include "support/postgres_query.hpp"

#include <libpq-fe.h>
#include <memory>
#include <stdexcept>

namespace pofetch::test {

std::string query_postgres(const std::string& url, const std::string& sql) {
  const std::unique_ptr<PGconn, void (*)(PGconn*)> link(PQconnectdb(url.c_str()), &PQfinish);
  if (PQstatus(link.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(link.get()));
  const std::unique_ptr<PGresult, void (*)(PGresult*)> rows(PQexec(link.get(), sql.c_str()), &PQclear);
  std::string text(PQresultErrorMessage(rows.get()));
  for (int i = 0; i < PQntuples(rows.get()); ++i) {
    if (i > 0) text += ';';
    for (int j = 0; j < PQnfields(rows.get()); ++j)
      text += (j > 0 ? "|" : "") + std::string(PQgetvalue(rows.get(), i, j));
  }
  return text;
}

}  // namespace pofetch::test
