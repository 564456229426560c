#include "tools/cli/site.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <sstream>

#include "adapters/documents/letters.hpp"
#include "adapters/documents/paper.hpp"
#include "adapters/http/letter_store.hpp"
#include "adapters/http/portal/queue_store.hpp"
#include "adapters/http/session_store.hpp"
#include "adapters/smtp/folder.hpp"
#include "adapters/smtp/smtp.hpp"
#include "engine/store/fixed_letters.hpp"
#include "engine/store/languages.hpp"
#include "engine/store/notices.hpp"
#include "engine/store/papers.hpp"
#include "engine/store/rule_changes.hpp"
#include "engine/store/schema.hpp"
#include "engine/text.hpp"
#include "tools/cli/webhooks.hpp"
#include "workflows/forms.hpp"
#include "workflows/rules.hpp"
#include "workflows/workflows.hpp"

namespace tradecase {
namespace {

constexpr char sandbox_clock[] = "sandbox_clock";
constexpr char worker_name[] = "worker";
constexpr char another_works[] = "Another program does the work on this database; it needs nobody's help.";

Instant system_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw ConfigError("The password file " + file.string() + " cannot be read.");
  return line;
}

}  // namespace

// Numbered by their place: no database may have been made with fewer of a list that is not the last. What is new goes to the end.
std::vector<Migration> site_migrations() {
  auto all = all_migrations();
  for (Migration& one : http::portal_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : later_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : paper_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : rule_change_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : webhook_name_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : language_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : notice_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : finding_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : fixed_letter_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : http::letter_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : index_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : http::queue_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  return all;
}

namespace {

Letterhead letterhead_of(const Rules& rules) {
  Letterhead head;
  std::istringstream lines(rules.text("programme.office_address"));
  for (std::string line; std::getline(lines, line, ';');) head.office_address.push_back(trimmed(line));
  return head;
}

std::shared_ptr<const Programme> read_programme(const Config& config, const std::vector<RuleValue>& instead) {
  Rulebook book = load_rulebook(config.rules_file, instead);
  auto letters = load_letters(config, book.rules);
  return std::make_shared<const Programme>(Programme{all_workflows(), std::move(book.rules), std::move(book.calendar),
                                                     load_forms(config.home / "workflows"), renderer(std::move(letters)), config.portal_url,
                                                     config.message_id_host});
}

}  // namespace

std::shared_ptr<const Letters> load_letters(const Config& config, const Rules& rules) {
  return std::make_shared<const Letters>(Letters::load(config.home / "templates", letterhead_of(rules)));
}

std::vector<RuleValue> rules_changed(Session& session) {
  std::vector<RuleValue> all;
  for (RuleChange& change : rule_changes_in_force(session)) all.push_back({std::move(change.key), std::move(change.value)});
  return all;
}

// Read once in a program, and again when the rules have changed: a batch opens its database for every verb.
std::shared_ptr<const Programme> load_programme(const Config& config, const std::vector<RuleValue>& instead) {
  static std::mutex mutex;
  static std::string read_as;
  static std::shared_ptr<const Programme> programme;
  std::error_code unreadable;  // then reading it says why
  const auto changed = std::filesystem::last_write_time(config.rules_file, unreadable).time_since_epoch().count();
  json::array facts{config.home.string(), config.rules_file.string(), changed, config.portal_url, config.message_id_host};
  for (const RuleValue& one : instead) facts.push_back(json::array{one.key, one.value});
  const std::string as = json::serialize(facts);
  const std::lock_guard lock(mutex);
  if (programme == nullptr || read_as != as) {
    programme = read_programme(config, instead);
    read_as = as;
  }
  return programme;
}

PaperMaker paper_maker_of(const Config& config) { return paper_maker(config.chromium, config.home / "templates"); }

Sender sender_of(const Config& config) {
  if (config.mail_transport == "folder") return folder_sender(config.mail_folder);
  if (config.mail_transport != "smtp") return {};
  SmtpSettings settings;
  settings.host = config.mail_host;
  settings.port = static_cast<std::uint16_t>(config.mail_port);
  settings.security = config.mail_security == "tls"        ? SmtpSettings::Security::tls
                      : config.mail_security == "starttls" ? SmtpSettings::Security::starttls
                                                           : SmtpSettings::Security::none;
  settings.user = config.mail_user;
  if (!config.mail_password_file.empty()) settings.password = first_line(config.mail_password_file);
  settings.ca_file = config.mail_ca_file.string();
  settings.timeout = std::chrono::seconds(config.mail_timeout_seconds);
  settings.envelope_from = config.mail_bounces_to;
  return smtp_sender(settings);
}

void Site::create(const Config& config, const std::filesystem::path& file, std::optional<Date> sandbox_day) {
  const Rulebook book = load_rulebook(config.rules_file);  // a programme that cannot be loaded makes no database
  Database::create(file, site_migrations());
  Database database(file, site_migrations());
  http::seed_paragraphs(database, config.home / paragraphs_folder, sandbox_day ? book.calendar.start_of(*sandbox_day) : system_now());
  if (!sandbox_day) return;
  database.write([&](Transaction& tx) { put_meta(tx, sandbox_clock, to_text(book.calendar.start_of(*sandbox_day))); });
}

Site::Site(const Config& config, const std::filesystem::path& file, bool durable)
    : config_(config), database_(std::make_unique<Database>(file, site_migrations(), durable)) {
  programmes_.push_back(load_programme(config, database_->read([](Session& session) { return rules_changed(session); })));
  const auto own_time = database_->read([](Session& session) { return find_meta(session, sandbox_clock); });
  if (own_time) clock_ = std::make_shared<SandboxClock>(parse_instant(*own_time).value());
  engine_ = std::make_unique<Engine>(*database_, *programmes_.back(),
                                     clock_ ? Clock([clock = clock_] { return clock->now(); }) : Clock(system_now));
}

void Site::use(std::shared_ptr<const Programme> programme) {
  engine_->use(*programme);
  programmes_.push_back(std::move(programme));
}

std::optional<std::string> Site::move_clock(Instant to) {
  if (!clock_) return "This database lives in real time; only a sandbox's clock can be moved (tradecase init --sandbox).";
  if (to < clock_->now()) return "The clock stands at " + to_text(clock_->now()) + " and never goes back.";
  if (to == clock_->now()) return std::nullopt;
  database_->write([&](Transaction& tx) { put_meta(tx, sandbox_clock, to_text(to)); });
  clock_->set(to);
  return std::nullopt;
}

Worker Site::worker(Sender sender) {
  return Worker(*engine_, std::move(sender), worker_name, config_.mail_from_name, config_.mail_from_address);
}

webhooks::Dispatch& Site::dispatch() {
  if (!dispatch_) dispatch_ = webhook_dispatch(config_, *engine_, sandbox());
  return *dispatch_;
}

bool Site::lock_work() {
  if (work_lock_) return true;
  const std::string file = database_->file().string() + "-work";
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);  // NOLINT: POSIX
  if (descriptor < 0) throw StoreFailure("The file " + file + " cannot be made, beside the database.");
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    close(descriptor);
    return false;
  }
  work_lock_ = std::shared_ptr<void>(this, [descriptor](void*) { close(descriptor); });
  return true;
}

std::variant<Site::Worked, std::string> Site::work_once(Sender sender) {
  if (!lock_work()) return another_works;
  Worker worker(*engine_, std::move(sender), worker_name, config_.mail_from_name, config_.mail_from_address);
  worker.recover();
  Worked worked;
  worked.timers = worker.fire_all_due();
  worked.mails = worker.deliver_all_due();
  worked.told = dispatch().pass();
  return worked;
}

std::variant<Site::Worked, std::string> Site::work_until(Instant until, Sender sender, const std::function<void(Instant)>& progress) {
  if (!clock_) return "This database lives in real time: \"work\" without --until does what is due.";
  if (until < clock_->now()) return "The clock stands at " + to_text(clock_->now()) + " already.";
  if (!lock_work()) return another_works;
  const bool mailing = static_cast<bool>(sender);
  Worker worker(*engine_, std::move(sender), worker_name, config_.mail_from_name, config_.mail_from_address);
  worker.recover();
  Worked worked;
  for (;;) {
    worked.timers += worker.fire_all_due();
    worked.mails += worker.deliver_all_due();
    worked.told += dispatch().pass();
    if (clock_->now() >= until) return worked;
    const auto [timer, mail] =
        database_->read([](Session& session) { return std::pair(next_timer_at(session), next_message_at(session)); });
    Instant next = std::min(until, timer.value_or(until));
    if (mailing) next = std::min(next, mail.value_or(until));
    next = std::min(next, dispatch().next_due().value_or(until));
    move_clock(std::max(next, clock_->now()));
    if (progress) progress(clock_->now());
  }
}

}  // namespace tradecase
