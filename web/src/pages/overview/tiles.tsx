import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTimeRange } from '@/lib/hooks';
import { bytes, change, compact, duration, number, share } from '@/lib/units';
import { gradeTone } from '@/lib/words';
import { Failed } from '@/ui/panel';
import { StatTile } from '@/ui/stat-tile';
import { beforeQuery, summaryQuery } from './queries';

/** The totals, each with how it went since the period before. */
export function Tiles() {
  const { range } = useTimeRange();
  const summary = useQuery(summaryQuery(range));
  const before = useQuery(beforeQuery(range)).data?.data;
  if (summary.error && !summary.data)
    return <Failed error={summary.error} retry={summary.refetch} busy={summary.isFetching} />;
  const data = summary.data?.data;
  if (!data) {
    return (
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6" aria-busy="true" role="status">
        <span className="sr-only">Loading</span>
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} className="skeleton h-24" />
        ))}
      </div>
    );
  }
  const { waf, ingest, findings, security_score: score } = data;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      <StatTile
        label="Requests"
        value={compact(waf.total_requests)}
        title={number(waf.total_requests)}
        note={<Trend now={waf.total_requests} before={before?.total_requests} />}
      />
      <StatTile
        label="Blocked"
        value={<Go search={{ tag: 'blocked' }}>{compact(waf.total_blocked)}</Go>}
        title={number(waf.total_blocked)}
        note={
          <>
            {share(waf.total_blocked, waf.total_requests)} of requests
            <br />
            <Trend now={waf.total_blocked} before={before?.total_blocked} />
          </>
        }
      />
      <StatTile
        label="Flagged by rules"
        value={
          <Go search={{ tag: 'flagged' }}>
            {waf.flagged === null || waf.flagged === undefined ? '–' : compact(waf.flagged)}
          </Go>
        }
        tone={waf.flagged ? 'warn' : 'neutral'}
        note={<Trend now={waf.flagged ?? 0} before={before?.flagged ?? undefined} />}
      />
      <StatTile
        label="Open findings"
        value={
          <Link to="/threats" search={{}} className="hover:underline">
            {number(findings.open)}
          </Link>
        }
        tone={findings.open > 0 ? 'danger' : 'neutral'}
        note={findings.by_detector
          .slice(0, 2)
          .map(({ title, count }) => `${title} ${number(count)}`)
          .join(', ')}
      />
      <StatTile
        label="Security score"
        value={
          <Link to="/score" search={{}} className="hover:underline">
            {score}
            <span className="text-base font-normal text-muted"> / 100</span>
          </Link>
        }
        tone={gradeTone(score)}
        note="settings, squid.conf, traffic"
      />
      <StatTile
        label="Stored in all"
        value={compact(data.total_requests)}
        title={`${number(data.total_requests)} requests`}
        note={
          <>
            {bytes(data.bytes)} to clients
            <br />
            {number(ingest.lines_per_second)} lines/s, {duration(ingest.lag_seconds * 1000)} behind
          </>
        }
      />
    </div>
  );
}

function Go({ search, children }: { search: Record<string, string>; children: ReactNode }) {
  return (
    <Link to="/logs" search={search} className="hover:underline">
      {children}
    </Link>
  );
}

function Trend({ now, before }: { now: number; before: number | undefined }) {
  const words = before === undefined ? undefined : change(now, before);
  if (words === undefined) return <>nothing before to compare</>;
  const arrow = now > (before ?? 0) ? '↑' : now < (before ?? 0) ? '↓' : '→';
  return (
    <span className="tabular" title={`${number(before ?? 0)} in the period before`}>
      <span aria-hidden="true">{arrow} </span>
      {words} <span className="hidden sm:inline">on the period before</span>
      <span className="sm:hidden">on before</span>
    </span>
  );
}
