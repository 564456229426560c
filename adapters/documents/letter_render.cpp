// Blocks as HTML and plain text, by the same library that renders the letters' Markdown.
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include <array>
#include <memory>

#include "adapters/documents/letter_blocks.hpp"
#include "adapters/documents/plain_text.hpp"

namespace tradecase {
namespace {

struct FreeTree {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
using Tree = std::unique_ptr<cmark_node, FreeTree>;

// cmark names a table's nodes only by parsing one.
struct TableKinds {
  cmark_syntax_extension* extension = nullptr;
  cmark_node_type table{}, row{}, cell{};

  static const TableKinds& get() {
    static const TableKinds kinds = [] {
      cmark_gfm_core_extensions_ensure_registered();
      TableKinds found;
      found.extension = cmark_find_syntax_extension("table");
      cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
      cmark_parser_attach_syntax_extension(parser, found.extension);
      constexpr std::string_view example = "| a |\n| - |\n";
      cmark_parser_feed(parser, example.data(), example.size());
      const Tree sample(cmark_parser_finish(parser));
      cmark_parser_free(parser);
      cmark_node* first = cmark_node_first_child(sample.get());
      found.table = cmark_node_get_type(first);
      found.row = cmark_node_get_type(cmark_node_first_child(first));
      found.cell = cmark_node_get_type(cmark_node_first_child(cmark_node_first_child(first)));
      return found;
    }();
    return kinds;
  }
};

cmark_node* appended(cmark_node* parent, cmark_node* child) {
  cmark_node_append_child(parent, child);
  return child;
}

void add_spans(cmark_node* parent, const Spans& spans) {
  for (const Span& span : spans) {
    if (span.text == "\n") {
      appended(parent, cmark_node_new(CMARK_NODE_LINEBREAK));
      continue;
    }
    cmark_node* at = parent;
    if (!span.link.empty()) {
      at = appended(at, cmark_node_new(CMARK_NODE_LINK));
      cmark_node_set_url(at, span.link.c_str());
    }
    if (span.bold) at = appended(at, cmark_node_new(CMARK_NODE_STRONG));
    if (span.italic) at = appended(at, cmark_node_new(CMARK_NODE_EMPH));
    cmark_node_set_literal(appended(at, cmark_node_new(CMARK_NODE_TEXT)), span.text.c_str());
  }
}

void add_blocks(cmark_node* parent, const Blocks& blocks);

void add_list(cmark_node* parent, const Block& block) {
  cmark_node* list = appended(parent, cmark_node_new(CMARK_NODE_LIST));
  cmark_node_set_list_type(list, block.ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
  if (block.ordered) cmark_node_set_list_start(list, block.start);
  bool tight = true;  // no item has two paragraphs
  for (const Blocks& item : block.items)
    for (std::size_t i = 1; i < item.size(); ++i) tight = tight && item[i].kind == Block::Kind::list;
  cmark_node_set_list_tight(list, tight ? 1 : 0);
  for (const Blocks& item : block.items) add_blocks(appended(list, cmark_node_new(CMARK_NODE_ITEM)), item);
}

void add_table(cmark_node* parent, const Block& block) {
  const TableKinds& kinds = TableKinds::get();
  const auto columns = static_cast<std::uint16_t>(block.rows.front().size());
  cmark_node* table = appended(parent, cmark_node_new_with_ext(kinds.table, kinds.extension));
  cmark_gfm_extensions_set_table_columns(table, columns);
  std::vector<std::uint8_t> alignments(columns, 0);
  cmark_gfm_extensions_set_table_alignments(table, columns, alignments.data());
  for (const auto& cells : block.rows) {
    cmark_node* row = appended(table, cmark_node_new_with_ext(kinds.row, kinds.extension));
    cmark_gfm_extensions_set_table_row_is_header(row, &cells == &block.rows.front() ? 1 : 0);
    for (const Spans& spans : cells) {
      cmark_node* cell = appended(row, cmark_node_new(kinds.cell));
      cmark_node_set_syntax_extension(cell, kinds.extension);  // set later: what it allocates for a cell it never frees
      add_spans(cell, spans);
    }
  }
}

void add_blocks(cmark_node* parent, const Blocks& blocks) {
  for (const Block& block : blocks) switch (block.kind) {
      case Block::Kind::heading: {
        cmark_node* heading = appended(parent, cmark_node_new(CMARK_NODE_HEADING));
        cmark_node_set_heading_level(heading, block.level);
        add_spans(heading, block.spans);
        break;
      }
      case Block::Kind::paragraph:
        add_spans(appended(parent, cmark_node_new(CMARK_NODE_PARAGRAPH)), block.spans);
        break;
      case Block::Kind::list:
        add_list(parent, block);
        break;
      case Block::Kind::table:
        add_table(parent, block);
        break;
    }
}

}  // namespace

BlocksText rendered(const Blocks& blocks) {
  const TableKinds& kinds = TableKinds::get();
  const Tree tree(cmark_node_new(CMARK_NODE_DOCUMENT));
  add_blocks(tree.get(), blocks);
  cmark_mem* memory = cmark_get_default_mem_allocator();
  cmark_llist* extensions = cmark_llist_append(memory, nullptr, kinds.extension);
  char* html = cmark_render_html(tree.get(), CMARK_OPT_DEFAULT, extensions);
  BlocksText out{html, plain_text(tree.get())};
  memory->free(html);
  cmark_llist_free(memory, extensions);
  return out;
}

}  // namespace tradecase
