// The newest rows that were flagged or blocked; each leads to its line and its rules.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { useTimeRange } from '@/lib/hooks';
import { clock, day, parseTime } from '@/lib/time';
import { scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText, Masked } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { every } from './queries';

const ROWS = 8;

type Row = Shape<'LogRow'>;

export function FlaggedRows() {
  return <Rows title="Flagged by rules" tag="flagged" nothing="No request of this time was flagged." />;
}

export function RecentBlocks() {
  return <Rows title="Recent blocks" tag="blocked" nothing="No request of this time was blocked." />;
}

function Rows({ title, tag, nothing }: { title: string; tag: string; nothing: string }) {
  const { range, query: time } = useTimeRange();
  const query = useQuery({
    ...ask('/api/logs', { params: { query: { ...time, tag: [tag], limit: ROWS } } }),
    ...every(range),
  });
  return (
    <Panel
      title={title}
      note="newest first, UTC"
      query={query}
      height={280}
      flush
      actions={
        <Link to="/logs" search={{ tag }} className="rounded px-1.5 py-1 text-xs text-accent hover:underline">
          All <span className="sr-only">{title}</span>
        </Link>
      }
      empty={({ data }) => data.length === 0 && <Empty title="None">{nothing}</Empty>}
    >
      {({ data }) => (
        <ul>
          {data.map((row) => (
            <li key={row.id} className="border-t border-line/60 first:border-0">
              <Link
                to="/logs"
                search={{ tag, row: String(row.id) }}
                className="flex items-baseline gap-3 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2"
              >
                <RowLine row={row} />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RowLine({ row }: { row: Row }) {
  const ms = parseTime(row.timestamp);
  return (
    <>
      <span className="tabular shrink-0 text-xs text-muted" title={`${row.timestamp} UTC`}>
        {day(ms)} {clock(ms)}
      </span>
      <span className="hidden w-28 shrink-0 truncate sm:inline">
        <Masked value={row.client_ip} />
      </span>
      <span className="min-w-0 flex-1 truncate">
        <span className="text-muted">{row.method} </span>
        <HostileText text={row.url} max={200} />
      </span>
      {row.waf.score ? (
        <Badge tone={scoreTone(row.waf.score)}>{row.waf.score}</Badge>
      ) : (
        <Badge>{row.status}</Badge>
      )}
    </>
  );
}
