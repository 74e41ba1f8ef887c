#include "core/columns.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace pofetch::core;
using header = std::vector<std::string>;

TEST_CASE("columns: PO column, found by its name in three languages") {
  for (const std::string name : {"po_number",
                                 "PO Number",
                                 "po",
                                 "PO#",
                                 "PO Nº",
                                 "P.O. Number",
                                 "Purchase Order Number",
                                 "purchase-order",
                                 "Order Number",
                                 "pedido",
                                 "Número do Pedido",
                                 "NUMERO DE PEDIDO",
                                 "Nº Pedido",
                                 "Nº do Pedido",
                                 "N.º de OC",
                                 "Orden de Compra",
                                 "Pedido Número",
                                 "Pedido Nº",
                                 "Número de Orden de Compra",
                                 "Ordem de Compra",
                                 "Purch.Doc.",
                                 "Purchasing Document",
                                 "Doc.compra",
                                 "EBELN",
                                 "\xEF\xBB\xBFpo_number"}) {
    CAPTURE(name);
    const auto found = find_columns(header{"Date", name, "Amount"});
    REQUIRE(found.po.has_value());
    CHECK(*found.po == 1);
  }
}

TEST_CASE("columns: supplier and company columns") {
  for (const std::string name :
       {"Supplier", "supplier_name", "Fornecedor", "VENDOR", "Vendor Name", "Legal Entity", "Company Code",
        "Proveedor", "Código da Empresa", "Razão Social"}) {
    CAPTURE(name);
    const auto found = find_columns(header{"PO", name});
    REQUIRE(found.supplier.has_value());
    CHECK(*found.supplier == 1);
  }
}

TEST_CASE("columns: manifest columns") {
  const auto found = find_columns(header{"PO", "URL", "File Name", "SHA-256", "Size (bytes)"});
  CHECK(found.po == 0U);
  CHECK(found.url == 1U);
  CHECK(found.file_name == 2U);
  CHECK(found.sha256 == 3U);
  CHECK(found.size == 4U);
}

TEST_CASE("columns: several candidates, the better name wins, then the first") {
  CHECK(find_columns(header{"Order", "PO", "PO Number"}).po == 2U);
  CHECK(find_columns(header{"Order", "Pedido"}).po == 1U);
  CHECK(find_columns(header{"PO", "po"}).po == 0U);
  CHECK(find_columns(header{"Company", "Supplier"}).supplier == 1U);
}

TEST_CASE("columns: nothing known, nothing found") {
  const auto found = find_columns(header{"", "STATUS", "PO_URL", "Link", "Position", "###"});
  CHECK_FALSE(found.po.has_value());
  CHECK_FALSE(found.supplier.has_value());
  CHECK_FALSE(found.url.has_value());
  CHECK_FALSE(found.file_name.has_value());
  CHECK_FALSE(find_columns(header{}).po.has_value());
}

TEST_CASE("columns: a report read as a list, its PO_URL column makes no manifest") {
  CHECK_FALSE(find_columns(header{"PO_NUMBER", "STATUS", "SUPPLIER", "PO_URL"}).url.has_value());
}

TEST_CASE("columns: the one that the user named") {
  const header names{"Região", "regiao", "Cost Center"};
  CHECK(find_column(names, "regiao") == 1U);
  CHECK(find_column(names, "REGIAO") == 0U);
  CHECK(find_column(names, "cost_center") == 2U);
  CHECK_FALSE(find_column(names, "Plant").has_value());
  CHECK_FALSE(find_column(header{"#", "?"}, "!").has_value());
  CHECK(find_column(header{"#", "?"}, "?") == 1U);
}
