// Buckets of time as charts take them.

import { DAY_MS, HOUR_MS, MINUTE_MS, parseTime } from './time';

/** The starts of buckets, and how wide they are: the least distance between two, an hour where there is one alone. */
export function bucketsOf(buckets: readonly { time: string }[]): { times: number[]; widthMs: number } {
  const times = buckets.map(({ time }) => parseTime(time));
  const steps = times.slice(1).map((time, index) => time - (times[index] as number));
  return { times, widthMs: steps.length > 0 ? Math.min(...steps) : HOUR_MS };
}

/** The width in words: what a bar counts. */
export function widthLabel(widthMs: number): string {
  if (widthMs >= DAY_MS) return 'a day';
  if (widthMs >= HOUR_MS) return 'an hour';
  return `${widthMs / MINUTE_MS} minutes`;
}
