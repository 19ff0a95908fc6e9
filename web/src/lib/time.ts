// Times: what the API says, in words. Everything is UTC unless a name says otherwise.

import { agoFormat, timeFormat } from './formats';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The API's `YYYY-MM-DD HH:MM:SS`, which is UTC, or RFC 3339, as milliseconds since 1970; NaN for anything else. */
export function parseTime(text: string | null | undefined): number {
  if (!text) return NaN;
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return Date.parse(`${text.replace(' ', 'T')}Z`);
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
}

/** Milliseconds since 1970 as `YYYY-MM-DD HH:MM:SS`, UTC. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds since 1970 as RFC 3339 to the second: what addresses and the API take. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The time of day, `HH:MM`, UTC. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

/** The day in the reader's words, UTC: `20 Nov`. */
export function day(ms: number, locale?: string): string {
  return timeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(ms);
}

/** A bucket in words: `Fri, 20 Nov 2026, 10:00–11:00 UTC`. */
export function span(fromMs: number, widthMs: number, locale?: string): string {
  const date = timeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(fromMs);
  return widthMs >= DAY_MS ? `${date} UTC` : `${date}, ${clock(fromMs)}–${clock(fromMs + widthMs)} UTC`;
}

/** How long ago, or how far ahead, in the reader's words: `5 minutes ago`. */
export function ago(ms: number, nowMs: number, locale?: string): string {
  const words = agoFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((ms - nowMs) / 1000);
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, 'second');
}

/** The instant in the reader's own zone, for a tooltip: `20 Nov 2026, 05:00:00 GMT-5`. */
export function local(ms: number, locale?: string): string {
  return timeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(ms);
}
