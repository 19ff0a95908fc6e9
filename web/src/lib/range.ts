// The time range of a view: relative to now, between two instants, or everything. It lives in the address as `range`,
// or `from` and `to`; what is not understood is dropped, never guessed.

import { DAY_MS, HOUR_MS, MINUTE_MS, isoTime, parseTime, sqlTime } from './time';

export type TimeRange =
  | { kind: 'last'; text: string; ms: number }
  | { kind: 'between'; fromMs: number; toMs: number }
  | { kind: 'all' };

/** The ranges offered; any other `<n>m|h|d` may be written into the address. */
export const RANGES: readonly { value: string; label: string }[] = [
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '6h', label: 'Last 6 hours' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'all', label: 'All time' },
];

const UNIT_MS: Record<string, number> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const LONGEST_MS = 3650 * DAY_MS;

export const DEFAULT_RANGE: TimeRange = { kind: 'last', text: '24h', ms: DAY_MS };

export interface RangeSearch {
  range?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The range an address names; the last 24 hours where it names none. */
export function readRange(search: RangeSearch): TimeRange {
  const fromMs = parseTime(search.from);
  const toMs = parseTime(search.to);
  if (fromMs < toMs) return { kind: 'between', fromMs, toMs };
  if (search.range === 'all') return { kind: 'all' };
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(search.range ?? '') ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? NaN);
  return ms > 0 && ms <= LONGEST_MS ? { kind: 'last', text: `${count}${unit}`, ms } : DEFAULT_RANGE;
}

/** The parts of an address that name a range; the others are undefined, so that they replace what was there. */
export function writeRange(range: TimeRange): Record<'range' | 'from' | 'to', string | undefined> {
  switch (range.kind) {
    case 'between':
      return { range: undefined, from: isoTime(range.fromMs), to: isoTime(range.toMs) };
    case 'all':
      return { range: 'all', from: undefined, to: undefined };
    case 'last':
      return { range: range.text, from: undefined, to: undefined };
  }
}

/** What the API is asked: `{from}`, `{from, to}` or nothing. Relative ranges stay relative, so that answers are kept. */
export function rangeQuery(range: TimeRange): { from?: string; to?: string } {
  switch (range.kind) {
    case 'between':
      return { from: isoTime(range.fromMs), to: isoTime(range.toMs) };
    case 'all':
      // Statistics have a window of their own where none is asked for.
      return { from: '3650d' };
    case 'last':
      return { from: range.text };
  }
}

/** The range as long, just before; undefined where there is none. */
export function rangeBefore(range: TimeRange): { from: string; to: string } | undefined {
  switch (range.kind) {
    case 'between':
      return { from: isoTime(2 * range.fromMs - range.toMs), to: isoTime(range.fromMs) };
    case 'last':
      return { from: doubled(range.text), to: range.text };
    case 'all':
      return undefined;
  }
}

function doubled(text: string): string {
  return `${Number(text.slice(0, -1)) * 2}${text.slice(-1)}`;
}

/** The range's instants, given now; `all` reaches back to `oldestMs`. */
export function rangeEdges(range: TimeRange, nowMs: number, oldestMs = 0): { fromMs: number; toMs: number } {
  switch (range.kind) {
    case 'between':
      return { fromMs: range.fromMs, toMs: range.toMs };
    case 'all':
      return { fromMs: oldestMs, toMs: nowMs };
    case 'last':
      return { fromMs: nowMs - range.ms, toMs: nowMs };
  }
}

/** The range in words. */
export function rangeLabel(range: TimeRange): string {
  if (range.kind === 'between')
    return `${sqlTime(range.fromMs).slice(0, 16)} – ${sqlTime(range.toMs).slice(0, 16)}`;
  const text = range.kind === 'all' ? 'all' : range.text;
  const words: Record<string, string> = { m: 'minutes', h: 'hours', d: 'days' };
  const offered = RANGES.find(({ value }) => value === text)?.label;
  return offered ?? `Last ${text.slice(0, -1)} ${words[text.slice(-1)] ?? ''}`;
}
