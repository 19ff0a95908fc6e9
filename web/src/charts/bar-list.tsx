// Names with a number each, the longest bar first. The numbers stand there: it is its own table.

import type { ReactNode } from 'react';
import { number } from '@/lib/units';
import { cx } from '@/ui/cx';

export interface Bar {
  key: string;
  /** What it is: a link, say. */
  name: ReactNode;
  value: number;
  /** A part of the value, drawn over it: blocked of all, say. */
  part?: number;
  /** A word behind the number. */
  note?: ReactNode;
}

interface Props {
  label: string;
  bars: readonly Bar[];
  format?: (value: number) => string;
  /** What names and numbers are, for a screen reader. */
  nameLabel?: string;
  valueLabel?: string;
  partLabel?: string;
  tone?: 'series-1' | 'series-2';
}

export function BarList({
  label,
  bars,
  format = number,
  nameLabel = 'Name',
  valueLabel = 'Count',
  partLabel,
  tone = 'series-1',
}: Props) {
  const max = Math.max(1, ...bars.map(({ value }) => value));
  const width = (value: number) => `${Math.max(value > 0 ? 0.5 : 0, (100 * value) / max)}%`;
  return (
    <table aria-label={label} className="w-full table-fixed border-collapse">
      <colgroup>
        <col />
        <col className="w-24" />
      </colgroup>
      <thead className="sr-only">
        <tr>
          <th scope="col">{nameLabel}</th>
          <th scope="col">{valueLabel}</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ key, name, value, part, note }) => (
          <tr key={key}>
            <th scope="row" className="py-0.5 text-left font-normal">
              <div className="min-w-0 truncate">{name}</div>
              <div aria-hidden="true" className="relative mt-0.5 h-1 rounded-full bg-hover">
                <div
                  className={cx(
                    'absolute inset-y-0 left-0 rounded-full',
                    tone === 'series-1' ? 'bg-series-1' : 'bg-series-2',
                  )}
                  style={{ width: width(value) }}
                />
                {part !== undefined && (
                  <div
                    className="absolute inset-y-0 left-0 rounded-full bg-series-2"
                    style={{ width: width(part) }}
                  />
                )}
              </div>
            </th>
            <td className="tabular w-24 py-0.5 pl-3 text-right align-bottom whitespace-nowrap">
              {format(value)}
              {part !== undefined && part > 0 && partLabel && (
                <span className="block text-2xs text-danger">
                  {format(part)} {partLabel}
                </span>
              )}
              {note && <span className="block text-2xs text-muted">{note}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
