#include "tools/cli/import_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "adapters/ace/xlsx.hpp"
#include "engine/store/store.hpp"
#include "tools/cli/entry_import.hpp"
#include "tools/cli/work_folder.hpp"
#include "workflows/sampling/population_store.hpp"

namespace tradecase {
namespace {

constexpr std::size_t at_once_max = 4, ended_kept = 20, errors_told_max = 1000, changes_shown_max = 100;
constexpr std::chrono::hours patience{1};  // for somebody to say what becomes of a checked file

struct Cancelled {};

enum class Stage { reading, checked, keeping, kept, refused, cancelled };
std::string_view name_of(Stage stage) {
  static constexpr std::string_view names[] = {"reading", "checked", "keeping", "kept", "refused", "cancelled"};
  return names[static_cast<std::size_t>(stage)];
}

json::array error_list(const std::vector<LineError>& errors) {
  json::array all;
  for (const LineError& error : errors)
    all.push_back(json::object{{"line", error.line}, {"field", error.field}, {"value", error.value}, {"reason", error.reason}});
  return all;
}

json::array change_list(const EntryDifference& found) {
  json::array all;
  for (const EntryChange& one : found.changes) {
    if (all.size() == changes_shown_max) break;
    all.push_back(json::object{{"line", one.source_line},
                               {"entry_number", one.entry_number},
                               {"entry_line", one.line},
                               {"ordinal", one.ordinal},
                               {"what", json::value_from(one.what)}});
  }
  return all;
}

class Import {
 public:
  Import(Engine& engine, std::string id, http::ImportDesk::Asked asked)
      : engine_(engine), id_(std::move(id)), asked_(std::move(asked)), at_(engine.now()) {
    std::ofstream(file(), std::ios::binary) << asked_.bytes;
    size_ = static_cast<std::int64_t>(asked_.bytes.size());
    asked_.bytes = {};
    thread_ = std::thread([this] { run(); });
  }
  ~Import() {
    cancel();
    thread_.join();
  }
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;

  const std::string& company() const { return asked_.company; }
  bool ended() const {
    const std::lock_guard lock(mutex_);
    return stage_ == Stage::kept || stage_ == Stage::refused || stage_ == Stage::cancelled;
  }
  json::object told() const;
  std::optional<std::string> keep(bool leave_bad_out, const std::string& by);
  bool cancel();

 private:
  std::filesystem::path file() const { return folder_.file("entries"); }
  void run();
  void read();
  void wait_and_keep();
  void note_error(LineError&& error);
  void end(Stage stage, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
    sentence_ = sentence;
  }

  Engine& engine_;
  const std::string id_;
  http::ImportDesk::Asked asked_;
  const Instant at_;
  const WorkFolder folder_;
  std::unique_ptr<EntryStage> rows_;  // the thread's

  std::atomic<std::int64_t> bytes_ = 0, size_ = 0;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;  // of what follows
  std::condition_variable said_;
  Stage stage_ = Stage::reading;
  bool keep_it_ = false;
  std::string keeper_, sentence_;
  EntryTotals totals_;
  EntryDifference found_;
  std::vector<LineError> errors_;
  std::int64_t errors_all_ = 0, bad_lines_ = 0, last_bad_line_ = 0;
  std::thread thread_;  // last: it begins when all else is there
};

json::object Import::told() const {
  const std::lock_guard lock(mutex_);
  return {{"import", id_},
          {"company", asked_.company},
          {"case", asked_.case_id},
          {"file", asked_.file},
          {"by", asked_.by},
          {"at", to_text(at_)},
          {"stage", name_of(stage_)},
          {"bytes", bytes_.load()},
          {"size", size_.load()},
          {"rows", totals_.rows},
          {"good", totals_.good},
          {"imported", found_.imported},
          {"changed", found_.changed},
          {"unchanged", found_.unchanged},
          {"left_out", bad_lines_},
          {"value_cents", totals_.value_cents},
          {"not_read", json::value_from(totals_.ignored)},
          {"changes", change_list(found_)},
          {"errors", error_list(errors_)},
          {"errors_more", errors_all_ - std::ssize(errors_)},
          {"sentence", sentence_}};
}

std::optional<std::string> Import::keep(bool leave_bad_out, const std::string& by) {
  const std::lock_guard lock(mutex_);
  if (stage_ == Stage::kept || stage_ == Stage::keeping) return std::nullopt;
  if (stage_ != Stage::checked) return "This file is not there to be imported any more. Choose it again.";
  if (totals_.good == 0) return "No row of the file can be taken.";
  if (errors_all_ > 0 && !leave_bad_out) return "Some rows cannot be taken. Leave them out, or mend the file and choose it again.";
  keep_it_ = true;
  keeper_ = by;
  stage_ = Stage::keeping;
  said_.notify_all();
  return std::nullopt;
}

// Whether it ends: what is being taken over does not stop half-way.
bool Import::cancel() {
  const std::lock_guard lock(mutex_);
  if (stage_ == Stage::keeping || stage_ == Stage::kept) return false;
  if (stage_ == Stage::reading || stage_ == Stage::checked) stage_ = Stage::cancelled;  // at once, for whoever looks next
  stop_ = true;
  said_.notify_all();
  return true;
}

void Import::note_error(LineError&& error) {
  const std::lock_guard lock(mutex_);
  ++errors_all_;
  if (error.line > 1 && error.line != last_bad_line_) {
    last_bad_line_ = error.line;
    ++bad_lines_;
  }
  if (errors_.size() < errors_told_max) errors_.push_back(std::move(error));
}

void Import::read() {
  rows_ = std::make_unique<EntryStage>(engine_.database().file());
  const Owners owners = engine_.database().read([&](Session& session) { return owners_of(session, asked_.company); });
  EntryReading reading;
  reading.today = engine_.today();
  reading.is_importer = [&](std::string_view number) { return owners.contains(std::string(number)); };
  reading.on_error = [this](LineError&& error) { note_error(std::move(error)); };
  reading.on_row = [&](EntryLine&& line) { rows_->add(owners.at(line.importer_number), line); };
  EntryTotals totals = read_entry_file(file(), reading, [this](std::int64_t at, std::int64_t size) {
    if (stop_) throw Cancelled();
    bytes_ = at;
    size_ = size;
  });
  if (stop_) throw Cancelled();
  EntryDifference found = rows_->compare();
  bytes_ = size_.load();
  const std::lock_guard lock(mutex_);
  if (stop_) throw Cancelled();
  totals_ = std::move(totals);
  found_ = std::move(found);
  stage_ = Stage::checked;
}

void Import::wait_and_keep() {
  EntryImported about;
  {
    std::unique_lock lock(mutex_);
    said_.wait_for(lock, patience, [this] { return keep_it_ || stop_.load(); });
    if (!keep_it_) {
      stage_ = Stage::cancelled;
      return;
    }
    about = {0, asked_.company, asked_.file, engine_.now(), totals_.rows, 0, 0, 0, bad_lines_, errors_};
  }
  EntryDifference found = keep_entries(*rows_, about, keeper_);
  const std::lock_guard lock(mutex_);
  found_ = std::move(found);
  stage_ = Stage::kept;
}

void Import::run() {
  try {
    read();
    wait_and_keep();
  } catch (const Cancelled&) {
    end(Stage::cancelled, "");
  } catch (const xlsx::Refused& refused) {
    end(Stage::refused, refused.what());
  } catch (const std::exception&) {
    end(Stage::refused, "The file could not be brought in: something went wrong on our side. Nothing of it was kept.");
  }
  rows_.reset();
  std::error_code ignored;
  std::filesystem::remove(file(), ignored);
}

class Imports {
 public:
  explicit Imports(Engine& engine) : engine_(engine) {}

  std::variant<std::string, http::ImportDesk::Refused> begin(http::ImportDesk::Asked asked) {
    const auto closed = engine_.database().read([&](Session& session) { return closed_case_problem(session, asked.case_id); });
    if (closed) return http::ImportDesk::Refused{*closed};
    const std::lock_guard lock(mutex_);
    forget_old();
    if (std::ranges::count_if(all_, [](const auto& one) { return !one.second->ended(); }) >= static_cast<std::ptrdiff_t>(at_once_max))
      return http::ImportDesk::Refused{"Other files are being read just now. Import or cancel one of them first."};
    std::string id = fmt::format("IMP-{:06}", ++number_);
    all_.emplace(id, std::make_shared<Import>(engine_, id, std::move(asked)));
    return id;
  }
  std::shared_ptr<Import> find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = all_.find(id);
    return found == all_.end() ? nullptr : found->second;
  }
  json::array list(const std::string& company) const {
    const std::lock_guard lock(mutex_);
    json::array all;
    for (auto one = all_.rbegin(); one != all_.rend(); ++one)
      if (one->second->company() == company) all.push_back(one->second->told());
    return all;
  }

 private:
  void forget_old() {
    std::vector<std::string> ended;
    for (const auto& [id, one] : all_)
      if (one->ended()) ended.push_back(id);
    for (std::size_t i = 0; i + ended_kept < ended.size(); ++i) all_.erase(ended[i]);
  }

  Engine& engine_;
  mutable std::mutex mutex_;
  std::int64_t number_ = 0;
  std::map<std::string, std::shared_ptr<Import>> all_;
};

}  // namespace

http::ImportDesk import_desk(Engine& engine) {
  const auto imports = std::make_shared<Imports>(engine);
  const std::string gone = "This import is not known any more. Choose the file again.";
  http::ImportDesk desk;
  desk.begin = [imports](http::ImportDesk::Asked asked) { return imports->begin(std::move(asked)); };
  desk.find = [imports](const std::string& id) {
    const auto one = imports->find(id);
    return one ? std::optional(one->told()) : std::nullopt;
  };
  desk.list = [imports](const std::string& company) { return imports->list(company); };
  desk.keep = [imports, gone](const std::string& id, bool leave_bad_out, const std::string& by) {
    const auto one = imports->find(id);
    return one ? one->keep(leave_bad_out, by) : http::ImportDesk::Why(gone);
  };
  desk.cancel = [imports, gone](const std::string& id) -> http::ImportDesk::Why {
    const auto one = imports->find(id);
    if (!one) return gone;
    return one->cancel() ? std::nullopt : http::ImportDesk::Why("The rows are being taken over already.");
  };
  return desk;
}

}  // namespace tradecase
