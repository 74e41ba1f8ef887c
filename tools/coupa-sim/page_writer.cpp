#include "coupa-sim/page_writer.hpp"

#include "coupa-sim/file_shapes.hpp"
#include "coupa-sim/times.hpp"

#include <fmt/format.h>

#include <array>

namespace coupa_sim {
namespace {

constexpr std::string_view menu = R"html(<header><nav>
<a href="/order_headers">Orders</a> <a href="/requisition_headers/new">Request something</a>
<a href="/help/downloads">Help with downloads</a> <a href="#content">To the content</a>
<a href="javascript:void(0)">More</a> <a href="mailto:help@example.com?subject=attachment.pdf">Contact</a>
<a href="https://help.example.com/how-to-attach">How to attach files</a>
</nav></header>
)html";

constexpr std::string_view footer = R"(<footer><a href="/help/about">About</a> <a href="#top">Top</a></footer>
</body>
</html>
)";

std::string frame(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta "
      "charset=\"utf-8\"><title>{}</title></head>\n<body>\n{}{}",
      title, body, footer);
}

std::string order_title(std::uint64_t number, std::uint64_t roll) {
  constexpr std::array<std::string_view, 4> forms{"Purchase Order #{}", "PO{}", "Purchase Order {} - Issued",
                                                  "PO #{}"};
  return fmt::format(fmt::runtime(forms.at(roll % forms.size())), number);
}

std::string supplier_block(markup_writer& html, const std::string& supplier) {
  const std::string text = html.text(supplier);
  switch (html.rolls().below(4)) {
    case 0:
      return html.element("div", {{"class", "po-head"}, {"data-supplier-name", supplier}}, "");
    case 1:
      return html.element("span", {{"class", "po-supplier-name bold"}}, text);
    case 2: {
      const std::string inner = html.element("span", {}, text);
      return html.element("div", {{"class", "supplier-info"}}, inner);
    }
    default:
      return {};
  }
}

/// Everything that looks like a download or a requisition and is none.
std::string order_noise(std::uint64_t number) {
  return fmt::format(
      "<a href=\"/order_headers/{0}/download_pdf\" title=\"Download PDF\">Print view</a>\n"
      "<a href=\"/purchase_orders/{0}/download\">Export order.pdf</a>\n"
      "<a href=\"/order_headers/{1}\">Previous order PO{1}</a>\n"
      "<a href=\"/requisition_headers/new\">New requisition</a>\n",
      number, number - 1);
}

std::string order_lines(std::uint64_t seed, std::uint64_t bytes) {
  std::string out;
  if (bytes == 0) return out;
  out = "<table class=\"lines\">\n";
  for (std::uint64_t line = 1; out.size() < bytes; ++line) {
    const std::uint64_t roll = draw(seed, line, 77);
    out += fmt::format("<tr class=\"line\"><td>{}</td><td>Item {:x}</td><td>{}.{:02}</td><td>EUR</td></tr>\n",
                       line, roll % 0xFFFFF, roll % 9000, roll % 100);
  }
  return out + "</table>\n";
}

std::string file_list(markup_writer& html, const order_facts& order, unsigned owner) {
  std::string out;
  for (const file_facts& file : order.files) {
    if (file.owner != owner) continue;
    const auto index = static_cast<std::size_t>(&file - order.files.data());
    const file_facts& next = order.files[(index + 1) % order.files.size()];
    const bool twice = html.rolls().percent(15);
    if (twice) out += icon_link(html, file) + '\n';
    const std::string item = file_item(html, file, next.listed_name);
    out += html.nest(item, html.rolls().below(3)) + '\n';
  }
  if (out.empty()) return "<p>There is nothing here yet.</p>\n";
  return html.element("ul", {{"class", "files"}}, '\n' + out) + '\n';
}

/// Nothing on a page that is as it was made.
std::string last_change(const page_changes& page) {
  if (page.revision == 0) return {};
  return fmt::format("<p class=\"history\" data-revision=\"{}\">Last changed {}</p>\n", page.revision,
                     rfc3339(page.when));
}

std::string requisition_links(markup_writer& html, const order_facts& order) {
  std::string out;
  for (const requisition_facts& one : order.requisitions) {
    const std::string target = fmt::format("/requisition_headers/{}", one.number);
    out += html.element("a", {{"href", target}}, fmt::format("Requisition #{}", one.number)) + '\n';
    if (html.rolls().percent(30)) out += html.element("a", {{"href", target}}, "view") + '\n';
  }
  return out;
}

}  // namespace

std::string order_page(const order_facts& order, std::uint64_t seed, std::uint64_t padding) {
  markup_writer html(draw(seed, order.number, 101));
  const std::uint64_t roll = html.rolls().next();
  // The number stands in the title, in #topForm, or (mostly) in both.
  const bool in_title = roll % 8 != 0;
  const bool in_form = roll % 8 != 1;
  const std::string title = order_title(order.number, roll >> 8U);
  std::string form =
      in_form ? "<h1>" + order_title(order.number, roll >> 16U) + "</h1>\n" : "<h1>Order</h1>\n";
  form += supplier_block(html, order.supplier) + '\n';
  form += requisition_links(html, order);
  std::string body(menu);
  body += html.element("form", {{"id", "topForm"}, {"method", "post"}, {"action", "/order_headers/update"}},
                       form);
  body += '\n' + order_noise(order.number);
  body += last_change(order.page);
  body += "<h2>Attachments</h2>\n";
  body += file_list(html, order, 0);
  body += order_lines(order.number, padding);
  return frame(in_title ? title : "Coupa", body);
}

std::string requisition_page(const order_facts& order, const requisition_facts& requisition,
                             std::uint64_t seed) {
  markup_writer html(draw(seed, requisition.number, 102));
  std::string body(menu);
  body += fmt::format("<h1>Requisition #{}</h1>\n<p>Ordered as <a href=\"/order_headers/{}\">PO{}</a></p>\n",
                      requisition.number, order.number, order.number);
  body += last_change(requisition.page);
  const bool repeats = html.rolls().percent(30);
  if (repeats && !order.files.empty() && order.files.front().owner == 0) {
    body += icon_link(html, order.files.front()) + '\n';
  }
  body += file_list(html, order, requisition.index);
  return frame(fmt::format("Requisition #{}", requisition.number), body);
}

std::string orders_page(const dataset& site) {
  std::string body(menu);
  body += "<h1>Orders</h1>\n<table>\n";
  for (std::uint64_t i = 0; i < site.count() && i < 15; ++i) {
    body += fmt::format("<tr><td><a href=\"/order_headers/{0}\">{0}</a></td></tr>\n", site.first() + i);
  }
  return frame("Orders", body + "</table>\n");
}

std::string home_page() { return frame("Coupa", std::string(menu) + "<h1>Welcome</h1>\n"); }

std::string sending_itself_page(std::string_view action) {
  return frame("Sign in", fmt::format(R"(<form action="{}" method="post" id="session_form">
<input type="text" id="user_email" name="user_email">
<input type="password" id="user_password" name="user_password">
</form>
<script>
document.getElementById("user_email").value = "clerk@example.com";
document.getElementById("user_password").value = "not a secret";
document.getElementById("session_form").submit();
</script>
)",
                                      action));
}

std::string sign_in_page(std::string_view remark) {
  return frame("Sign in", fmt::format(R"(<p>{}</p>
<form action="/sessions" method="post" id="session_form">
<label>Email <input type="text" id="user_email" name="user_email"></label>
<label>Password <input type="password" id="user_password" name="user_password"></label>
<button type="submit">Sign in</button>
</form>
)",
                                      remark));
}

refusal not_found_page(std::uint64_t roll) {
  constexpr std::array<std::string_view, 3> texts{"Oops! We couldn't find what you wanted",
                                                  "The page you were looking for doesn't exist",
                                                  "Desculpe, n\u00e3o encontramos o que voc\u00ea procurava"};
  const std::string body = fmt::format("{}<h1>{}</h1>\n", menu, texts.at(roll % texts.size()));
  return {roll / texts.size() % 2 == 0 ? 404U : 200U, frame("Coupa", body)};
}

refusal forbidden_page(std::uint64_t roll) {
  constexpr std::array<std::string_view, 2> texts{"You are not authorized to see this order.",
                                                  "Access denied"};
  const std::string body = fmt::format("{}<h1>{}</h1>\n", menu, texts.at(roll % texts.size()));
  return {roll / texts.size() % 2 == 0 ? 200U : 403U, frame("Coupa", body)};
}

}  // namespace coupa_sim
