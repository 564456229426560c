#include "adapters/documents/paper.hpp"

#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

#include "adapters/documents/chromium.hpp"
#include "adapters/documents/letter_source.hpp"
#include "adapters/documents/pdf_marks.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

// As a string of CSS.
std::string css_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c == '<' ? "\\3c " : std::string(1, c);  // no text ends the style element
  }
  return out;
}

std::string framed(const std::string& html, std::string style, const Paper& paper) {
  constexpr std::string_view place = "{running}";
  const std::string running = css_text(paper.running);
  for (auto at = style.find(place); at != std::string::npos; at = style.find(place, at + running.size()))
    style.replace(at, place.size(), running);
  const auto head = html.find("</head>");
  if (head == std::string::npos) throw PaperFailure("A letter without a head cannot be printed.");
  return html.substr(0, head) + "<style>" + style + "</style>" + html.substr(head);
}

struct Order {
  std::string html;
  std::promise<std::string> printed;
};

}  // namespace

struct PaperPress::Work {
  explicit Work(PressSettings of) : settings(std::move(of)), thread([this] { run(); }) {}

  ~Work() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    changed.notify_all();
    thread.join();
  }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      const bool busy = changed.wait_for(lock, settings.idle, [this] { return stopping || !orders.empty(); });
      if (stopping) break;
      if (!busy) {
        end();
        continue;
      }
      Order order = std::move(orders.front());
      orders.pop_front();
      lock.unlock();
      fulfil(order);
      lock.lock();
    }
    for (Order& order : orders) order.printed.set_exception(std::make_exception_ptr(PaperFailure("The program is about to end.")));
    end();
  }

  void fulfil(Order& order) {
    try {
      order.printed.set_value(print_or_retry(order.html));
    } catch (const std::exception& failure) {  // also what a strange answer of the child made the JSON reader throw
      end();
      order.printed.set_exception(std::make_exception_ptr(PaperFailure(failure.what())));
    }
  }

  std::string print_or_retry(const std::string& html) {
    try {
      return print_once(html);
    } catch (const std::exception&) {
      end();
    }
    return print_once(html);
  }

  std::string print_once(const std::string& html) {
    if (!child) {
      child.emplace(settings.program, settings.patience);
      process = child->process();
      ++started;
      printed = 0;
    }
    std::string pdf = child->print(html);
    if (++printed >= settings.letters_max) end();
    return pdf;
  }

  void end() {
    process = -1;
    child.reset();
  }

  PressSettings settings;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Order> orders;
  bool stopping = false;
  std::optional<Chromium> child;  // the thread's alone, as is the next
  int printed = 0;
  std::atomic<int> started = 0, process = -1;
  std::thread thread;  // last: it uses all of the above
};

PaperPress::PaperPress(PressSettings settings) : work_(std::make_unique<Work>(std::move(settings))) {}
PaperPress::~PaperPress() = default;

std::string PaperPress::print(const std::string& html, const Paper& paper) {
  Order order{framed(html, work_->settings.style, paper), {}};
  std::future<std::string> printed = order.printed.get_future();
  {
    const std::lock_guard lock(work_->mutex);
    work_->orders.push_back(std::move(order));
  }
  work_->changed.notify_all();
  return with_marks(printed.get(), paper);
}

int PaperPress::started() const { return work_->started; }
int PaperPress::process() const { return work_->process; }

fs::path find_program(const std::string& name) {
  const auto runs = [](const fs::path& file) { return !fs::is_directory(file) && access(file.c_str(), X_OK) == 0; };
  if (name.empty()) return {};
  if (name.find('/') != std::string::npos) return runs(name) ? fs::path(name) : fs::path();
  const char* path = std::getenv("PATH");  // NOLINT: read before any thread
  std::istringstream folders(path != nullptr ? path : "/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && runs(fs::path(folder) / name)) return fs::path(folder) / name;
  return {};
}

PaperMaker paper_maker(const std::string& program, const fs::path& templates) {
  PressSettings settings;
  settings.program = find_program(program);
  if (settings.program.empty()) return {};
  settings.style = read_file(templates / "letters" / "paper.css");
  auto press = std::make_shared<PaperPress>(std::move(settings));
  return [press](const std::string& html, const Paper& paper) { return press->print(html, paper); };
}

}  // namespace tradecase
