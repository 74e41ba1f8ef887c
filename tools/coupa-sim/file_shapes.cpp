#include "coupa-sim/file_shapes.hpp"

namespace coupa_sim {
namespace {

std::string aria(const std::string& name) { return name + " file attachment"; }

std::string button(markup_writer& html, const std::string& name) {
  const std::string text = html.text(name);
  return html.element("span", {{"role", "button"}, {"title", name}, {"aria-label", aria(name)}}, text);
}

std::string nested_span(markup_writer& html, const file_facts& file) {
  const std::string inner = button(html, file.listed_name);
  const std::string span =
      html.element("span", {{"class", "attachment-file"}, {"data-url", file.target}}, inner);
  const std::string show_route = "/attachments/" + std::to_string(file.id);
  return html.element("li", {{"class", "attachment"}, {"data-url", show_route}}, "\n  " + span);
}

std::string blob_ancestor(markup_writer& html, const file_facts& file) {
  const std::string inner = button(html, file.listed_name);
  const std::uint64_t depth = html.rolls().below(4);
  const std::string nested = html.nest(inner, depth);
  return html.element("div", {{"data-url", file.target}}, nested);
}

std::string link_download(markup_writer& html, const file_facts& file) {
  const bool bare = html.rolls().percent(50);
  const std::string text = html.text(file.listed_name);
  return html.element(
      "a", {{"href", file.target}, {"download", bare ? std::string() : file.listed_name, bare}}, text);
}

std::string onclick(markup_writer& html, const file_facts& file) {
  const std::string call = "open('" + file.target + "')";
  const std::string text = html.rolls().percent(50) ? html.text(file.listed_name) : std::string();
  return html.element("span", {{"role", "button"}, {"onclick", call}, {"aria-label", aria(file.listed_name)}},
                      text);
}

std::string glued(markup_writer& html, const file_facts& file, std::string_view neighbour) {
  const std::string text = html.text(file.listed_name + " ======== " + std::string(neighbour) + " ========");
  return html.element("a", {{"href", file.target}, {"title", file.listed_name}}, text);
}

}  // namespace

std::string file_item(markup_writer& html, const file_facts& file, std::string_view neighbour) {
  switch (file.markup) {
    case shape::nested_span:
      return nested_span(html, file);
    case shape::blob_ancestor:
      return blob_ancestor(html, file);
    case shape::link_title:
      break;
    case shape::link_download:
      return link_download(html, file);
    case shape::data_url_text: {
      const std::string text = html.text(file.listed_name);
      return html.element("span", {{"data-url", file.target}}, text);
    }
    case shape::onclick:
      return onclick(html, file);
    case shape::glued:
      return glued(html, file, neighbour);
    case shape::note:
      return html.element("a", {{"href", file.target}, {"title", "Note from approver: please check"}},
                          "Note...");
  }
  const std::string text = html.text(file.listed_name);
  return html.element("a", {{"href", file.target}, {"title", "Download " + file.listed_name}}, text);
}

std::string icon_link(markup_writer& html, const file_facts& file) {
  const std::string icon = html.open("img", {{"src", "/images/file.png"}, {"alt", ""}});
  return html.element("a", {{"href", file.target}, {"title", "Download " + file.listed_name}}, icon);
}

}  // namespace coupa_sim
