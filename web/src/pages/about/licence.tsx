// Under which licence this is, and the packages it is made of.

import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { ask, type Shape } from '@/api/client';
import { byLicence, normal } from '@/lib/licences';
import { number } from '@/lib/units';
import { Chip } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { Input } from '@/ui/field';
import { Empty, Panel } from '@/ui/panel';

type Package = Shape<'Dependency'>;

const COLUMNS: ColumnDef<Package>[] = [
  {
    id: 'name',
    header: 'Package',
    accessorKey: 'name',
    cell: ({ row }) => <span className="font-mono text-[0.8125rem]">{row.original.name}</span>,
  },
  { id: 'version', header: 'Version', enableSorting: false, accessorKey: 'version' },
  {
    id: 'licence',
    header: 'Licence',
    accessorFn: ({ license }) => license ?? '',
    meta: { className: 'w-full' },
    cell: ({ row }) => row.original.license ?? 'not known',
  },
];

export function Licence() {
  const query = useQuery({ ...ask('/api/license/status'), ...{ staleTime: Infinity } });
  const [search, setSearch] = useState('');
  const [licence, setLicence] = useState<string>();
  return (
    <Panel title="Licence" query={{ ...query, data: query.data?.data }} height={320}>
      {({ license, message, dependencies }) => {
        const shown = dependencies.filter(
          (each) =>
            each.name.includes(search.trim().toLowerCase()) &&
            (licence === undefined || normal(each.license ?? null) === licence),
        );
        return (
          <div className="space-y-3">
            <p>
              {license}. {message}. It is made of {number(dependencies.length)} packages of others:
            </p>
            <div className="flex flex-wrap gap-1.5">
              {byLicence(dependencies).map(({ licence: name, count }) => (
                <Chip
                  key={name}
                  active={licence === name}
                  onClick={() => setLicence(licence === name ? undefined : name)}
                >
                  {name} ({number(count)})
                </Chip>
              ))}
            </div>
            <div className="max-w-80">
              <Input
                label="Find a package"
                type="search"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
            </div>
            {shown.length === 0 ? (
              <Empty title="No package fits" />
            ) : (
              <div className="-mx-4 max-h-80 overflow-y-auto">
                <DataTable
                  label="Packages"
                  dense
                  rows={shown}
                  columns={COLUMNS}
                  rowId={({ name, version }) => `${name} ${version}`}
                />
              </div>
            )}
          </div>
        );
      }}
    </Panel>
  );
}
