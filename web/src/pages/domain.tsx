// Everything about one domain and the names below it: who asked for it, which hosts, when, and what rules said.

import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ask, type Shape } from '@/api/client';
import { BarList } from '@/charts/bar-list';
import { TrafficChart, TrafficTable } from '@/charts/traffic';
import { useTimeRange } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { shortened, titled } from '@/lib/text';
import { bytes, compact, number, share } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { buttonClass } from '@/ui/button';
import { ClientLink, RuleLink } from '@/ui/links';
import { HostileText } from '@/ui/hostile-text';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { StatTile } from '@/ui/stat-tile';
import { When } from '@/ui/when';

type Details = Shape<'DomainDetails'>;

export function Domain() {
  const { domain = '' } = useParams({ strict: false });
  const { range, query, setRange } = useTimeRange();
  const details = useQuery(
    ask('/api/domains/{domain}/details', { params: { path: { domain }, query: { ...query, limit: 50 } } }),
  );
  const found = details.data?.data;
  const logs = (rest: Record<string, string>) => ({ domain, ...rest });
  const nothing = (list: readonly unknown[]) =>
    list.length === 0 && <Empty title="None in this time">Choose a longer time above.</Empty>;
  return (
    <Page
      title={`Domain ${shortened(domain, 100)}`}
      note={`With every name below it. ${rangeLabel(range)}, unless it says otherwise. Times are UTC.`}
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
      {found && <DomainTiles domain={found} />}
      <div className="grid gap-3 lg:grid-cols-2">
        <Panel
          title="Requests over time"
          className="lg:col-span-2"
          query={details}
          height={240}
          empty={({ data }) => nothing(data.timeline)}
          table={({ data }) => <TrafficTable buckets={data.timeline} />}
        >
          {({ data }) => (
            <TrafficChart
              label="Requests to this domain over time"
              buckets={data.timeline}
              onBrush={(fromMs, toMs) => setRange({ kind: 'between', fromMs, toMs })}
            />
          )}
        </Panel>
        <Panel
          title="Clients"
          note="Who asked for it, by requests; blocked ones in red."
          query={details}
          empty={({ data }) => nothing(data.clients)}
        >
          {({ data }) => (
            <BarList
              label="Clients of this domain"
              nameLabel="Client"
              valueLabel="Requests"
              partLabel="blocked"
              bars={data.clients.map((row) => ({
                key: row.ip_address,
                name: <ClientLink client={row.ip_address} name={row.client_name} />,
                value: row.requests,
                part: row.blocked,
                note: (
                  <>
                    {bytes(row.bytes)},{' '}
                    <Link
                      to="/logs"
                      search={logs({ client_ip: row.ip_address })}
                      className="text-accent underline"
                      aria-label={`Rows of ${row.ip_address}`}
                    >
                      rows
                    </Link>
                  </>
                ),
              }))}
            />
          )}
        </Panel>
        <div className="grid content-start gap-3">
          <Panel title="Hosts" query={details} empty={({ data }) => nothing(data.hosts)}>
            {({ data }) => (
              <BarList
                label="Hosts of this domain"
                nameLabel="Host"
                valueLabel="Requests"
                partLabel="blocked"
                bars={data.hosts.map(({ destination, requests, blocked }) => ({
                  key: destination,
                  name: (
                    <Link to="/logs" search={logs({ destination })} className="text-accent hover:underline">
                      <HostileText text={destination} max={80} />
                    </Link>
                  ),
                  value: requests,
                  part: blocked,
                }))}
              />
            )}
          </Panel>
          <Panel
            title="Rules that matched"
            query={details}
            empty={({ data }) => data.rules.length === 0 && <Empty title="No rule matched in this time" />}
          >
            {({ data }) => (
              <BarList
                label="Rules that matched requests to this domain"
                nameLabel="Rule"
                valueLabel="Rows"
                tone="series-2"
                bars={data.rules.map(({ id, message, count }) => ({
                  key: String(id),
                  name: <RuleLink id={id} message={message} />,
                  value: count,
                  note: (
                    <Link
                      to="/logs"
                      search={logs({ rule: String(id) })}
                      className="text-accent hover:underline"
                      aria-label={`Rows that rule ${id} matched`}
                    >
                      rows
                    </Link>
                  ),
                }))}
              />
            )}
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function DomainTiles({ domain }: { domain: Details }) {
  return (
    <>
      <div className="mb-2 flex flex-wrap gap-2 empty:hidden">
        {domain.dga && <Badge tone="danger">looks as if a program had made it up</Badge>}
        {domain.look_alike_of && (
          <Badge tone="danger">
            imitates <HostileText text={domain.look_alike_of} max={60} />
          </Badge>
        )}
        {domain.category && <Badge tone="accent">{titled(domain.category)}</Badge>}
      </div>
      <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-5">
        <StatTile label="Requests" value={compact(domain.requests)} title={number(domain.requests)} />
        <StatTile
          label="Blocked"
          value={compact(domain.blocked)}
          title={number(domain.blocked)}
          note={share(domain.blocked, domain.requests)}
        />
        <StatTile label="Received" value={bytes(domain.bytes)} note="sent to clients" />
        <StatTile
          label="Last seen"
          value={
            <span className="text-base">
              <When time={domain.last_seen} relative />
            </span>
          }
        />
        <StatTile
          label="First seen"
          value={
            <span className="text-base">
              <When time={domain.first_seen} relative />
            </span>
          }
          note={<When time={domain.first_seen} />}
        />
      </div>
    </>
  );
}
