// Who asks most, for what, and what is worth a look.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ask } from '@/api/client';
import { BarList } from '@/charts/bar-list';
import { useTimeRange } from '@/lib/hooks';
import { isTag, tagLabel } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { ClientLink, DomainLink, LogsLink } from '@/ui/links';
import { Empty, Panel } from '@/ui/panel';
import { every, summaryQuery } from './queries';

const ROWS = 8;
const NOTHING = <Empty title="No requests in this time">Choose a longer range above.</Empty>;

export function TopClients() {
  const { range, query: time } = useTimeRange();
  const query = useQuery({
    ...ask('/api/clients/statistics', { params: { query: { ...time, limit: ROWS } } }),
    ...every(range),
  });
  return (
    <Panel
      title="Top clients"
      note="by requests"
      query={query}
      height={300}
      actions={<More to="/clients" />}
      empty={({ data }) => data.clients.length === 0 && NOTHING}
    >
      {({ data }) => (
        <BarList
          label="Top clients"
          nameLabel="Client"
          valueLabel="Requests"
          partLabel="blocked"
          bars={data.clients.map(
            ({ ip_address: client, client_name: name, requests, blocked, max_score: score }) => ({
              key: client,
              name: (
                <span className="flex items-center gap-2">
                  <span className="min-w-0 truncate">
                    <ClientLink client={client} name={name} />
                  </span>
                  {(score ?? 0) >= 5 && <Badge tone="warn">score {score}</Badge>}
                </span>
              ),
              value: requests,
              part: blocked,
            }),
          )}
        />
      )}
    </Panel>
  );
}

export function TopDomains() {
  const { range, query: time } = useTimeRange();
  const query = useQuery({
    ...ask('/api/domains/statistics', { params: { query: { ...time, limit: ROWS } } }),
    ...every(range),
  });
  return (
    <Panel
      title="Top domains"
      note="by requests"
      query={query}
      height={300}
      actions={<More to="/domains" />}
      empty={({ data }) => data.length === 0 && NOTHING}
    >
      {({ data }) => (
        <BarList
          label="Top domains"
          nameLabel="Domain"
          valueLabel="Requests"
          partLabel="blocked"
          bars={data.map(({ domain_name: domain, requests, blocked, dga, look_alike_of: imitated }) => ({
            key: domain,
            name: (
              <span className="flex items-center gap-2">
                <span className="min-w-0 truncate">
                  <DomainLink domain={domain} />
                </span>
                {dga && <Badge tone="warn">looks generated</Badge>}
                {imitated && <Badge tone="danger">imitates {imitated}</Badge>}
              </span>
            ),
            value: requests,
            part: blocked,
          }))}
        />
      )}
    </Panel>
  );
}

export function Categories() {
  const { range, query: time } = useTimeRange();
  const query = useQuery(summaryQuery(range));
  const rules = useQuery(ask('/api/waf/categories', { params: { query: { ...time, limit: 1000 } } }));
  const titles = new Map(rules.data?.data.map(({ name, title }) => [name, title]));
  const search = (category: string): Record<string, string> => {
    if (isTag(category)) return { tag: category };
    return titles.has(category) ? { waf_category: category } : { category };
  };
  return (
    <Panel
      title="Worth a look"
      note="requests by what makes them so"
      query={query}
      height={300}
      actions={<More to="/threats" />}
      empty={({ data }) =>
        data.threat_categories.length === 0 && (
          <Empty title="Nothing of note">No request of this time matched a rule or stood out.</Empty>
        )
      }
    >
      {({ data }) => (
        <BarList
          label="Requests worth a look, by category"
          nameLabel="Category"
          valueLabel="Requests"
          tone="series-2"
          bars={data.threat_categories.slice(0, ROWS).map(({ category, count }) => ({
            key: category,
            name: <LogsLink search={search(category)}>{titles.get(category) ?? tagLabel(category)}</LogsLink>,
            value: count,
          }))}
        />
      )}
    </Panel>
  );
}

function More({ to }: { to: '/clients' | '/domains' | '/threats' }) {
  return (
    <Link to={to} search={{}} className="rounded px-1.5 py-1 text-xs text-accent hover:underline">
      All <span className="sr-only">of {to.slice(1)}</span>
    </Link>
  );
}
