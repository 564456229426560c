#include "tools/simulation/simulation.hpp"

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <queue>
#include <set>

#include "adapters/smtp/folder.hpp"
#include "tools/cli/letter_desk.hpp"
#include "tools/cli/site.hpp"
#include "tools/cli/standard_letter.hpp"
#include "tools/simulation/ideas.hpp"
#include "tools/simulation/mistakes.hpp"
#include "tools/simulation/post.hpp"
#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr char ends_at[] = "simulation_ends_at";
constexpr int mistakes_in_thousand = 30;
constexpr int receipts_kept = 200;  // looked up again at each verification

const Date first_day = std::chrono::local_days{std::chrono::year{2026} / std::chrono::January / 5};

struct Intention {
  Instant at;
  std::uint64_t order = 0;
  Idea idea = Idea::work;
  std::int64_t task = 0;  // of work
  std::string about;      // of an idea: company, or case
  bool operator>(const Intention& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::int64_t resident_kib() {
  std::ifstream in("/proc/self/statm");
  std::int64_t size = 0, resident = 0;
  in >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

std::string receipt_line(const Command& said, const Receipt& receipt) {
  return json::serialize(json::object{{"actor", said.actor},
                                      {"key", said.key},
                                      {"case", receipt.case_id},
                                      {"version", receipt.version},
                                      {"answer", to_json(Answer(receipt))}});
}

// How long somebody lets a task lie.
int days_until_acting(Dice& dice, const Task& task, Date today) {
  if (task.kind == "file") {
    const int left = task.due_on ? std::max(2, static_cast<int>((*task.due_on - today).count())) : 30;
    if (dice.chance(800)) return dice.between(1, left - 1);
    return dice.chance(700) ? left + dice.between(1, 25) : left + dice.between(40, 130);
  }
  if (task.role == Role::officer) return dice.chance(850) ? dice.between(1, 25) : dice.between(30, 110);
  if (task.role == Role::appeals) return dice.between(20, 200);
  return dice.chance(900) ? dice.between(1, 12) : dice.between(13, 60);
}

struct Sitting {  // the commands that everybody sends at one moment
  std::vector<Command> commands;
  struct Watched {
    Mistake mistake;
    std::size_t wrong, right;
  };
  std::vector<Watched> mistakes;
};

class Simulation {
 public:
  Simulation(const Config& config, const Options& options)
      : options_(options),
        site_(config, options.file, options.durable),
        dice_(options.seed * 2 + 1),
        post_(options.seed * 2 + 2, options.mail_folder.empty() ? Sender() : folder_sender(options.mail_folder)),
        worker_(site_.worker(post_.sender())),
        desk_(letter_desk(site_.engine(), load_letters(config, site_.programme().rules))) {
    if (!site_.lock_work()) throw StoreFailure("Another program does the work on this database.");
    if (!options.acknowledge.empty()) acknowledged_.open(options.acknowledge, std::ios::app);
  }

  Report run() {
    const auto begin = std::chrono::steady_clock::now();
    prepare();
    const Instant first = now();
    Date checked_on = today(), measured_on = today();
    while (now() < end_) {
      pass();
      if (options_.verify_every_days > 0 && today() - checked_on >= days(options_.verify_every_days)) {
        check_everything();
        checked_on = today();
      }
      if (today() - measured_on >= days(91)) {
        report_.memory_kib.push_back(resident_kib());
        measured_on = today();
      }
      if (options_.progress) options_.progress(static_cast<int>((now() - first) / hours(24)), static_cast<int>((end_ - first) / hours(24)));
      move_clock();
    }
    pass();
    report_.memory_kib.push_back(resident_kib());
    report_.seconds = seconds_since(begin) - report_.verify_seconds;
    if (options_.verify_at_end) check_everything();
    for (const std::string& id : post_.two_contents())
      violation("mail_two_contents", "", "the mail " + id + " was handed over with two contents");
    report_.sums = site_.database().read([](Session& session) { return sums_of(session); });
    return std::move(report_);
  }

 private:
  Instant now() { return site_.engine().now(); }
  Date today() { return site_.engine().today(); }
  void violation(std::string invariant, std::string case_id, std::string detail) {
    report_.violations.push_back({std::move(invariant), std::move(case_id), std::move(detail)});
  }

  void prepare() {
    Engine& engine = site_.engine();
    if (options_.resume) {
      const auto end = site_.database().read([](Session& session) { return find_meta(session, ends_at); });
      if (!end) throw StoreFailure("This database holds no simulation that could go on.");
      end_ = parse_instant(*end).value();
      worker_.recover();
      cast_ = find_cast(engine);
    } else {
      end_ = site_.programme().calendar.start_of(add_months(today(), 12 * options_.years));
      site_.database().write([&](Transaction& tx) { put_meta(tx, ends_at, to_text(end_)); });
      cast_ = make_cast(engine, dice_, options_.members, options_.years);
    }
    const std::int64_t lines = site_.database().read([](Session& session) { return sums_of(session); }).transitions;
    key_prefix_ = "simulated:" + std::to_string(options_.seed) + ":" + std::to_string(lines) + ":";
    draw_ideas();
    look_for_work();
  }

  void draw_ideas() {
    const int total = static_cast<int>((end_ - now()) / hours(24));
    for (int from = 0; from < total; from += 365) {
      const int span = std::min(365, total - from);
      for (const std::string& company : cast_.members)
        for (const auto& [idea, in_thousand] : occasions)
          if (dice_.chance(in_thousand * span / 365)) intend(from + dice_.between(1, span), idea, company);
      for (const std::string& company : cast_.applicants)
        if (dice_.chance(600)) intend(from + dice_.between(1, span), Idea::launch, company);
    }
  }

  Instant slot(int in_days) {  // people act at ten or at three
    return site_.programme().calendar.start_of(today() + days(in_days)) + hours(dice_.chance(500) ? 10 : 15);
  }
  void intend(int in_days, Idea idea, const std::string& about) { queue_.push({slot(in_days), ++order_, idea, 0, about}); }
  void intend_work(int in_days, std::int64_t task) { queue_.push({slot(in_days), ++order_, Idea::work, task, {}}); }

  // Whoever finds new work on the desk decides when to do it.
  void look_for_work() {
    const auto fresh = site_.database().read([&](Session& session) { return open_tasks_after(session, last_task_); });
    for (const Task& task : fresh) {
      last_task_ = task.id;
      if (task.kind.starts_with("mail:")) settle_mail(task);
      if (only_reminds(task.kind)) continue;
      intend_work(days_until_acting(dice_, task, today()), task.id);
      const bool proposal = task.kind == "decide_suspension" || task.kind == "decide_removal";
      if (proposal && dice_.chance(500)) intend(dice_.between(1, 5), Idea::respond, task.case_id);
    }
  }

  // The operator asks around and notes that the mail need not go again.
  void settle_mail(const Task& task) {
    site_.database().write([&](Transaction& tx) { close_task(tx, task.case_id, task.kind, now()); });
  }

  void pass() {
    fire();
    act();
    fire();
    worker_.deliver_all_due(100);
    look_for_work();
    check_pass();
  }

  void fire() {
    if (worker_.fire_all_due().failed == 0) return;
    for (const Timer& timer : site_.database().read([](Session& session) { return refused_timers(session); }))
      if (timer.status == "pending" && failed_timers_.insert(timer.id).second)
        violation("timer_failed", timer.case_id, timer.command + " by timer " + timer.name + ": " + timer.detail);
  }

  void act() {
    if (queue_.empty() || queue_.top().at > now()) return;
    look_for_work();
    Sitting sitting;
    site_.database().read([&](Session& session) {
      while (!queue_.empty() && queue_.top().at <= now()) {
        const Intention intention = queue_.top();
        queue_.pop();
        if (intention.idea == Idea::work)
          do_work(session, intention.task, sitting);
        else
          have_idea(session, intention, sitting);
      }
    });
    send(sitting);
  }

  void do_work(Session& session, std::int64_t id, Sitting& sitting) {
    const auto task = find_open_task(session, id);
    if (!task) return;  // done, or not needed any more
    const auto on = find_case(session, task->case_id);
    Scene scene{site_.programme(), cast_, dice_, today(), *on, *task, [&] { return facts_of(session, on->company); }};
    for (Act& act : acts_of(scene)) {
      if (act.name == "fix_letter") write_letter(*on, act);
      Command command;
      command.case_id = on->id;
      command.name = std::move(act.name);
      command.body = std::move(act.body);
      command.actor = std::move(act.actor);
      say(std::move(command), on->version, sitting);
    }
    intend_work(dice_.between(4, 21), id);  // it may still lie there then
  }

  void write_letter(const Case& on, Act& act) {
    const std::string letter(act.body.at("letter").as_string());
    const Person writer = site_.database().read([&](Session& session) { return find_person(session, act.actor).value(); });
    auto made = fix_standard_letter(site_.engine(), *desk_, on, letter, act.body.at("says").as_object(), writer);
    if (const auto* why = std::get_if<std::string>(&made)) return violation("letter_not_written", on.id, letter + ": " + *why);
    act.body = std::get<json::object>(std::move(made));
  }

  void have_idea(Session& session, const Intention& intention, Sitting& sitting) {
    auto command = command_of(session, site_.programme(), cast_, dice_, today(), intention.idea, intention.about);
    if (command) say(std::move(*command), 1, sitting);
  }

  void say(Command command, std::int64_t version, Sitting& sitting) {
    command.key = key_prefix_ + std::to_string(++order_);
    if (!dice_.chance(mistakes_in_thousand)) return sitting.commands.push_back(std::move(command));
    Erring erring = err(dice_, cast_, command, version);
    const std::size_t at = sitting.commands.size();
    sitting.commands.push_back(erring.before ? erring.command : command);
    sitting.commands.push_back(erring.before ? std::move(command) : std::move(erring.command));
    sitting.mistakes.push_back({erring.mistake, erring.before ? at : at + 1, erring.before ? at + 1 : at});
  }

  void send(const Sitting& sitting) {
    if (sitting.commands.empty()) return;
    std::vector<Answer> answers;
    try {
      answers = site_.engine().execute_all(sitting.commands);
    } catch (const StoreFailure&) {
      throw;
    } catch (const std::exception& failure) {
      violation("command_failed", "", std::string("one of a sitting's commands failed: ") + failure.what());
      return;
    }
    for (std::size_t i = 0; i < answers.size(); ++i)
      if (const auto* receipt = std::get_if<Receipt>(&answers[i])) acknowledge(sitting.commands[i], *receipt);
    for (const auto& [mistake, wrong, right] : sitting.mistakes)
      if (auto why = wrong_answer(mistake, answers[wrong], answers[right])) violation("mistake", sitting.commands[wrong].case_id, *why);
  }

  void acknowledge(const Command& said, const Receipt& receipt) {
    if (acknowledged_.is_open()) acknowledged_ << receipt_line(said, receipt) << std::endl;  // flushed: the program may be killed next
    if (receipt.to == "removal_effected" && receipt.from != receipt.to && dice_.chance(600))
      intend(dice_.between(5, 110), Idea::appeal, receipt.case_id);
    if (receipts_.size() < receipts_kept)
      receipts_.emplace_back(said, receipt);
    else
      receipts_[dice_.below(receipts_kept)] = {said, receipt};
  }

  void move_clock() {
    const auto [timer, mail] =
        site_.database().read([](Session& session) { return std::pair(next_timer_at(session), next_message_at(session)); });
    Instant next = std::min({end_, timer.value_or(end_), mail.value_or(end_)});
    if (!queue_.empty()) next = std::min(next, queue_.top().at);
    site_.move_clock(std::max(next, now()));
  }

  // ---- what must hold ----------------------------------------------------------------------------------------------------

  void check_pass() {
    const auto due = site_.database().read([](Session& session) { return next_timer_at(session); });
    if (due && *due <= now()) violation("timer_unfired", "", "after a pass a timer is due since " + to_text(*due));
  }

  void check_everything() {
    const auto begin = std::chrono::steady_clock::now();
    VerifyReport found = site_.database().read([&](Session& session) { return verify(session, site_.programme(), now()); });
    report_.root = found.root;
    for (Violation& one : found.violations) report_.violations.push_back(std::move(one));
    site_.database().read([&](Session& session) {
      check_timers(session);
      check_receipts(session);
    });
    check_tasks();
    report_.verify_seconds += seconds_since(begin);
  }

  void check_timers(Session& session) {
    for (const Timer& timer : timers_refused_after(session, last_refused_)) {
      last_refused_ = timer.id;
      violation("timer_refused", timer.case_id, timer.command + " by timer " + timer.name + ": " + timer.detail);
    }
  }

  void check_receipts(Session& session) {
    for (const auto& [said, receipt] : receipts_) {
      const auto kept = find_receipt(session, said.actor, said.key);
      if (!kept || kept->answer != Answer(receipt))
        violation("receipt_lost", receipt.case_id, said.name + " was acknowledged, and its receipt is not there");
    }
  }

  void check_tasks() {  // whoever has work can do something about it
    const auto tasks = site_.database().read([&](Session& session) {
      return some_open_state_tasks(session, static_cast<std::int64_t>(dice_.below(static_cast<std::uint64_t>(last_task_) + 1)), 100);
    });
    for (const Task& task : tasks)
      if (!actionable(task)) violation("task_without_act", task.case_id, "nothing is permitted to whoever has the task " + task.kind);
  }

  bool actionable(const Task& task) {
    const auto on = site_.database().read([&](Session& session) { return find_case(session, task.case_id); });
    const Workflow& workflow = site_.programme().workflows.get(on->workflow);
    const auto permitted = site_.engine().permitted(task.case_id, "");
    const auto* all = std::get_if<std::vector<Permission>>(&permitted);
    if (all == nullptr) return false;
    for (const Permission& one : *all)
      if (one.verdict != Permission::Verdict::no && workflow.command(one.command)->roles.has(task.role)) return true;
    return false;
  }

  const Options& options_;
  Site site_;
  Dice dice_;
  Post post_;
  Worker worker_;
  std::shared_ptr<const http::LetterDesk> desk_;
  std::ofstream acknowledged_;
  Cast cast_;
  Instant end_{};
  std::string key_prefix_;
  std::priority_queue<Intention, std::vector<Intention>, std::greater<>> queue_;
  std::uint64_t order_ = 0;
  std::int64_t last_task_ = 0;
  std::int64_t last_refused_ = 0;
  std::set<std::int64_t> failed_timers_;
  std::vector<std::pair<Command, Receipt>> receipts_;
  Report report_;
};

}  // namespace

Report simulate(const Config& config, const Options& options) {
  if (!options.resume) Site::create(config, options.file, first_day);
  return Simulation(config, options).run();
}

}  // namespace tradecase::simulation
