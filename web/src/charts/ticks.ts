// Words on an axis of time, UTC.

import { clock, day, DAY_MS, HOUR_MS } from '@/lib/time';

/** Labels of ticks that stand `stepMs` apart: the time of day, and the day where a new one begins. */
export function tickLabels(ticksMs: readonly number[], stepMs: number, locale?: string): string[] {
  let before = '';
  return ticksMs.map((tick) => {
    const date = day(tick, locale);
    if (stepMs >= DAY_MS) return date;
    const first = tick % DAY_MS === 0 || (before !== '' && before !== date);
    before = date;
    return first && stepMs >= HOUR_MS / 4 ? `${clock(tick)}\n${date}` : clock(tick);
  });
}

/** Steps between ticks that fall on round UTC times, in seconds. */
export const STEPS_S: number[] = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  259_200, 432_000, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
];
