#include "adapters/http/portal/search_store.hpp"

#include <deque>

namespace tradecase::http {
namespace {

using Text = std::string;

// Conditions with what is bound to them; the texts stay where they are.
class Where {
 public:
  // Each word stands somewhere in `text`, an SQL expression.
  void holds(const std::string& text, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      std::string pattern = "%";
      for (const char c : word) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
      }
      add("(" + text + ") like :w" + std::to_string(texts_.size()) + " escape '\\'", pattern + "%");
    }
  }
  void add(const std::string& condition, std::string_view value) {
    texts_.emplace_back(value);
    binds_.emplace_back(texts_.back());
    sql_ += (sql_.empty() ? "" : " and ") + condition;
  }
  std::string sql(const std::string& order) const { return " where " + (sql_.empty() ? "true" : sql_) + order + " limit :limit"; }
  std::vector<Bind> binds(int limit) const {
    auto all = binds_;
    all.emplace_back(limit);
    return all;
  }

 private:
  std::deque<std::string> texts_;
  std::vector<Bind> binds_;
  std::string sql_;
};

}  // namespace

std::vector<FoundCompany> search_companies(Session& session, const std::vector<std::string>& words, std::string_view company, int limit) {
  Where where;
  where.holds(
      "c.legal_name || ' ' || c.dba || ' ' || c.id || ' ' || coalesce((select group_concat(number, ' ') from iors where company = c.id), "
      "'')",
      words);
  if (!company.empty()) where.add("c.id = :company", company);
  std::vector<FoundCompany> all;
  session.each<Text, Text>("select c.id, c.legal_name from companies c" + where.sql(" order by c.legal_name, c.id"), where.binds(limit),
                           [&](Text id, Text name) {
                             all.push_back({std::move(id), std::move(name)});
                           });
  return all;
}

std::vector<Case> search_cases(Session& session, const std::vector<std::string>& words, std::string_view company, int limit) {
  Where where;
  where.holds("c.id || ' ' || replace(c.workflow, '_', ' ') || ' ' || c.cycle || ' ' || o.legal_name", words);
  if (!company.empty()) where.add("c.company = :company", company);
  std::vector<Case> all;
  for (const auto& [id] : session.rows<Text>(
           "select c.id from cases c join companies o on o.id = c.company" + where.sql(" order by c.closed_at is not null, c.number desc"),
           where.binds(limit)))
    if (auto found = find_case(session, id)) all.push_back(std::move(*found));
  return all;
}

std::vector<FoundLetter> search_letters(Session& session, const std::vector<std::string>& words, std::string_view company, int limit) {
  Where where;
  where.holds("d.title || ' ' || l.case_id || ' ' || d.text", words);
  if (!company.empty()) {
    where.add("l.case_id in (select id from cases where company = :company)", company);
    where.add("exists (select 1 from outbox o join grants g on g.person = o.to_person where o.letter_id = l.id and g.company = :reader)",
              company);
  }
  std::vector<FoundLetter> all;
  session.each<Text, Text, Text, std::int64_t>(
      "select l.case_id, l.hash, d.title, l.written_at from letters l join documents d on d.hash = "
      "l.hash" +
          where.sql(" order by l.id desc"),
      where.binds(limit), [&](Text case_id, Text hash, Text title, std::int64_t at) {
        all.push_back({std::move(case_id), std::move(hash), std::move(title), from_ms(at)});
      });
  return all;
}

std::vector<FoundPerson> search_people(Session& session, const std::vector<std::string>& words, std::string_view company, int limit) {
  Where where;
  where.holds("p.name || ' ' || p.email || ' ' || p.title", words);
  if (!company.empty()) where.add("p.id in (select person from grants where company = :company)", company);
  std::vector<FoundPerson> all;
  session.each<Text, Text, Text, Text>("select p.id, p.name, p.email, p.title from people p" + where.sql(" order by p.name, p.number"),
                                       where.binds(limit), [&](Text id, Text name, Text email, Text title) {
                                         all.push_back({std::move(id), std::move(name), std::move(email), std::move(title)});
                                       });
  return all;
}

}  // namespace tradecase::http
