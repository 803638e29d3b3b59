import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { countries } from "../../countries/index.ts";
import { quietHoursFaults, readQuietHours } from "../../src/churches/church-rules.ts";
import { hours } from "../../src/kernel/clock.ts";
import { outsideQuietHours } from "../../src/messages/quiet-hours.ts";

const two = (n: number) => String(n).padStart(2, "0");
const timeBetween = (least: number, most: number) =>
  fc.integer({ min: least * 60, max: most * 60 }).map((m) => `${two(Math.floor(m / 60))}:${two(m % 60)}`);
const quiet = fc.record({ from: timeBetween(18, 23), until: timeBetween(6, 12) });
// Both hemispheres' clock changes, and zones that are not whole hours away.
const zones = [...new Set([...countries.values()].map(({ timeZone }) => timeZone)), "America/St_Johns"];
const zone = fc.constantFrom(...zones, "America/New_York", "America/Santiago", "Europe/Madrid");
const instant = fc.date({
  min: new Date("2025-01-01T00:00Z"),
  max: new Date("2028-01-01T00:00Z"),
  noInvalidDate: true,
});

const clockAt = (at: Date, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainTime().toString();

describe("a church's night", () => {
  test("is never written into, and puts nothing off for longer than it lasts, in any zone", () => {
    fc.assert(
      fc.property(instant, zone, quiet, (at, timeZone, night) => {
        expect(quietHoursFaults(night, "")).toEqual([]);
        const then = outsideQuietHours(at, timeZone, night);
        const time = clockAt(then, timeZone);
        expect(time >= night.until && time < night.from).toBe(true);
        const now = clockAt(at, timeZone);
        if (now >= night.until && now < night.from) expect(then).toEqual(at);
        else expect(time.slice(0, 5)).toBe(night.until);
        expect(then.getTime() - at.getTime()).toBeLessThanOrEqual(hours(19));
        expect(then >= at).toBe(true);
        expect(outsideQuietHours(then, timeZone, night)).toEqual(then);
      }),
    );
  });

  test.each([
    [{ from: "17:59", until: "08:00" }, ["/quiet_hours/from"]],
    [{ from: "23:01", until: "08:00" }, ["/quiet_hours/from"]],
    [{ from: "21:00", until: "05:59" }, ["/quiet_hours/until"]],
    [{ from: "21:00", until: "12:01" }, ["/quiet_hours/until"]],
    [{ from: "21", until: "8:00" }, ["/quiet_hours/from", "/quiet_hours/until"]],
    [{ from: "20:60", until: "" }, ["/quiet_hours/from", "/quiet_hours/until"]],
    [{ from: "08:00", until: "21:00" }, ["/quiet_hours/from", "/quiet_hours/until"]],
  ])("%o is none", (night, pointers) => {
    expect(quietHoursFaults(night, "/quiet_hours").map(({ pointer }) => pointer)).toEqual(pointers);
  });

  test("is the usual one where nothing was said", () => {
    expect(readQuietHours({})).toEqual({ from: "21:00", until: "08:00" });
  });
});
