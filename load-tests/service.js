import http from "k6/http";

/** Where the service is and how to get in; `npm run load` fills these. */
export const service = {
  url: __ENV.OFRENDA_URL || "http://localhost:8787",
  key: __ENV.OFRENDA_KEY || "",
  webhookUrl: __ENV.WEBHOOK_URL || "",
  webhookSecret: __ENV.WEBHOOK_SECRET || "",
};

/**
 * A steady rate, whatever the answers take: a slow service is not asked less. RATE is per second; DURATION as k6
 * writes it. `p99` is the budget in milliseconds; anything but the expected answer is a failure.
 */
export function steady(rate, p99) {
  const perSecond = Number(__ENV.RATE || rate);
  return {
    scenarios: {
      steady: {
        executor: "constant-arrival-rate",
        rate: perSecond,
        timeUnit: "1s",
        duration: __ENV.DURATION || "30s",
        preAllocatedVUs: Math.max(20, Math.ceil(perSecond / 2)),
        maxVUs: Math.max(50, perSecond),
      },
    },
    thresholds: {
      checks: ["rate>0.999"],
      http_req_failed: ["rate<0.001"],
      http_req_duration: [`p(99)<${__ENV.P99_MS || p99}`],
      // Half a second's worth: a cold start may cost that, a slow service costs more.
      dropped_iterations: [`count<${Math.ceil(perSecond / 2)}`],
    },
    summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max"],
  };
}

const authorized = { authorization: `Bearer ${service.key}` };

export const read = (path) => http.get(`${service.url}${path}`, { headers: authorized });

/** A card gift that is captured at once by the simulated gateway. */
export const give = (key) =>
  http.post(
    `${service.url}/v1/donations`,
    JSON.stringify({
      amount: 50000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "card", token: "pm_card_visa" },
      donor: { name: "Ana P", email: `${key}@example.org` },
    }),
    { headers: { ...authorized, "content-type": "application/json", "idempotency-key": key } },
  );
