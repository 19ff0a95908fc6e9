// Which buckets a range is drawn in, and what of the API's timeline they are. The API counts back from now.

import { DAY_MS, HOUR_MS, MINUTE_MS, parseTime } from './time';
import { rangeEdges, type TimeRange } from './range';

export type Resolution = '5m' | '1h' | '1d';

export const WIDTHS_MS: Record<Resolution, number> = { '5m': 5 * MINUTE_MS, '1h': HOUR_MS, '1d': DAY_MS };

export const RESOLUTION_WORDS: Record<Resolution, string> = { '5m': '5 minutes', '1h': 'hour', '1d': 'day' };

/** As far back as the API's timeline reaches in hours or less, and in days. */
const FINE_REACH_MS = 720 * HOUR_MS;
const REACH_MS = 3650 * DAY_MS;
/** What is drawn of all time. */
const ALL_MS = 365 * DAY_MS;
const MOST_BUCKETS = 750;
const FEW_BUCKETS = 20;

export interface Plan {
  resolution: Resolution;
  widthMs: number;
  /** The resolutions that make a readable chart. */
  offered: Resolution[];
  /** On whole buckets. */
  fromMs: number;
  toMs: number;
  /** What the API is asked. */
  query: { hours?: number; days?: number; resolution: Resolution };
  /** Whether the period before is within reach, and asked for. */
  compares: boolean;
}

/** How to draw a range, now; `wanted` is a resolution, taken where it makes a readable chart. */
export function planTimeline(
  range: TimeRange,
  nowMs: number,
  wanted: string | undefined,
  compare: boolean,
): Plan {
  const edges = rangeEdges(range, nowMs, nowMs - ALL_MS);
  const startMs = Math.max(edges.fromMs, nowMs - REACH_MS);
  const spanMs = edges.toMs - startMs;
  const all: Resolution[] = ['1d', '1h', '5m'];
  const offered = all.filter((name) => {
    const count = spanMs / WIDTHS_MS[name];
    return name === '1d'
      ? count >= 2
      : count >= 2 && count <= MOST_BUCKETS && startMs >= nowMs - FINE_REACH_MS;
  });
  const resolution =
    offered.find((name) => name === wanted) ??
    offered.find((name) => spanMs / WIDTHS_MS[name] >= FEW_BUCKETS) ??
    offered.at(-1) ??
    (startMs >= nowMs - FINE_REACH_MS ? '5m' : '1d');
  const widthMs = WIDTHS_MS[resolution];
  const endsNow = edges.toMs >= nowMs;
  // The bucket that holds now is the last of a range that ends now, and the first is as many buckets before.
  const toMs = Math.ceil((endsNow ? nowMs + 1 : edges.toMs) / widthMs) * widthMs;
  const count = Math.max(1, Math.round(spanMs / widthMs));
  const fromMs = endsNow ? toMs - count * widthMs : Math.floor(startMs / widthMs) * widthMs;
  const beforeMs = 2 * fromMs - toMs;
  const reachMs = resolution === '1d' ? REACH_MS : FINE_REACH_MS;
  const compares = compare && range.kind !== 'all' && beforeMs >= nowMs - reachMs;
  const backMs = nowMs - (compares ? beforeMs : fromMs);
  const query =
    resolution === '1d'
      ? { days: Math.min(3650, Math.ceil(backMs / DAY_MS) + 1), resolution }
      : { hours: Math.min(720, Math.ceil(backMs / HOUR_MS) + 1), resolution };
  return { resolution, widthMs, offered, fromMs, toMs, query, compares };
}

export interface BucketRow {
  time: string;
  total: number;
  blocked: number;
}

export interface Buckets {
  times: number[];
  total: number[];
  blocked: number[];
}

/** The buckets of [fromMs, toMs), one for each width; what the API doesn't tell of is nothing. */
export function cutBuckets(
  rows: readonly BucketRow[],
  fromMs: number,
  toMs: number,
  widthMs: number,
): Buckets {
  const count = Math.max(0, Math.round((toMs - fromMs) / widthMs));
  const times = Array.from({ length: count }, (_, index) => fromMs + index * widthMs);
  const cut: Buckets = { times, total: times.map(() => 0), blocked: times.map(() => 0) };
  for (const row of rows) {
    const index = Math.floor((parseTime(row.time) - fromMs) / widthMs);
    if (index >= 0 && index < count) {
      cut.total[index] = (cut.total[index] ?? 0) + row.total;
      cut.blocked[index] = (cut.blocked[index] ?? 0) + row.blocked;
    }
  }
  return cut;
}

/** The same without the empty buckets at the start, for ranges that begin before there was anything. */
export function withoutLead({ times, total, blocked }: Buckets): Buckets {
  const first = Math.max(
    0,
    Math.min(
      times.length - 2,
      total.findIndex((count) => count > 0),
    ),
  );
  return { times: times.slice(first), total: total.slice(first), blocked: blocked.slice(first) };
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
