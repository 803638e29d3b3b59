/** Counters and durations by useful names; the platform decides where they go (Prometheus on Node). */
export type Metrics = {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  observe(name: DurationName, labels: Readonly<Record<string, string>>, seconds: number): void;
};

export const counters = {
  ofrenda_http_requests_total: "HTTP requests by route, method and status",
  ofrenda_donations_total: "Donations by what became of them, method and country",
  ofrenda_attempt_changes_total: "Payment attempts by new state and gateway",
  ofrenda_gateway_calls_total: "Calls to gateways by gateway, operation and answer",
  ofrenda_gateway_unrecognized_total: "Words of a gateway we did not know: look at them",
  ofrenda_webhooks_received_total: "Inbound webhook deliveries by gateway and verdict",
  ofrenda_webhooks_applied_total: "Inbound events by what became of them",
  ofrenda_deliveries_total: "Outbound webhook tries by result",
  ofrenda_followings_failed_total: "Events our own house could not act on, by follower and what comes next",
  ofrenda_occurrences_total: "Occurrences of recurring gifts by what was done about them",
  ofrenda_messages_total: "Messages by kind, channel and what became of them",
  ofrenda_mail_returned_total: "Mail that came back, by what it said",
  ofrenda_jobs_total: "Jobs by name and result",
  ofrenda_refunds_total: "Refunds by state",
} as const;

export const durations = {
  ofrenda_http_request_seconds: "Time to answer an HTTP request, by route",
  ofrenda_gateway_call_seconds: "Time a gateway took to answer, by gateway and operation",
  ofrenda_delivery_seconds: "Time an endpoint of a church took to answer",
  ofrenda_webhook_lag_seconds: "From a gateway's event to its being applied",
} as const;

export type CounterName = keyof typeof counters;
export type DurationName = keyof typeof durations;

export const noMetrics: Metrics = { count: () => {}, observe: () => {} };
