// What is fetched and by which programs: kinds of file, methods, kinds of service, user agents.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '@/api/client';
import { BarList, type Bar } from '@/charts/bar-list';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { titled } from '@/lib/text';
import { bytes, number } from '@/lib/units';
import { Badge } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Select } from '@/ui/field';
import { HostileText } from '@/ui/hostile-text';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import type { Shape } from '@/api/client';

type Agent = Shape<'UserAgents'>['agents'][number];

const MEASURES = [
  { value: 'count', label: 'By requests' },
  { value: 'bytes', label: 'By bytes' },
];

const AGENTS: ColumnDef<Agent>[] = [
  {
    accessorKey: 'family',
    header: 'Program',
    meta: { grow: true, className: 'min-w-48' },
    cell: ({ row }) => <HostileText text={row.original.family} max={120} wrap />,
  },
  {
    accessorKey: 'class',
    header: 'Kind',
    cell: ({ row }) => <Badge>{titled(row.original.class)}</Badge>,
  },
  {
    accessorKey: 'count',
    header: 'Requests',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.count),
  },
  {
    accessorKey: 'clients',
    header: 'Clients',
    meta: { align: 'right' },
    cell: ({ row }) => number(row.original.clients),
  },
];

const NOTHING = (
  <Empty title="None in this time">
    Choose a longer time above, or see under Sources whether lines come.
  </Empty>
);

export function Files() {
  const { range, query } = useTimeRange();
  const byBytes = one(useView(), 'by') === 'bytes';
  const setView = useSetView();
  const files = useQuery(
    ask('/api/analytics/file-extensions', { params: { query: { ...query, limit: 100 } } }),
  );
  const agents = useQuery(ask('/api/analytics/user-agents', { params: { query: { ...query, limit: 200 } } }));
  const bars = (rows: readonly { key: string; name: ReactNode; count: number; bytes: number }[]): Bar[] =>
    rows
      .map(({ key, name, count, bytes: size }) => ({
        key,
        name,
        value: byBytes ? size : count,
        note: byBytes ? `${number(count)} requests` : bytes(size),
      }))
      .toSorted((a, b) => b.value - a.value);
  const format = byBytes ? bytes : number;
  return (
    <Page
      title="Files and agents"
      note={`What is fetched, how, and by which programs. ${rangeLabel(range)}.`}
      actions={
        <Select
          label="Files"
          hideLabel
          value={byBytes ? 'bytes' : 'count'}
          options={MEASURES}
          onChange={(event) => setView({ by: event.target.value === 'bytes' ? 'bytes' : undefined })}
        />
      }
    >
      <div className="grid gap-3 lg:grid-cols-2">
        <div className="grid content-start gap-3 2xl:grid-cols-2">
          <Panel
            title="Kinds of file"
            note="From the extension in the path, never from host or query."
            query={files}
            empty={({ data }) => data.categories.length === 0 && NOTHING}
          >
            {({ data }) => (
              <BarList
                label="Kinds of file"
                nameLabel="Kind"
                valueLabel={byBytes ? 'Bytes' : 'Requests'}
                format={format}
                bars={bars(
                  data.categories.map((row) => ({ ...row, key: row.category, name: titled(row.category) })),
                )}
              />
            )}
          </Panel>
          <Panel title="Methods" query={agents} empty={({ data }) => data.methods.length === 0 && NOTHING}>
            {({ data }) => (
              <BarList
                label="Methods"
                nameLabel="Method"
                valueLabel="Requests"
                bars={data.methods.map(({ name, count }) => ({
                  key: name,
                  name: (
                    <Link to="/logs" search={{ method: name }} className="text-accent hover:underline">
                      <HostileText text={name} max={40} mono />
                    </Link>
                  ),
                  value: count,
                }))}
              />
            )}
          </Panel>
          <Panel
            title="Kinds of service"
            className="2xl:col-span-2"
            note="By the service’s category, else by scheme and port."
            query={agents}
            empty={({ data }) => data.service_types.length === 0 && NOTHING}
          >
            {({ data }) => (
              <BarList
                label="Kinds of service"
                nameLabel="Kind"
                valueLabel="Requests"
                bars={data.service_types.map(({ name, count }) => ({ key: name, name, value: count }))}
              />
            )}
          </Panel>
        </div>
        <Panel
          title="Extensions"
          note="CONNECT shows no path, so these are plain HTTP or decrypted requests."
          query={files}
          empty={({ data }) => data.extensions.length === 0 && NOTHING}
        >
          {({ data }) => (
            <BarList
              label="Extensions"
              nameLabel="Extension"
              valueLabel={byBytes ? 'Bytes' : 'Requests'}
              format={format}
              bars={bars(
                data.extensions.map((row) => ({
                  ...row,
                  key: row.ext,
                  name: (
                    <Link to="/logs" search={{ keyword: row.ext }} className="text-accent hover:underline">
                      <HostileText text={row.ext} max={40} mono />
                    </Link>
                  ),
                })),
              ).slice(0, 30)}
            />
          )}
        </Panel>
        <Panel
          title="Programs"
          note="From the User-Agent header, which every program may choose."
          className="lg:col-span-2"
          query={agents}
          flush
          empty={({ data }) =>
            data.agents.every(({ family }) => family === '-') && (
              <Empty title="The log has no User-Agent">
                Squid’s default logformat leaves it out. <code className="font-mono">logformat</code> with{' '}
                <code className="font-mono">%{'{User-Agent}'}&gt;h</code> has it; the page{' '}
                <Link to="/sources" className="text-accent underline">
                  Sources
                </Link>{' '}
                shows the whole line.
              </Empty>
            )
          }
        >
          {({ data }) => (
            <DataTable
              label="Programs"
              rows={data.agents}
              columns={AGENTS}
              rowId={({ family, class: kind }) => `${family} ${kind}`}
              sort={[{ id: 'count', desc: true }]}
            />
          )}
        </Panel>
      </div>
    </Page>
  );
}
