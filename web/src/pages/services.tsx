// Shadow IT: which cloud services are used, by how many, and whether they may be.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask, askKey, client } from '@/api/client';
import { messageOf } from '@/api/error';
import { useMay } from '@/api/me';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { bytes, number } from '@/lib/units';
import { DataTable } from '@/ui/data-table';
import { Select } from '@/ui/field';
import { Page } from '@/ui/page';
import { Empty, Panel } from '@/ui/panel';
import { StatTile } from '@/ui/stat-tile';
import { toast } from '@/ui/toast';
import { serviceColumns, type Service } from './services/columns';

const SHOWN = [
  { value: '', label: 'All services' },
  { value: 'no', label: 'Not sanctioned' },
  { value: 'yes', label: 'Sanctioned' },
];

function useSanction() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, sanctioned }: { name: string; sanctioned: boolean }) =>
      client.PUT('/api/services/{name}', { params: { path: { name } }, body: { sanctioned } }),
    onSuccess: async (_, { name, sanctioned }) => {
      await queries.invalidateQueries({ queryKey: askKey('/api/analytics/shadow-it') });
      toast(`${name} is ${sanctioned ? 'sanctioned' : 'not sanctioned'} from now on.`);
    },
    onError: (failure) => toast.failed(messageOf(failure)),
  });
}

export function Services() {
  const { range, query } = useTimeRange();
  const shown = one(useView(), 'sanctioned') ?? '';
  const setView = useSetView();
  const may = useMay('settings:write');
  const sanction = useSanction();
  const services = useQuery(ask('/api/analytics/shadow-it', { params: { query: { ...query, limit: 500 } } }));
  const found = services.data?.data;
  const rows = useMemo(
    () => (found ?? []).filter(({ sanctioned }) => shown === '' || sanctioned === (shown === 'yes')),
    [found, shown],
  );
  const busy = sanction.isPending ? sanction.variables.name : undefined;
  const { mutate } = sanction;
  const columns = useMemo(
    () => serviceColumns(may ? { busy, set: (name, sanctioned) => mutate({ name, sanctioned }) } : undefined),
    [may, busy, mutate],
  );
  return (
    <Page
      title="Services"
      note={`Cloud services in use, and whether they may be (shadow IT). ${rangeLabel(range)}.`}
    >
      {found && found.length > 0 && <Tiles services={found} />}
      <Panel
        title="By requests"
        note={
          may
            ? 'Sanctioning a service holds for everybody and is audited.'
            : 'An administrator decides which services are sanctioned.'
        }
        query={services}
        flush
        height={300}
        actions={
          <Select
            label="Shown"
            hideLabel
            value={shown}
            options={SHOWN}
            onChange={(event) => setView({ sanctioned: event.target.value || undefined })}
          />
        }
        empty={({ data }) =>
          data.length === 0 ? (
            <Empty title="No known service was used in this time">
              Services are known by their domains. Choose a longer time above.
            </Empty>
          ) : (
            rows.length === 0 && <Empty title="No service of that kind in this time" />
          )
        }
      >
        {() => (
          <DataTable
            label="Services"
            rows={rows}
            columns={columns}
            rowId={({ name }) => name}
            sort={[{ id: 'requests', desc: true }]}
          />
        )}
      </Panel>
    </Page>
  );
}

function Tiles({ services }: { services: readonly Service[] }) {
  const shadow = services.filter(({ sanctioned }) => !sanctioned);
  const risky = shadow.filter(({ risk }) => risk === 'high');
  const sum = (rows: readonly Service[]) => rows.reduce((total, row) => total + row.bytes, 0);
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <StatTile label="Services used" value={number(services.length)} />
      <StatTile
        label="Not sanctioned"
        value={number(shadow.length)}
        tone={shadow.length > 0 ? 'warn' : 'ok'}
      />
      <StatTile
        label="Of high risk"
        value={number(risky.length)}
        tone={risky.length > 0 ? 'danger' : 'ok'}
        note="among those not sanctioned"
      />
      <StatTile label="Received from them" value={bytes(sum(shadow))} note="not sanctioned" />
    </div>
  );
}
