// Domains that look made up, or imitate a protected name.

import { useQuery } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { useTimeRange } from '@/lib/hooks';
import { number, share } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { DomainLink } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';
import { Empty, Panel } from '@/ui/panel';
import { When } from '@/ui/when';

type Risk = Shape<'RiskyDomain'>;

const SHOWN = 10;

export function SuspiciousDomains() {
  const { query } = useTimeRange();
  const risky = useQuery(ask('/api/analytics/domain-risk', { params: { query: { ...query, limit: 50 } } }));
  return (
    <Panel
      title="Suspicious names"
      note="Made up by a program, imitating a protected name, or seen for the first time."
      query={risky}
      empty={({ data }) =>
        data.length === 0 && (
          <Empty title="No suspicious name in this time">
            Names of your own to protect from imitation are a setting: protected domains.
          </Empty>
        )
      }
    >
      {({ data }) => (
        <ul className="divide-y divide-line/60">
          {data.slice(0, SHOWN).map((row) => (
            <Suspicious key={`${row.domain} ${row.host}`} row={row} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Suspicious({ row }: { row: Risk }) {
  return (
    <li className="py-1.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <DomainLink domain={row.domain} max={50} />
        <span className="tabular text-xs text-muted">
          {number(row.requests)} requests, {number(row.clients)} {row.clients === 1 ? 'client' : 'clients'}
        </span>
      </div>
      <div className="mt-0.5 flex flex-wrap items-baseline gap-2 text-xs text-muted">
        {row.dga && (
          <Badge tone="danger" title="How sure the model is">
            generated, {share(row.dga_likelihood ?? 0, 1)}
          </Badge>
        )}
        {row.look_alike_of && (
          <Badge tone="danger">
            imitates <HostileText text={row.look_alike_of} max={60} />
          </Badge>
        )}
        {row.reading && row.reading !== row.host && (
          <span>
            reads as <HostileText text={row.reading} max={60} />
          </span>
        )}
        {row.first_seen && (
          <span>
            first seen <When time={row.first_seen} />
          </span>
        )}
        {row.blocked > 0 && <span>{number(row.blocked)} blocked</span>}
      </div>
    </li>
  );
}
