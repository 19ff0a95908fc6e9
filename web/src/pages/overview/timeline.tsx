// Requests and blocked over time. Dragging over it zooms in; the period before can be laid under it.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '@/api/client';
import type { Series } from '@/charts/series';
import { TimeSeries, TimeSeriesTable } from '@/charts/time-series';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { useNow } from '@/lib/now';
import { one } from '@/lib/search';
import {
  cutBuckets,
  planTimeline,
  RESOLUTION_WORDS,
  sum,
  withoutLead,
  type BucketRow,
  type Plan,
} from '@/lib/timeline';
import { compact, number } from '@/lib/units';
import { Button } from '@/ui/button';
import { Chip } from '@/ui/badge';
import { Empty, Panel } from '@/ui/panel';
import { every } from './queries';

export function Timeline() {
  const { range, setRange } = useTimeRange();
  const view = useView();
  const setView = useSetView();
  const now = useNow();
  const compare = one(view, 'compare') === '1';
  const bucket = one(view, 'bucket');
  const plan = useMemo(() => planTimeline(range, now, bucket, compare), [range, now, bucket, compare]);
  const query = useQuery({
    ...ask('/api/logs/timeline', { params: { query: plan.query } }),
    ...every(range),
    placeholderData: (before) => before,
  });
  const zoomOut = range.kind === 'between' && (
    <Button
      size="small"
      look="quiet"
      onClick={() => {
        const half = (range.toMs - range.fromMs) / 2;
        setRange({ kind: 'between', fromMs: range.fromMs - half, toMs: Math.min(range.toMs + half, now) });
      }}
    >
      Zoom out
    </Button>
  );
  return (
    <Panel
      title="Requests over time"
      note={`per ${RESOLUTION_WORDS[plan.resolution]}, UTC${range.kind === 'all' ? ', a year at most' : ''} · drag to zoom in`}
      query={query}
      height={262}
      actions={
        <>
          {zoomOut}
          <Chip
            active={plan.compares}
            onClick={() => setView({ compare: compare ? undefined : '1' }, { replace: true })}
          >
            Compare with before
          </Chip>
          {plan.offered.length > 1 &&
            plan.offered.map((name) => (
              <Chip
                key={name}
                active={name === plan.resolution}
                onClick={() => setView({ bucket: name }, { replace: true })}
                clickLabel={`A bar for each ${RESOLUTION_WORDS[name]}`}
              >
                {name}
              </Chip>
            ))}
        </>
      }
      empty={({ data }) => {
        const { total } = cutBuckets(data, plan.fromMs, plan.toMs, plan.widthMs);
        return (
          sum(total) === 0 &&
          !plan.compares && <Empty title="No requests in this time">Choose a longer range above.</Empty>
        );
      }}
      table={({ data }) => <Chart rows={data} plan={plan} trims={range.kind === 'all'} asTable />}
    >
      {({ data }) => (
        <Chart
          rows={data}
          plan={plan}
          trims={range.kind === 'all'}
          onBrush={(fromMs, toMs) => setRange({ kind: 'between', fromMs, toMs })}
        />
      )}
    </Panel>
  );
}

interface ChartProps {
  rows: readonly BucketRow[];
  plan: Plan;
  /** Leave out the time before there was anything. */
  trims: boolean;
  onBrush?: (fromMs: number, toMs: number) => void;
  asTable?: boolean;
}

function Chart({ rows, plan, trims, onBrush, asTable = false }: ChartProps) {
  const { fromMs, toMs, widthMs, compares } = plan;
  const { times, series } = useMemo(() => {
    const cut = cutBuckets(rows, fromMs, toMs, widthMs);
    const here = trims ? withoutLead(cut) : cut;
    const all: Series[] = [
      { label: 'Requests', values: here.total, color: '--color-series-1', kind: 'bars' },
      { label: 'Blocked', values: here.blocked, color: '--color-series-2', kind: 'bars' },
    ];
    if (compares) {
      const before = cutBuckets(rows, 2 * fromMs - toMs, fromMs, widthMs);
      all.push({ label: 'Requests before', values: before.total, color: '--color-series-4', kind: 'dashed' });
      all.push({
        label: 'Blocked before',
        values: before.blocked,
        color: '--color-series-3',
        kind: 'dashed',
      });
    }
    return { times: here.times, series: all };
  }, [rows, fromMs, toMs, widthMs, compares, trims]);
  if (asTable) return <TimeSeriesTable times={times} series={series} format={number} />;
  const [total, blocked] = series.map(({ values }) => sum(values.map((value) => value ?? 0)));
  return (
    <TimeSeries
      label={`Requests over time: ${number(total ?? 0)} requests, ${number(blocked ?? 0)} blocked`}
      times={times}
      widthMs={widthMs}
      series={series}
      format={compact}
      height={240}
      {...(onBrush ? { onBrush } : {})}
    />
  );
}
