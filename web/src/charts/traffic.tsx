// Requests over time with the blocked ones among them, of one client or one domain.

import { useMemo } from 'react';
import { bucketsOf, widthLabel } from '@/lib/buckets';
import { number } from '@/lib/units';
import type { Series } from './series';
import { TimeSeries, TimeSeriesTable } from './time-series';

export interface TrafficBucket {
  time: string;
  total: number;
  blocked: number;
}

function useTraffic(buckets: readonly TrafficBucket[]) {
  return useMemo(() => {
    const series: Series[] = [
      {
        label: 'Requests',
        values: buckets.map(({ total }) => total),
        color: '--color-series-1',
        kind: 'bars',
      },
      {
        label: 'Blocked',
        values: buckets.map(({ blocked }) => blocked),
        color: '--color-series-2',
        kind: 'bars',
      },
    ];
    return { ...bucketsOf(buckets), series };
  }, [buckets]);
}

export function TrafficChart({
  label,
  buckets,
  onBrush,
  height,
}: {
  label: string;
  buckets: readonly TrafficBucket[];
  onBrush?: (fromMs: number, toMs: number) => void;
  height?: number;
}) {
  const { times, widthMs, series } = useTraffic(buckets);
  return (
    <>
      <TimeSeries
        label={label}
        times={times}
        widthMs={widthMs}
        series={series}
        format={number}
        {...(onBrush ? { onBrush } : {})}
        {...(height ? { height } : {})}
      />
      <p className="mt-1 text-2xs text-muted">
        A bar is {widthLabel(widthMs)}. {onBrush && 'Drag over the chart to zoom in.'}
      </p>
    </>
  );
}

export function TrafficTable({ buckets }: { buckets: readonly TrafficBucket[] }) {
  const { times, series } = useTraffic(buckets);
  return <TimeSeriesTable times={times} series={series} format={number} />;
}
