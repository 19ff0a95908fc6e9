// A chart over time.

import { lazy, Suspense } from 'react';
import { sqlTime } from '@/lib/time';
import { Loading } from '@/ui/panel';
import type { TimeSeriesProps } from './series';

// Loaded beside the answers that it draws, not after them; a failure is told where it is drawn.
const plot = import('./plot');
plot.catch(() => {});
const Plot = lazy(() => plot);

export function TimeSeries(props: TimeSeriesProps) {
  return (
    <Suspense fallback={<Loading height={props.height ?? 220} />}>
      <Plot {...props} />
    </Suspense>
  );
}

/** The same as a table, newest first: what stands behind every chart. */
export function TimeSeriesTable({
  times,
  series,
  format,
}: Pick<TimeSeriesProps, 'times' | 'series' | 'format'>) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="text-xs text-muted">
          <th scope="col" className="px-4 py-1 text-left font-medium">
            From (UTC)
          </th>
          {series.map(({ label }) => (
            <th key={label} scope="col" className="px-4 py-1 text-right font-medium">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times
          .map((time, index) => ({ time, index }))
          .reverse()
          .map(({ time, index }) => (
            <tr key={time} className="tabular border-t border-line/60">
              <th scope="row" className="px-4 py-0.5 text-left font-normal">
                {sqlTime(time)}
              </th>
              {series.map(({ label, values }) => {
                const value = values[index];
                return (
                  <td key={label} className="px-4 py-0.5 text-right">
                    {value === null || value === undefined ? '–' : format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
      </tbody>
    </table>
  );
}
