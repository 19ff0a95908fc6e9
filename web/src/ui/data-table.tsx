// A table of a few hundred rows at most: sorted here, scrolled sideways where it is too wide. The log has its own.

import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type ColumnDef,
  type RowData,
  type SortingState,
} from '@tanstack/react-table';
import { useState, type ReactNode } from 'react';
import { cx } from './cx';

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Numbers stand right. */
    align?: 'right';
    /** Takes what is left, and breaks its text. */
    grow?: boolean;
    className?: string;
  }
}

export type { ColumnDef } from '@tanstack/react-table';

interface Props<Row> {
  /** What it shows, for a screen reader. */
  label: string;
  rows: readonly Row[];
  /** Values of any kind may be mixed. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  columns: readonly ColumnDef<Row, any>[];
  /** Stable name of a row. */
  rowId?: (row: Row, index: number) => string;
  sort?: SortingState;
  /** Makes rows to click; there must be a link or button in it for the keyboard. */
  onRow?: (row: Row) => void;
  /** More below a row. */
  below?: (row: Row) => ReactNode;
  dense?: boolean;
  /** Rows drawn at most, of the sorted ones. */
  most?: number | undefined;
}

export function DataTable<Row>({
  label,
  rows,
  columns,
  rowId,
  sort = [],
  onRow,
  below,
  dense = false,
  most,
}: Props<Row>) {
  const [sorting, setSorting] = useState<SortingState>(sort);
  const table = useReactTable<Row>({
    data: rows as Row[],
    columns: columns as ColumnDef<Row>[],
    state: { sorting },
    onSortingChange: setSorting,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    ...(rowId ? { getRowId: rowId } : {}),
  });
  return (
    <div className="relative overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="w-full border-collapse text-left">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                const right = header.column.columnDef.meta?.align === 'right';
                const words = flexRender(header.column.columnDef.header, header.getContext());
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
                    className={cx(
                      'border-b border-line px-2 py-1.5 text-xs font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4',
                      right && 'text-right',
                    )}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={header.column.getToggleSortingHandler()}
                        className="hover:text-ink"
                      >
                        {words}
                        <span aria-hidden="true" className={cx('ml-1', !sorted && 'invisible')}>
                          {sorted === 'asc' ? '↑' : '↓'}
                        </span>
                      </button>
                    ) : (
                      words
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table
            .getRowModel()
            .rows.slice(0, most)
            .map((row) => (
              <RowOf key={row.id} more={below?.(row.original)} span={row.getVisibleCells().length}>
                <tr
                  className={cx(
                    'border-b border-line/60 last:border-0',
                    onRow && 'cursor-pointer hover:bg-hover',
                  )}
                  onClick={onRow ? () => onRow(row.original) : undefined}
                >
                  {row.getVisibleCells().map((cell) => {
                    const meta = cell.column.columnDef.meta;
                    return (
                      <td
                        key={cell.id}
                        className={cx(
                          'px-2 align-baseline first:pl-4 last:pr-4',
                          dense ? 'py-0.5' : 'py-1.5',
                          meta?.align === 'right' && 'tabular text-right whitespace-nowrap',
                          meta?.grow && 'w-full wrap-anywhere',
                          meta?.className,
                        )}
                      >
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </td>
                    );
                  })}
                </tr>
              </RowOf>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function RowOf({ children, more, span }: { children: ReactNode; more: ReactNode; span: number }) {
  return (
    <>
      {children}
      {more && (
        <tr className="border-b border-line/60">
          <td colSpan={span} className="px-4 pb-3">
            {more}
          </td>
        </tr>
      )}
    </>
  );
}
