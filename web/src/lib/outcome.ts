// What came of a job, in words.

import { parseTime, sqlTime } from './time';

/** `reclaimed_mb` is "reclaimed MB". */
function words(name: string): string {
  return name
    .split('_')
    .map((word) => (word === 'mb' ? 'MB' : word))
    .join(' ');
}

/** An instant as the rest of the page writes it; other text as it is. */
function instant(text: string): string {
  const ms = parseTime(text);
  return Number.isNaN(ms) ? text : `${sqlTime(ms)} UTC`;
}

interface Pair {
  name: string;
  value: string | number;
}

/** A job's result as pairs; what is null or an object within is left out. */
export function resultPairs(result: unknown): Pair[] {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return [];
  return Object.entries(result as Record<string, unknown>).flatMap(([name, value]): Pair[] => {
    if (typeof value === 'number') return [{ name: words(name), value }];
    if (typeof value === 'string') return [{ name: words(name), value: instant(value) }];
    if (typeof value === 'boolean') return [{ name: words(name), value: value ? 'yes' : 'no' }];
    return Array.isArray(value) && value.length > 0 ? [{ name: words(name), value: value.join(', ') }] : [];
  });
}

/** The part of a run that is done, 0 to 1; `null` before that is known. */
export function progressPart(progress: { done: number; total: number } | null | undefined): number | null {
  if (progress === null || progress === undefined || progress.total <= 0) return null;
  return Math.min(1, Math.max(0, progress.done / progress.total));
}
