// Everything about one client: what it asked for, when, what came of it, and what rules said.

import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { TrafficChart, TrafficTable } from '@/charts/traffic';
import { useTimeRange } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { isMasked } from '@/lib/text';
import { buttonClass } from '@/ui/button';
import { HostileText, Masked } from '@/ui/hostile-text';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import {
  ClientDestinations,
  ClientRequests,
  ClientScores,
  ClientServices,
  ClientTiles,
} from './client/panels';

export function Client() {
  const { client = '' } = useParams({ strict: false });
  const { range, query, setRange } = useTimeRange();
  const details = useQuery(
    ask('/api/clients/{ip}/details', { params: { path: { ip: client }, query: { ...query, limit: 50 } } }),
  );
  const found = details.data?.data;
  const logs = (rest: Record<string, string>) => ({ client_ip: client, ...rest });
  return (
    <Page
      title={`Client ${client.slice(0, 100)}`}
      note={
        <>
          {found?.client_name && (
            <>
              <HostileText text={found.client_name} max={120} /> ·{' '}
            </>
          )}
          {isMasked(client) && (
            <>
              <Masked value={client} /> ·{' '}
            </>
          )}
          {rangeLabel(range)}, unless it says otherwise. Times are UTC.
        </>
      }
      actions={
        <>
          <Link to="/logs" search={logs({})} className={buttonClass('primary')}>
            All its rows
          </Link>
          <Link to="/logs" search={logs({ tag: 'blocked' })} className={buttonClass()}>
            Blocked
          </Link>
          <Link to="/logs" search={logs({ tag: 'flagged' })} className={buttonClass()}>
            Flagged
          </Link>
        </>
      }
    >
      {found && <ClientTiles client={found} />}
      <div className="grid gap-3 lg:grid-cols-2">
        <Panel
          title="Requests over time"
          className="lg:col-span-2"
          query={details}
          height={240}
          empty={({ data }) => data.timeline.length === 0 && <NothingNow />}
          table={({ data }) => <TrafficTable buckets={data.timeline} />}
        >
          {({ data }) => (
            <TrafficChart
              label="Requests of this client over time"
              buckets={data.timeline}
              onBrush={(fromMs, toMs) => setRange({ kind: 'between', fromMs, toMs })}
            />
          )}
        </Panel>
        <div className="grid content-start gap-3">
          <ClientScores query={details} />
          <ClientServices query={details} />
        </div>
        <ClientDestinations query={details} client={client} />
        <ClientRequests query={details} />
      </div>
    </Page>
  );
}

function NothingNow() {
  return (
    <Empty title="No request of this client in this time">
      Choose a longer time above: it is known to have been seen.
    </Empty>
  );
}
