// The numbers at the head of the threats.

import { useQuery } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { compact, number, share } from '@/lib/units';
import { StatTile } from '@/ui/stat-tile';

export function ThreatTiles({ stats }: { stats: Shape<'WafStats'> | undefined }) {
  const open = useQuery(ask('/api/findings', { params: { query: { status: ['open'], limit: 1 } } })).data
    ?.total;
  if (!stats) return null;
  const flagged = stats.flagged ?? 0;
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-5">
      <StatTile
        label="Flagged rows"
        value={compact(flagged)}
        title={number(flagged)}
        note={share(flagged, stats.total_requests)}
        tone={flagged > 0 ? 'danger' : 'ok'}
      />
      <StatTile
        label="Open findings"
        value={open === undefined ? '–' : number(open)}
        note="of all time"
        tone={open ? 'danger' : 'neutral'}
      />
      <StatTile
        label="Blocked"
        value={compact(stats.total_blocked)}
        title={number(stats.total_blocked)}
        note={share(stats.total_blocked, stats.total_requests)}
      />
      <StatTile
        label="Random-looking URLs"
        value={number(stats.high_entropy_count)}
        note={
          stats.avg_url_entropy === null || stats.avg_url_entropy === undefined
            ? 'entropy is high'
            : `entropy is ${number(stats.avg_url_entropy)} bits a byte on average`
        }
      />
      <StatTile label="Rules in force" value={number(stats.rules_loaded)} />
    </div>
  );
}
