// Where requests go, and what of it looks wrong.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '@/api/client';
import { Cloud } from '@/charts/cloud';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import type { Tone } from '@/lib/words';
import { Button } from '@/ui/button';
import { DataTable } from '@/ui/data-table';
import { DomainLink } from '@/ui/links';
import { Input } from '@/ui/field';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { DOMAIN_COLUMNS, type DomainRow } from './domains/columns';
import { SuspiciousDomains } from './domains/suspicious';

const LIMIT = 500;
const CLOUD = 50;
/** Shown until all are asked for. */
const FIRST = 50;

function tone({ status, dga, look_alike_of }: DomainRow): Tone {
  if (dga || look_alike_of) return 'danger';
  return status === 'Blocked' ? 'warn' : 'neutral';
}

export function Domains() {
  const { range, query } = useTimeRange();
  const words = one(useView(), 'q') ?? '';
  const all = one(useView(), 'all') === '1';
  const setView = useSetView();
  const domains = useQuery(ask('/api/domains/statistics', { params: { query: { ...query, limit: LIMIT } } }));
  const found = domains.data?.data;
  const rows = useMemo(
    () => (found ?? []).filter(({ domain_name }) => domain_name.toLowerCase().includes(words.toLowerCase())),
    [found, words],
  );
  const nothing = (
    <Empty title="No request in this time">
      Choose a longer time above, or see under Sources whether lines come.
    </Empty>
  );
  return (
    <Page title="Domains" note={`Where requests go, by registrable domain. ${rangeLabel(range)}.`}>
      <div className="grid gap-3 2xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Panel
          title="By requests"
          note={found && found.length >= LIMIT ? `The ${number(LIMIT)} with most requests.` : undefined}
          query={domains}
          flush
          height={400}
          actions={
            <Input
              label="Find a domain"
              hideLabel
              type="search"
              placeholder="Find a domain"
              value={words}
              onChange={(event) => setView({ q: event.target.value || undefined }, { replace: true })}
            />
          }
          empty={({ data }) =>
            data.length === 0
              ? nothing
              : rows.length === 0 && (
                  <Empty title="No domain is called that">Only those listed here are searched.</Empty>
                )
          }
        >
          {() => (
            <>
              <DataTable
                label="Domains"
                rows={rows}
                most={all ? undefined : FIRST}
                columns={DOMAIN_COLUMNS}
                rowId={({ domain_name }, index) => `${domain_name} ${index}`}
                sort={[{ id: 'requests', desc: true }]}
              />
              {!all && rows.length > FIRST && (
                <Button size="small" look="quiet" className="m-2" onClick={() => setView({ all: '1' })}>
                  Show all {number(rows.length)}
                </Button>
              )}
            </>
          )}
        </Panel>
        <div className="order-first grid content-start gap-3 lg:grid-cols-2 2xl:order-none 2xl:grid-cols-1">
          <Panel
            title="At a glance"
            note="Larger is more requests. Underlined in red looks made up or imitated, in yellow was always blocked."
            query={domains}
            height={240}
            empty={({ data }) => data.length === 0 && nothing}
          >
            {({ data }) => (
              <Cloud
                label="Domains by requests"
                words={data
                  .slice(0, CLOUD)
                  .toSorted((a, b) => a.domain_name.localeCompare(b.domain_name))
                  .map((row, index) => ({
                    key: `${row.domain_name} ${index}`,
                    name: <DomainLink domain={row.domain_name} max={40} />,
                    weight: row.requests,
                    title: `${number(row.requests)} requests, ${number(row.blocked)} blocked`,
                    tone: tone(row),
                  }))}
              />
            )}
          </Panel>
          <SuspiciousDomains />
        </div>
      </div>
    </Page>
  );
}
