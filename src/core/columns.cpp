#include "core/columns.hpp"

#include "core/unicode.hpp"

#include <algorithm>
#include <vector>

namespace pofetch::core {
namespace {

// Names as `loose_key` gives them, best first.
using aliases = std::vector<std::string_view>;

const aliases po_names{"ponumber",
                       "ponum",
                       "pono",
                       "ponr",
                       "ponumbers",
                       "purchaseordernumber",
                       "purchaseordernum",
                       "purchaseorderno",
                       "purchaseordernr",
                       "purchaseorder",
                       "purchaseorders",
                       "po",
                       "pos",
                       "numeropo",
                       "numerodopo",
                       "numerodapo",
                       "numpo",
                       "nropo",
                       "nopo",
                       "numerodepo",
                       "numerodopedidodecompra",
                       "numerodopedidodecompras",
                       "numeropedidodecompra",
                       "numeropedidocompra",
                       "numerodepedidodecompra",
                       "pedidodecompra",
                       "pedidodecompras",
                       "pedidocompra",
                       "numerodopedido",
                       "numeropedido",
                       "numerodepedido",
                       "pedidonumero",
                       "pedidono",
                       "pedidodecompranumero",
                       "pedidodecomprano",
                       "ordendecompranumero",
                       "ordendecomprano",
                       "ponumero",
                       "numpedido",
                       "nopedido",
                       "nodopedido",
                       "nodepedido",
                       "nodopedidodecompra",
                       "nodepedidodecompra",
                       "nodaordemdecompra",
                       "nodeordendecompra",
                       "numerodeoc",
                       "numerooc",
                       "nodeoc",
                       "nooc",
                       "nropedido",
                       "nrpedido",
                       "npedido",
                       "numerodaordemdecompra",
                       "numeroordemdecompra",
                       "ordemdecompra",
                       "ordemcompra",
                       "numerodeordendecompra",
                       "numerodelaordendecompra",
                       "numeroordendecompra",
                       "numerodeordencompra",
                       "ordendecompra",
                       "ordencompra",
                       "noordendecompra",
                       "nroordendecompra",
                       "numerodeorden",
                       "numeroorden",
                       "nroorden",
                       "noorden",
                       "ordernumber",
                       "ordernum",
                       "orderno",
                       "ordernr",
                       "pedido",
                       "pedidos",
                       "orden",
                       "poid",
                       "oc",
                       "purchasingdocument",
                       "purchasingdoc",
                       "purchdoc",
                       "documentodecompras",
                       "documentodecompra",
                       "doccompras",
                       "doccompra",
                       "ebeln",
                       "order"};

const aliases supplier_names{"supplier",
                             "suppliername",
                             "vendor",
                             "vendorname",
                             "fornecedor",
                             "nomedofornecedor",
                             "nomefornecedor",
                             "fornecedornome",
                             "proveedornombre",
                             "proveedor",
                             "nombredelproveedor",
                             "nombreproveedor",
                             "nombredeproveedor",
                             "legalentity",
                             "legalentityname",
                             "entidadelegal",
                             "entidadlegal",
                             "entidadjuridica",
                             "companycode",
                             "codigodaempresa",
                             "codigoempresa",
                             "codigodelaempresa",
                             "codigodeempresa",
                             "codigodelasociedad",
                             "codigosociedad",
                             "company",
                             "companyname",
                             "empresa",
                             "sociedad",
                             "razaosocial",
                             "razonsocial"};

const aliases url_names{"url",          "fileurl",    "downloadurl",   "attachmenturl", "documenturl",
                        "urldoarquivo", "urldoanexo", "urldelarchivo", "urlarchivo"};

const aliases file_names{"filename",      "attachmentname", "documentname",     "nomedoarquivo",
                         "nomearquivo",   "nomedoanexo",    "nombredelarchivo", "nombredearchivo",
                         "nombrearchivo", "file",           "arquivo",          "archivo"};

const aliases sha256_names{"sha256", "sha256sum", "sha256hex", "sha256digest", "sha256hash", "hashsha256"};

const aliases size_names{"size",          "filesize", "sizebytes",        "sizeinbytes",
                         "filesizebytes", "bytes",    "tamanho",          "tamanhodoarquivo",
                         "tamanhobytes",  "tamano",   "tamanodelarchivo", "tamanobytes"};

std::optional<std::size_t> find_any(const std::vector<std::string>& keys, const aliases& names) {
  for (const auto name : names) {
    const auto found = std::find(keys.begin(), keys.end(), name);
    if (found != keys.end()) return static_cast<std::size_t>(found - keys.begin());
  }
  return std::nullopt;
}

}  // namespace

known_columns find_columns(std::span<const std::string> header) {
  std::vector<std::string> keys;
  keys.reserve(header.size());
  for (const auto& name : header) keys.push_back(loose_key(name));
  return {find_any(keys, po_names),   find_any(keys, supplier_names), find_any(keys, url_names),
          find_any(keys, file_names), find_any(keys, sha256_names),   find_any(keys, size_names)};
}

std::optional<std::size_t> find_column(std::span<const std::string> header, std::string_view wanted) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i] == wanted) return i;
  }
  const std::string key = loose_key(wanted);
  if (key.empty()) return std::nullopt;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (loose_key(header[i]) == key) return i;
  }
  return std::nullopt;
}

}  // namespace pofetch::core
