// Documents by their hashes, mails by theirs.
#include "engine/sha256.hpp"
#include "engine/store/verify_parts.hpp"

namespace tradecase::verifying {

void check_documents(const Reading& reading) {
  reading.session.each<std::string, std::string>("select hash, html from documents", {}, [&](std::string hash, std::string html) {
    if (sha256_hex(html) != hash) reading.found.broken("letter_document", "", "document " + hash + " has another text than its hash says");
    reading.found.row_done();
  });
}

void check_papers(const Reading& reading) {
  if (reading.session.value<std::int64_t>("select count(*) from sqlite_master where name = 'letter_papers'").value_or(0) == 0) return;
  reading.session.each<std::string, std::string, std::string>(
      "select hash, pdf_hash, pdf from letter_papers", {}, [&](std::string hash, std::string pdf_hash, std::string pdf) {
        if (sha256_hex(pdf) != pdf_hash) reading.found.broken("letter_paper", "", "the PDF of document " + hash + " is not as it was made");
        reading.found.row_done();
      });
}

void check_fixed_letters(const Reading& reading) {
  if (reading.session.value<std::int64_t>("select count(*) from sqlite_master where name = 'fixed_letters'").value_or(0) == 0) return;
  reading.session.each<std::string, std::string, std::string>(
      "select hash, case_id, html from fixed_letters", {}, [&](std::string hash, std::string case_id, std::string html) {
        if (sha256_hex(html) != hash) reading.found.broken("letter_fixed", case_id, "the text fixed as " + hash + " is another one");
        reading.found.row_done();
      });
}

void check_mails(const Reading& reading) {
  using Text = std::string;
  reading.session.each<std::int64_t, Text, Text, Text, Text, Text, Text, Text, Text, Text>(
      "select o.id, coalesce(o.case_id, ''), o.message_id, o.thread, o.to_name, o.to_address, coalesce(m.subject, n.subject, ''), "
      "coalesce(m.text, n.text, ''), coalesce(m.html, n.html, ''), o.content_hash from outbox o "
      "left join letter_mails m on m.letter_id = o.letter_id left join notice_mails n on n.message_id = o.message_id order by o.id",
      {},
      [&](std::int64_t id, Text case_id, Text message_id, Text thread, Text to_name, Text to_address, Text subject, Text text, Text html,
          Text hash) {
        Message message;
        message.message_id = std::move(message_id);
        message.references = std::move(thread);
        message.to_name = std::move(to_name);
        message.to_address = std::move(to_address);
        message.subject = std::move(subject);
        message.text = std::move(text);
        message.html = std::move(html);
        if (content_hash(message) != hash)
          reading.found.broken("mail_content", case_id, "mail " + std::to_string(id) + " is not as it was written");
        reading.found.row_done();
      });
  reading.session.each<Text, std::int64_t, Text>(
      "select message_id, count(*), coalesce(min(case_id), '') from outbox group by message_id having count(*) > 1", {},
      [&](Text message_id, std::int64_t count, Text case_id) {
        reading.found.broken("message_id", case_id, std::to_string(count) + " mails are called " + message_id);
      });
}

}  // namespace tradecase::verifying
