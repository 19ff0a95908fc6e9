// Beside the rows: which columns, and taking them along.

import { useMay } from '@/api/me';
import { useSetView } from '@/lib/hooks';
import { stringifySearch } from '@/lib/search';
import { compact, number } from '@/lib/units';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/field';
import { Menu, MenuItem, MenuLabel, Popover } from '@/ui/popup';
import { COLUMNS, keepColumns, type Column } from './columns';

export function ColumnMenu({ shown }: { shown: readonly Column[] }) {
  const setView = useSetView();
  const choose = (ids: readonly string[] | undefined) => {
    keepColumns(ids);
    setView({ cols: ids?.join(',') }, { replace: true });
  };
  const ids = shown.map(({ id }) => id);
  return (
    <Popover label="Columns" align="end" className="w-56" trigger={<Button icon="columns">Columns</Button>}>
      <div className="space-y-1.5">
        {COLUMNS.map(({ id, label }) => (
          <Checkbox
            key={id}
            label={label}
            checked={ids.includes(id)}
            disabled={ids.length === 1 && ids.includes(id)}
            onChange={(event) =>
              choose(event.target.checked ? [...ids, id] : ids.filter((known) => known !== id))
            }
          />
        ))}
        <Button size="small" className="mt-2 w-full" onClick={() => choose(undefined)}>
          The usual ones
        </Button>
      </div>
    </Popover>
  );
}

/** Rows of an export unless an administrator wants all. */
const MOST_ROWS = 10_000;

const KINDS = [
  { kind: 'csv', label: 'CSV' },
  { kind: 'ndjson', label: 'NDJSON' },
  { kind: 'json', label: 'JSON' },
] as const;

export function ExportMenu({
  question,
  total,
}: {
  question: Record<string, string | string[] | undefined>;
  total: number | undefined;
}) {
  const may = useMay('logs:export');
  const mayAll = useMay('admin');
  if (!may) return null;
  const more = mayAll && total !== undefined && total > MOST_ROWS;
  const href = (kind: string, rows?: number) =>
    `/api/export/${kind}${stringifySearch({ ...question, max_rows: rows })}`;
  return (
    <Menu trigger={<Button icon="download">Export</Button>}>
      <MenuLabel>What the filters leave. It is noted in the audit log.</MenuLabel>
      {KINDS.map(({ kind, label }) => (
        <MenuItem key={kind} asChild>
          <a href={href(kind)} download>
            {label}
            {total !== undefined && total > MOST_ROWS && `, the first ${compact(MOST_ROWS)}`}
          </a>
        </MenuItem>
      ))}
      {more &&
        KINDS.slice(0, 2).map(({ kind, label }) => (
          <MenuItem key={kind} asChild>
            <a href={href(kind, total)} download>
              {label}, all {number(total)}
            </a>
          </MenuItem>
        ))}
    </Menu>
  );
}
