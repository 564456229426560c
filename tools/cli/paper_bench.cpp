#include "tools/cli/paper_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "engine/store/store.hpp"

namespace tradecase {
namespace {

struct Printable {
  std::string html;
  Paper paper;
};

std::vector<Printable> letters_to_print(Site& site, std::size_t most) {
  std::vector<Printable> all;
  site.database().read([&](Session& session) {
    for (const CaseRow& one : find_cases(session, {}))
      for (const Letter& letter : letters_of(session, one.id)) {
        if (all.size() == most) return;
        if (const auto document = find_document(session, letter.hash))
          all.push_back({document->html, {document->title, "Case " + one.id, "", letter.written_at}});
      }
  });
  return all;
}

double part(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int run_paper_bench(Shell& shell, int letters) {
  using std::chrono::steady_clock;
  const auto found = letters_to_print(shell.site(), static_cast<std::size_t>(letters));
  if (found.empty()) stop(RefusalCode::not_found, "This database has no letters to print.");
  const PaperMaker maker = paper_maker_of(shell.config());
  if (!maker) stop(RefusalCode::guard, "Chromium is not installed on this machine, so no PDF is made.");
  std::vector<double> warm;
  double cold = 0, seconds = 0;
  std::size_t bytes = 0;
  for (int i = 0; i <= letters; ++i) {
    const Printable& one = found[static_cast<std::size_t>(i) % found.size()];
    const auto began = steady_clock::now();
    bytes += maker(one.html, one.paper).size();
    const std::chrono::duration<double> took = steady_clock::now() - began;
    if (i == 0) {
      cold = took.count() * 1000;
      continue;
    }
    warm.push_back(took.count() * 1000);
    seconds += took.count();
  }
  std::ranges::sort(warm);
  const double rate = static_cast<double>(warm.size()) / seconds;
  if (shell.as_json)
    shell.print(json::object{{"letters", warm.size()},
                             {"cold_ms", cold},
                             {"p50_ms", part(warm, 0.5)},
                             {"p95_ms", part(warm, 0.95)},
                             {"letters_per_second", rate},
                             {"bytes", bytes / (warm.size() + 1)}});
  else
    std::cout << fmt::format(
        "The first PDF, with Chromium's start: {:.0f} ms.\n{} more: p50 {:.1f} ms, p95 {:.1f} ms, {:.1f} letters/s, {} KiB each.\n", cold,
        warm.size(), part(warm, 0.5), part(warm, 0.95), rate, bytes / (warm.size() + 1) / 1024);
  return 0;
}

}  // namespace tradecase
