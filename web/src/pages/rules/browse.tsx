// Every rule, filtered by words, category and technique.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ask, type Shape } from '@/api/client';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { severityTone } from '@/lib/words';
import { Badge, Chip } from '@/ui/badge';
import { DataTable, type ColumnDef } from '@/ui/data-table';
import { RuleLink, Technique } from '@/ui/links';
import { Input, Select } from '@/ui/field';
import { Empty, Panel } from '@/ui/panel';
import { useCategoryTitle } from './titles';

type Rule = Shape<'RuleRow'>;

const RANK: Record<string, number> = { critical: 4, error: 3, warning: 2, notice: 1 };

const COLUMNS: ColumnDef<Rule>[] = [
  {
    accessorKey: 'id',
    header: 'Id',
    meta: { className: 'tabular' },
  },
  {
    accessorKey: 'message',
    header: 'Rule',
    meta: { grow: true, className: 'min-w-56' },
    cell: ({ row: { original } }) => (
      <span className="flex flex-wrap items-baseline gap-x-2">
        <RuleLink id={original.id} message={original.message} wrap />
        {!original.fed && (
          <Badge tone="warn" title={original.not_fed_because ?? undefined}>
            the log can’t feed it
          </Badge>
        )}
        {original.fed && !original.enabled && <Badge>off</Badge>}
      </span>
    ),
  },
  {
    accessorKey: 'category',
    header: 'Category',
    cell: ({ row }) => <CategoryTitle name={row.original.category} />,
  },
  {
    id: 'severity',
    accessorFn: ({ severity }) => RANK[severity?.toLowerCase() ?? ''] ?? 0,
    header: 'Severity',
    cell: ({ row: { original } }) =>
      original.severity && <Badge tone={severityTone(original.severity)}>{original.severity}</Badge>,
  },
  {
    accessorKey: 'paranoia_level',
    header: () => <abbr title="Paranoia level: how eager it is, from 1 to 4">PL</abbr>,
    meta: { align: 'right' },
  },
  {
    id: 'techniques',
    accessorFn: ({ techniques }) => techniques.join(' '),
    header: 'ATT&CK',
    cell: ({ row }) => (
      <span className="flex flex-wrap gap-1">
        {row.original.techniques.map((id) => (
          <Technique key={id} id={id} />
        ))}
      </span>
    ),
  },
  {
    accessorKey: 'hits',
    header: 'Hits',
    meta: { align: 'right' },
    cell: ({ row: { original } }) =>
      original.hits > 0 ? (
        <Link
          to="/logs"
          search={{ rule: String(original.id) }}
          className="text-accent hover:underline"
          aria-label={`${number(original.hits)} rows that rule ${original.id} matched`}
        >
          {number(original.hits)}
        </Link>
      ) : (
        '0'
      ),
  },
];

function CategoryTitle({ name }: { name: string }) {
  return <>{useCategoryTitle()(name)}</>;
}

const STATES = [
  { value: '', label: 'All' },
  { value: 'hit', label: 'With hits' },
  { value: 'off', label: 'Switched off' },
  { value: 'unfed', label: 'Not fed by this log' },
];

function inState({ hits, enabled, fed }: Rule, state: string): boolean {
  if (state === 'hit') return hits > 0;
  if (state === 'off') return fed && !enabled;
  return state !== 'unfed' || !fed;
}

export function Browse() {
  const { range, query } = useTimeRange();
  const view = useView();
  const setView = useSetView();
  const words = one(view, 'q') ?? '';
  const category = one(view, 'category') ?? '';
  const technique = one(view, 'technique');
  const state = one(view, 'state') ?? '';
  const rules = useQuery(ask('/api/waf/rules', { params: { query: { ...query, limit: 1000 } } }));
  const found = rules.data?.data;
  const title = useCategoryTitle();
  const categories = useMemo(() => [...new Set((found ?? []).map((rule) => rule.category))].sort(), [found]);
  const rows = useMemo(
    () =>
      (found ?? []).filter(
        (rule) =>
          `${rule.id} ${rule.message} ${rule.tags.join(' ')}`.toLowerCase().includes(words.toLowerCase()) &&
          (category === '' || rule.category === category) &&
          (technique === undefined || rule.techniques.includes(technique)) &&
          inState(rule, state),
      ),
    [found, words, category, technique, state],
  );
  return (
    <Panel
      title={found ? `${number(rows.length)} of ${number(found.length)} rules` : 'Rules'}
      note={`Hits: rows that a rule matched. ${rangeLabel(range)}.`}
      query={rules}
      flush
      height={400}
      actions={
        <div className="grid grid-cols-2 gap-2 sm:flex">
          {technique && (
            <Chip
              active
              onRemove={() => setView({ technique: undefined })}
              removeLabel={`Remove the filter ${technique}`}
            >
              {technique}
            </Chip>
          )}
          <Input
            label="Find a rule"
            hideLabel
            type="search"
            placeholder="Find a rule"
            value={words}
            onChange={(event) => setView({ q: event.target.value || undefined }, { replace: true })}
          />
          <Select
            label="Category"
            hideLabel
            value={category}
            options={[
              { value: '', label: 'All categories' },
              ...categories.map((name) => ({ value: name, label: title(name) })),
            ]}
            onChange={(event) => setView({ category: event.target.value || undefined })}
          />
          <Select
            label="Which rules"
            hideLabel
            value={state}
            options={STATES}
            onChange={(event) => setView({ state: event.target.value || undefined })}
          />
        </div>
      }
      empty={({ data }) =>
        data.length === 0 ? (
          <Empty title="No rules are loaded">
            The setting <code className="font-mono">rules</code> of config.toml names their files.
          </Empty>
        ) : (
          rows.length === 0 && <Empty title="No rule is like that">Take a filter away.</Empty>
        )
      }
    >
      {() => (
        <DataTable
          label="Rules"
          rows={rows}
          columns={COLUMNS}
          rowId={({ id }) => String(id)}
          sort={[{ id: 'hits', desc: true }]}
          dense
        />
      )}
    </Panel>
  );
}
