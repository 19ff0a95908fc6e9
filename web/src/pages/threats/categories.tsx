// Hits by category over time.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '@/api/client';
import type { Series } from '@/charts/series';
import { TimeSeries, TimeSeriesTable } from '@/charts/time-series';
import { bucketsOf, widthLabel } from '@/lib/buckets';
import { useTimeRange } from '@/lib/hooks';
import { joined, topCategories } from '@/lib/threats';
import { number } from '@/lib/units';
import { Empty, Panel } from '@/ui/panel';
import { useCategoryTitle } from '../rules/titles';

/** Bars stop being bars when there are more. */
const MOST_BUCKETS = 200;
/** Signals are hints that other rules build on, not threats of their own. */
const HINTS = ['signal'];
const COLORS = [
  '--color-series-1',
  '--color-series-3',
  '--color-series-4',
  '--color-series-5',
  '--color-series-6',
] as const;

export function CategoriesOverTime({ className }: { className?: string }) {
  const { query, setRange } = useTimeRange();
  const timeline = useQuery(ask('/api/waf/timeline', { params: { query } }));
  const title = useCategoryTitle();
  const data = timeline.data?.data;
  const chart = useMemo(() => {
    const buckets = joined(data ?? [], MOST_BUCKETS);
    const lines = topCategories(buckets, COLORS.length, HINTS).map((name, index): Series => ({
      label: title(name),
      values: buckets.map(({ categories }) => categories[name] ?? 0),
      color: COLORS[index] ?? '--color-series-6',
      kind: 'line',
    }));
    const flagged: Series = {
      label: 'Flagged rows',
      values: buckets.map((bucket) => bucket.flagged),
      color: '--color-series-2',
      kind: 'bars',
    };
    return { ...bucketsOf(buckets), series: [flagged, ...lines] };
  }, [data, title]);
  return (
    <Panel
      title="Threats over time"
      note={`Flagged rows, and rows that rules of the most frequent categories matched, in ${widthLabel(chart.widthMs)}. Drag to zoom in.`}
      {...(className ? { className } : {})}
      query={timeline}
      height={260}
      empty={(answer) =>
        answer.data.every(
          ({ flagged, categories }) => flagged === 0 && Object.keys(categories).length === 0,
        ) && (
          <Empty title="No rule matched in this time">Choose a longer time above to see earlier ones.</Empty>
        )
      }
      table={() => <TimeSeriesTable times={chart.times} series={chart.series} format={number} />}
    >
      {() => (
        <TimeSeries
          label="Threats over time"
          times={chart.times}
          widthMs={chart.widthMs}
          series={chart.series}
          format={number}
          height={240}
          onBrush={(fromMs, toMs) => setRange({ kind: 'between', fromMs, toMs })}
        />
      )}
    </Panel>
  );
}
