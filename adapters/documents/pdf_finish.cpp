#define POINTERHOLDER_TRANSITION 4  // qpdf hands out std::shared_ptr, and says so without a warning
#include "adapters/documents/pdf_finish.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace tradecase {
namespace {

using Object = QPDFObjectHandle;

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  return out;
}

std::string metadata(const PdfFacts& facts, std::string_view producer) {
  return fmt::format(R"(<?xpacket begin="{}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
   <pdfuaid:part>1</pdfuaid:part>
   <dc:format>application/pdf</dc:format>
   <dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>
   <xmp:CreatorTool>tradecase</xmp:CreatorTool>
   <xmp:CreateDate>{}</xmp:CreateDate>
   <xmp:ModifyDate>{}</xmp:ModifyDate>
   <pdf:Producer>{}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>)",
                     "\xEF\xBB\xBF", xml_escaped(facts.title), xml_escaped(facts.author), facts.written_at, facts.written_at,
                     xml_escaped(producer));
}

void identify(QPDF& pdf, const PdfFacts& facts) {
  Object root = pdf.getRoot(), trailer = pdf.getTrailer();
  Object printed = trailer.getKey("/Info");
  const std::string producer =
      printed.isDictionary() && printed.getKey("/Producer").isString() ? printed.getKey("/Producer").getUTF8Value() : "Chromium";
  Object info = Object::newDictionary();
  info.replaceKey("/Title", Object::newUnicodeString(facts.title));
  info.replaceKey("/Author", Object::newUnicodeString(facts.author));
  info.replaceKey("/Creator", Object::newString("tradecase"));
  info.replaceKey("/Producer", Object::newUnicodeString(producer));
  info.replaceKey("/CreationDate", Object::newString(facts.pdf_date));
  info.replaceKey("/ModDate", Object::newString(facts.pdf_date));
  trailer.replaceKey("/Info", pdf.makeIndirectObject(info));

  Object xmp = Object::newStream(&pdf, metadata(facts, producer));
  xmp.getDict().replaceKey("/Type", Object::newName("/Metadata"));
  xmp.getDict().replaceKey("/Subtype", Object::newName("/XML"));
  root.replaceKey("/Metadata", xmp);
  Object viewer = Object::newDictionary();
  viewer.replaceKey("/DisplayDocTitle", Object::newBool(true));
  root.replaceKey("/ViewerPreferences", viewer);
  Object marked = Object::newDictionary();
  marked.replaceKey("/Marked", Object::newBool(true));
  root.replaceKey("/MarkInfo", marked);
  root.replaceKey("/PageMode", Object::newName(root.hasKey("/Outlines") ? "/UseOutlines" : "/UseNone"));
  if (!root.hasKey("/Lang")) root.replaceKey("/Lang", Object::newString("en"));
}

// Reading order by keyboard follows the structure; a link says where it leads to who cannot see it.
void describe_pages(QPDF& pdf) {
  for (QPDFPageObjectHelper& page : QPDFPageDocumentHelper(pdf).getAllPages()) {
    page.getObjectHandle().replaceKey("/Tabs", Object::newName("/S"));
    for (Object& annotation : page.getObjectHandle().getKey("/Annots").aitems()) {
      Object action = annotation.getKey("/A");
      if (annotation.hasKey("/Contents") || !action.isDictionary() || !action.getKey("/URI").isString()) continue;
      annotation.replaceKey("/Contents", Object::newUnicodeString(action.getKey("/URI").getUTF8Value()));
    }
  }
}

// Chromium counts its elements through its whole life; a letter's own are counted from its beginning.
class Structure {
 public:
  explicit Structure(QPDF& pdf) : root_(pdf.getRoot().getKey("/StructTreeRoot")) {}

  void mend() {
    if (!root_.isDictionary()) throw std::runtime_error("it was printed without its structure");
    walk(root_, [this](Object element) { rename(element); });
    walk(root_, [this](Object element) { rename_headers(element); });
    walk(root_, [](Object element) { mend_kind(element); });
    name_tree();
  }

 private:
  template <class Visit>
  void walk(Object element, Visit&& visit) {
    std::set<QPDFObjGen> seen;
    std::vector<Object> waiting{element};
    while (!waiting.empty()) {
      Object one = waiting.back();
      waiting.pop_back();
      if (!one.isDictionary() || (one.isIndirect() && !seen.insert(one.getObjGen()).second)) continue;
      if (one.hasKey("/S")) visit(one);
      Object kids = one.getKey("/K");
      if (!kids.isArray()) {
        waiting.push_back(kids);
        continue;
      }
      for (int i = kids.getArrayNItems(); i > 0; --i) waiting.push_back(kids.getArrayItem(i - 1));
    }
  }

  void rename(Object element) {
    Object id = element.getKey("/ID");
    if (!id.isString()) return;
    const std::string name = fmt::format("n{:06}", names_.size() + 1);  // the tree of names is in their order
    names_.emplace(id.getStringValue(), name);
    element.replaceKey("/ID", Object::newString(name));
    by_name_.emplace(name, element);
  }

  void rename_headers(Object element) {
    Object attributes = element.getKey("/A");
    for (Object one : attributes.isArray() ? attributes.getArrayAsVector() : std::vector<Object>{attributes}) {
      if (!one.isDictionary() || !one.getKey("/Headers").isArray()) continue;
      Object headers = Object::newArray();
      for (Object& header : one.getKey("/Headers").aitems())
        if (const auto found = names_.find(header.getStringValue()); found != names_.end())
          headers.appendItem(Object::newString(found->second));
      one.replaceKey("/Headers", headers);
    }
  }

  // Chromium calls "NonStruct" whatever has no kind in HTML, and uses names of PDF 2.0. The element around has its kind by now.
  static void mend_kind(Object element) {
    static const std::set<std::string> grouping{"/Document", "/Div", "/Sect", "/Part"};
    const std::string kind = element.getKey("/S").getName();
    Object around = element.getKey("/P");
    const std::string outer = around.isDictionary() && around.hasKey("/S") ? around.getKey("/S").getName() : "/Document";
    if (kind == "/Strong" || kind == "/Em") element.replaceKey("/S", Object::newName("/Span"));
    if (kind != "/NonStruct") return;
    const char* plain = outer == "/LI" ? "/LBody" : grouping.count(outer) == 0 ? "/Span" : holds_elements(element) ? "/Div" : "/P";
    element.replaceKey("/S", Object::newName(plain));
  }

  static bool holds_elements(Object element) {
    Object kids = element.getKey("/K");
    for (Object kid : kids.isArray() ? kids.getArrayAsVector() : std::vector<Object>{kids})
      if (kid.isDictionary() && kid.hasKey("/S")) return true;
    return false;
  }

  void name_tree() {
    root_.removeKey("/IDTree");
    if (by_name_.empty()) return;
    Object list = Object::newArray();
    for (const auto& [name, element] : by_name_) {
      list.appendItem(Object::newString(name));
      list.appendItem(element);
    }
    Object limits = Object::newArray();
    limits.appendItem(Object::newString(by_name_.begin()->first));
    limits.appendItem(Object::newString(by_name_.rbegin()->first));
    Object leaf = Object::newDictionary();
    leaf.replaceKey("/Limits", limits);
    leaf.replaceKey("/Names", list);
    Object kids = Object::newArray();
    kids.appendItem(root_.getOwningQPDF()->makeIndirectObject(leaf));
    Object tree = Object::newDictionary();
    tree.replaceKey("/Kids", kids);
    root_.replaceKey("/IDTree", root_.getOwningQPDF()->makeIndirectObject(tree));
  }

  Object root_;
  std::map<std::string, std::string> names_;  // theirs to ours
  std::map<std::string, Object> by_name_;
};

}  // namespace

std::string finished_pdf(const std::string& printed, const PdfFacts& facts) {
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("letter", printed.data(), printed.size());
  identify(pdf, facts);
  describe_pages(pdf);
  Structure(pdf).mend();
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setMinimumPDFVersion("1.7");
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.setDeterministicID(true);
  writer.write();
  const std::shared_ptr<Buffer> bytes = writer.getBufferSharedPointer();
  return {reinterpret_cast<const char*>(bytes->getBuffer()), bytes->getSize()};
}

}  // namespace tradecase
