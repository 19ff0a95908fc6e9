// @vitest-environment happy-dom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { DataTable, type ColumnDef } from './data-table';

afterEach(cleanup);

type Row = { name: string; count: number };
const rows: Row[] = [
  { name: 'b', count: 10 },
  { name: 'a', count: 9 },
];
const columns: ColumnDef<Row, string & number>[] = [
  { accessorKey: 'name', header: 'Name' },
  { accessorKey: 'count', header: 'Count', meta: { align: 'right' } },
  { id: 'act', header: 'Act', enableSorting: false, cell: () => <button type="button">Go</button> },
];

const names = () =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.firstElementChild?.textContent);

test('rows are sorted by a press on a header, which says so', async () => {
  render(<DataTable label="Things" rows={rows} columns={columns} sort={[{ id: 'count', desc: true }]} />);
  expect(names()).toEqual(['b', 'a']);
  expect(screen.getByRole('columnheader', { name: /Count/ }).getAttribute('aria-sort')).toBe('descending');
  await userEvent.click(screen.getByRole('button', { name: /Name/ }));
  expect(names()).toEqual(['a', 'b']);
  expect(screen.getByRole('columnheader', { name: /Name/ }).getAttribute('aria-sort')).toBe('ascending');
  expect(screen.queryByRole('button', { name: 'Act' })).toBeNull();
});
