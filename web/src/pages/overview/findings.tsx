// What behaviour gave away and nobody has looked into yet, worst first.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { severityTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { HostileText, Masked } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { When } from '@/ui/when';
import { FRESH_MS } from './queries';

const ROWS = 6;

export function OpenFindings() {
  const query = useQuery({
    ...ask('/api/findings', { params: { query: { status: ['open'], sort: 'severity', limit: ROWS } } }),
    refetchInterval: FRESH_MS,
  });
  return (
    <Panel
      title="Open findings"
      note="of all time, worst first"
      query={query}
      flush
      actions={
        <Link to="/threats" search={{}} className="rounded px-1.5 py-1 text-xs text-accent hover:underline">
          All <span className="sr-only">findings</span>
        </Link>
      }
      empty={({ data }) =>
        data.length === 0 && (
          <Empty title="None open">
            Behaviour is looked at by the job “findings”; what it finds appears here.
          </Empty>
        )
      }
    >
      {({ data }) => (
        <ul>
          {data.map((finding) => (
            <li key={finding.id} className="border-t border-line/60 first:border-0">
              <Link
                to="/findings/$id"
                params={{ id: String(finding.id) }}
                className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-1.5 hover:bg-hover focus-visible:-outline-offset-2"
              >
                <Badge tone={severityTone(finding.severity)}>{finding.severity}</Badge>
                <span className="font-medium">{finding.title}</span>
                {finding.client_ip && <Masked value={finding.client_ip} />}
                <span className="min-w-0 flex-1 basis-60 truncate text-muted">
                  <HostileText text={finding.summary} max={240} />
                </span>
                <span className="text-xs text-muted">
                  <When time={finding.last_seen} relative />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
