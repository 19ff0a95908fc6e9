// How lines come in, and what the log can't show, with the line of squid.conf that mends it.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Shape } from '@/api/client';
import { bytes, duration, number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { CopyButton } from '@/ui/copy-button';
import { Empty, Panel } from '@/ui/panel';
import { When } from '@/ui/when';
import { KeyValue } from '@/ui/key-value';
import { useTimeRange } from '@/lib/hooks';
import { sourcesQuery, statsQuery, summaryQuery } from './queries';

type Source = Shape<'Source'>;

export function Health() {
  return (
    <div className="grid gap-3 xl:grid-cols-2">
      <Ingest />
      <BlindSpots />
    </div>
  );
}

const STATE_TONES = { ok: 'ok', waiting: 'neutral', degraded: 'danger' } as const;

function Ingest() {
  const { range } = useTimeRange();
  const summary = useQuery(summaryQuery(range)).data?.data;
  const stats = useQuery(statsQuery);
  const sources = useQuery(sourcesQuery).data?.data ?? [];
  return (
    <Panel
      title="Ingest"
      query={stats}
      actions={
        <Link to="/sources" search={{}} className="rounded px-1.5 py-1 text-xs text-accent hover:underline">
          Sources
        </Link>
      }
    >
      {({ data }) => (
        <>
          <KeyValue
            items={[
              ['Stored', `${number(data.total_count)} lines`],
              ['Last stored', <When key="last" time={data.last_import} relative />],
              ['Rate', summary && `${number(summary.ingest.lines_per_second)} lines/s`],
              ['Lag', summary && duration(summary.ingest.lag_seconds * 1000)],
              ['Rejected', `${number(data.rejected_lines)} lines`],
            ]}
          />
          {sources.length > 0 && (
            <ul className="mt-3 space-y-1 border-t border-line pt-3">
              {sources.slice(0, 6).map((source, index) => (
                <li key={index} className="flex flex-wrap items-baseline gap-2">
                  <Badge tone={STATE_TONES[source.state]}>{source.state}</Badge>
                  <span className="wrap-anywhere">{source.name}</span>
                  <span className="text-xs text-muted wrap-anywhere">{standing(source)}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Panel>
  );
}

function standing({ reason, lag_bytes: lag, listen, path, lag_seconds: seconds }: Source): string {
  if (reason) return reason;
  const behind = lag ? `, ${bytes(lag)} behind` : seconds > 1 ? `, ${duration(seconds * 1000)} behind` : '';
  return `${listen ?? path ?? ''}${behind}`;
}

function BlindSpots() {
  const query = useQuery(sourcesQuery);
  const spots = (sources: readonly Source[]) => {
    const all = sources.flatMap(({ name, blind_spots: found }) =>
      found.map((spot) => ({ ...spot, source: name })),
    );
    return all.filter((spot, index) => all.findIndex(({ id }) => id === spot.id) === index);
  };
  return (
    <Panel
      title="What the log can’t show"
      note="and what mends it"
      query={query}
      empty={({ data }) => {
        if (data.length === 0) {
          return (
            <Empty title="No source is followed">
              Name the proxy’s log in <code className="font-mono">config.toml</code> under{' '}
              <code className="font-mono">[[source]]</code>, or load one with{' '}
              <code className="font-mono">tidegate import</code>.
            </Empty>
          );
        }
        return (
          spots(data).length === 0 && (
            <Empty title="No blind spots">The log has everything the rules and statistics look at.</Empty>
          )
        );
      }}
    >
      {({ data }) => (
        <ul className="space-y-2">
          {spots(data).map(({ id, what, loses, fix, source }) => (
            <li key={id}>
              <details className="rounded-md border border-line px-3 py-2">
                <summary className="font-medium wrap-anywhere">{what}</summary>
                <p className="mt-1 text-xs text-muted">
                  Source {source}. Not, or only in part, to be found out:
                </p>
                <ul className="list-disc pl-5">
                  {loses.map((loss) => (
                    <li key={loss}>{loss}</li>
                  ))}
                </ul>
                {fix.length > 0 && (
                  <div className="mt-2 flex items-start gap-2">
                    <pre
                      className="min-w-0 flex-1 overflow-x-auto rounded bg-hover p-2 font-mono text-xs"
                      tabIndex={0}
                    >
                      {fix.join('\n')}
                    </pre>
                    <CopyButton text={fix.join('\n')} label="Copy the lines of squid.conf" />
                  </div>
                )}
              </details>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
