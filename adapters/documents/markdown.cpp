#include "adapters/documents/markdown.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <memory>

#include "adapters/documents/plain_text.hpp"

namespace tradecase {
namespace {

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeText {
  void operator()(char* text) const { cmark_get_default_mem_allocator()->free(text); }
};
using Parser = std::unique_ptr<cmark_parser, FreeParser>;

// The extensions register in global tables: once, before the first parse, whichever thread comes first.
cmark_syntax_extension* tables() {
  static cmark_syntax_extension* const found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return cmark_find_syntax_extension("table");
  }();
  return found;
}

// Only tables are attached: the other extensions change cmark's global tables in every parse, which no two threads may do.
Parser new_parser() {
  cmark_syntax_extension* const extension = tables();
  Parser parser{cmark_parser_new(CMARK_OPT_DEFAULT)};
  cmark_parser_attach_syntax_extension(parser.get(), extension);
  return parser;
}

using Document = std::unique_ptr<cmark_node, FreeNode>;

Document parse(cmark_parser* parser, std::string_view markdown) {
  cmark_parser_feed(parser, markdown.data(), markdown.size());
  return Document{cmark_parser_finish(parser)};
}

}  // namespace

Rendering render_markdown(std::string_view markdown) {
  const Parser parser = new_parser();
  const Document document = parse(parser.get(), markdown);
  const std::unique_ptr<char, FreeText> html{
      cmark_render_html(document.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser.get()))};
  return {html.get(), plain_text(document.get())};
}

int line_of_html_or_image(std::string_view markdown) {
  const Parser parser = new_parser();
  const Document document = parse(parser.get(), markdown);
  const std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)> walk{cmark_iter_new(document.get()), cmark_iter_free};
  while (cmark_iter_next(walk.get()) != CMARK_EVENT_DONE) {
    cmark_node* const node = cmark_iter_get_node(walk.get());
    const auto type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE || type == CMARK_NODE_IMAGE) return cmark_node_get_start_line(node);
  }
  return 0;
}

}  // namespace tradecase
