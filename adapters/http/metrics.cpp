#include "adapters/http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "adapters/http/api_store.hpp"

namespace tradecase::http {

struct Metrics::Series {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter().Name("tradecase_requests_total").Help("Requests answered").Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram().Name("tradecase_request_seconds").Help("Time from handler's begin to its answer").Register(registry);
  prometheus::Family<prometheus::Gauge>& commits =
      prometheus::BuildGauge().Name("tradecase_commits").Help("Groups committed since the start").Register(registry);
  prometheus::Family<prometheus::Gauge>& outbox =
      prometheus::BuildGauge().Name("tradecase_outbox_messages").Help("Mail by status").Register(registry);
  prometheus::Family<prometheus::Gauge>& timers =
      prometheus::BuildGauge().Name("tradecase_timers_due").Help("Timers due and not fired").Register(registry);
};

Metrics::Metrics() : series_(std::make_unique<Series>()) {}
Metrics::~Metrics() = default;

void Metrics::answered(std::string_view method, std::string_view pattern, int status, std::chrono::microseconds time) {
  const std::string known = method == "GET" || method == "POST" || method == "HEAD" ? std::string(method) : "other";
  const std::string route = pattern.empty() ? "none" : std::string(pattern);
  series_->requests.Add({{"method", known}, {"route", route}, {"status", std::to_string(status / 100) + "xx"}}).Increment();
  static const prometheus::Histogram::BucketBoundaries limits{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
  series_->seconds.Add({{"method", known}, {"route", route}}, limits).Observe(std::chrono::duration<double>(time).count());
}

std::string Metrics::text(Engine& engine) {
  series_->commits.Add({}).Set(static_cast<double>(engine.database().commits()));
  engine.database().read([&](Session& session) {
    const auto counts = count_messages(session);
    for (const char* status : {"queued", "claimed", "transmitting", "sent", "given_up", "unknown"}) {
      const auto found = counts.find(status);
      series_->outbox.Add({{"status", status}}).Set(found == counts.end() ? 0.0 : static_cast<double>(found->second));
    }
    series_->timers.Add({}).Set(static_cast<double>(timers_due(session, engine.now())));
  });
  return prometheus::TextSerializer().Serialize(series_->registry.Collect());
}

}  // namespace tradecase::http
