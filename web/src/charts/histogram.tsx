// How many there are of each: scores, say. Bars to be clicked where `onBar` is given.

import { compact, number } from '@/lib/units';
import { cx } from '@/ui/cx';
import type { Tone } from '@/lib/words';

export interface Bin {
  label: string;
  count: number;
  tone?: Tone;
  /** What stands behind it, for a screen reader; the label otherwise. */
  name?: string;
}

const FILLS: Record<Tone, string> = {
  neutral: 'bg-series-6',
  accent: 'bg-series-1',
  ok: 'bg-series-5',
  warn: 'bg-series-4',
  danger: 'bg-series-2',
};

/** Counts reach from one to millions: heights are by their square root unless `linear`. */
export function Histogram({
  label,
  bins,
  height = 140,
  linear = false,
  onBar,
}: {
  label: string;
  bins: readonly Bin[];
  height?: number;
  linear?: boolean;
  onBar?: (index: number) => void;
}) {
  const scaled = (count: number) => (linear ? count : Math.sqrt(count));
  const max = Math.max(1, ...bins.map(({ count }) => scaled(count)));
  return (
    <div>
      <ol aria-label={label} className="flex items-end gap-1" style={{ height }}>
        {bins.map(({ label: word, count, tone = 'accent', name }, index) => {
          const words = `${name ?? word}: ${number(count)}`;
          const bar = (
            <>
              <span className="tabular truncate text-2xs text-muted">{count > 0 ? compact(count) : ''}</span>
              <span
                className={cx('w-full rounded-t-sm', FILLS[tone])}
                style={{ height: count > 0 ? Math.max(2, (scaled(count) / max) * (height - 36)) : 0 }}
              />
              <span className="mt-0.5 w-full border-t border-line pt-0.5 text-center text-2xs text-muted">
                {word}
              </span>
            </>
          );
          const shape = 'flex h-full w-full min-w-0 flex-col items-center justify-end';
          return (
            <li key={word} className="h-full min-w-0 flex-1" title={words}>
              {onBar ? (
                <button
                  type="button"
                  className={cx(shape, 'relative hover:bg-hover')}
                  onClick={() => onBar(index)}
                >
                  {bar}
                  <span className="sr-only">{words}</span>
                </button>
              ) : (
                <div className={shape} role="img" aria-label={words}>
                  {bar}
                </div>
              )}
            </li>
          );
        })}
      </ol>
      {!linear && <p className="mt-1 text-2xs text-muted">Heights by the square root of the count.</p>}
    </div>
  );
}
