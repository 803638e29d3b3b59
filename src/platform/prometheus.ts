import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { type CounterName, counters, type DurationName, durations, type Metrics } from "../kernel/metrics.ts";

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const labels: Readonly<Record<CounterName | DurationName, readonly string[]>> = {
  ofrenda_http_requests_total: ["route", "method", "status"],
  ofrenda_donations_total: ["status", "method", "country"],
  ofrenda_attempt_changes_total: ["state", "gateway"],
  ofrenda_gateway_calls_total: ["gateway", "operation", "answer"],
  ofrenda_gateway_unrecognized_total: ["gateway"],
  ofrenda_webhooks_received_total: ["gateway", "verdict"],
  ofrenda_webhooks_applied_total: ["gateway", "result"],
  ofrenda_messages_total: ["kind", "channel", "result"],
  ofrenda_mail_returned_total: ["result"],
  ofrenda_followings_failed_total: ["follower", "result"],
  ofrenda_deliveries_total: ["result"],
  ofrenda_occurrences_total: ["done"],
  ofrenda_jobs_total: ["job", "result"],
  ofrenda_refunds_total: ["state"],
  ofrenda_http_request_seconds: ["route"],
  ofrenda_gateway_call_seconds: ["gateway", "operation"],
  ofrenda_delivery_seconds: [],
  ofrenda_webhook_lag_seconds: ["gateway"],
};

const isCounter = (name: string): name is CounterName => name in counters;
const isDuration = (name: string): name is DurationName => name in durations;

/** Metrics for a Prometheus scrape, with the process's own. */
export function prometheus(): Metrics & { scrape(): Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counting = new Map<CounterName, Counter>();
  for (const [name, help] of Object.entries(counters)) {
    if (!isCounter(name)) continue;
    counting.set(name, new Counter({ name, help, labelNames: [...labels[name]], registers: [registry] }));
  }
  const timing = new Map<DurationName, Histogram>();
  for (const [name, help] of Object.entries(durations)) {
    if (!isDuration(name)) continue;
    timing.set(
      name,
      new Histogram({ name, help, labelNames: [...labels[name]], buckets, registers: [registry] }),
    );
  }
  return {
    count: (name, values, by = 1) => counting.get(name)?.inc({ ...values }, by),
    observe: (name, values, seconds) => timing.get(name)?.observe({ ...values }, seconds),
    scrape: () => registry.metrics(),
  };
}
