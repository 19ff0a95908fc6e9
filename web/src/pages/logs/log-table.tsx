// The rows of the log: a grid that draws only what is to be seen, driven by mouse or keyboard.

import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useMedia } from '@/lib/media';
import { clock, day, parseTime } from '@/lib/time';
import { outcomeLabel, outcomeTone, scoreTone } from '@/lib/words';
import { Badge } from '@/ui/badge';
import { cx } from '@/ui/cx';
import { HostileText, Masked } from '@/ui/hostile-text';
import type { Column, Row } from './columns';

interface Props {
  rows: readonly Row[];
  columns: readonly Column[];
  /** Rows in all, for a screen reader; -1 where it is not known. */
  total: number;
  sort: string;
  order: 'asc' | 'desc';
  /** Told which column's header was pressed; without it nothing is sorted. */
  onSort?: (sort: string) => void;
  onOpen: (id: number) => void;
  /** Id of the row that is open. */
  openId: number | undefined;
  /** Called when the end comes near. */
  onEnd?: () => void;
}

const ROW_PX = 30;
const CARD_PX = 50;
const NEAR_ROWS = 100;

export function LogTable({ rows, columns, total, sort, order, onSort, onOpen, openId, onEnd }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = useMedia('(max-width: 47.9rem)');
  const [active, setActive] = useState(0);
  const [drawn, setDrawn] = useState(1);
  const height = narrow ? CARD_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  // The most rows drawn at once: whoever scrolls in takes the elements of one that has scrolled out.
  if (items.length > drawn) setDrawn(items.length);

  useEffect(() => {
    virtual.measure();
  }, [height, virtual]);

  // Fewer than before are another reading of the log, which begins at its start.
  const count = useRef(rows.length);
  useEffect(() => {
    if (rows.length < count.current) virtual.scrollToOffset(0);
    count.current = rows.length;
  }, [rows.length, virtual]);

  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_ROWS) onEnd?.();
  }, [last, rows.length, onEnd]);

  const go = (index: number) => {
    const there = Math.max(0, Math.min(rows.length - 1, index));
    setActive(there);
    virtual.scrollToIndex(there, { align: 'auto' });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 2);
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      j: active + 1,
      ArrowUp: active - 1,
      k: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const there = steps[event.key];
    const row = rows[active];
    if (there !== undefined) {
      event.preventDefault();
      go(there);
    } else if ((event.key === 'Enter' || event.key === ' ') && row) {
      event.preventDefault();
      onOpen(row.id);
    }
  };
  const onPick = useCallback(
    (index: number, id: number) => {
      setActive(index);
      onOpen(id);
    },
    [onOpen],
  );

  const template = columns
    .map(({ width, grow }) => (grow ? `minmax(${width}px, 1fr)` : `${width}px`))
    .join(' ');
  const width = narrow ? undefined : columns.reduce((all, column) => all + column.width, 0) + 32;
  const current = rows[active];
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Rows of the log"
      aria-rowcount={total < 0 ? -1 : total + 1}
      aria-colcount={narrow ? 1 : columns.length}
      aria-activedescendant={current ? `row-${current.id}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      className="h-[calc(100dvh-15.5rem)] min-h-80 overflow-auto focus-visible:-outline-offset-2"
    >
      <div style={{ minWidth: width }}>
        {!narrow && (
          <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-surface">
            <div role="row" aria-rowindex={1} className="grid px-4" style={{ gridTemplateColumns: template }}>
              {columns.map((column) => (
                <Head key={column.id} column={column} sort={sort} order={order} onSort={onSort} />
              ))}
            </div>
          </div>
        )}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            return (
              row && (
                <LogRow
                  key={index % drawn}
                  row={row}
                  index={index}
                  start={start}
                  columns={narrow ? undefined : columns}
                  template={template}
                  isOpen={row.id === openId}
                  isActive={index === active}
                  onPick={onPick}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  row: Row;
  index: number;
  /** Pixels from the first row. */
  start: number;
  /** Undefined where there is no room for any. */
  columns: readonly Column[] | undefined;
  template: string;
  isOpen: boolean;
  isActive: boolean;
  onPick: (index: number, id: number) => void;
}

/** Kept while others scroll in and out. */
const LogRow = memo(function LogRow({
  row,
  index,
  start,
  columns,
  template,
  isOpen,
  isActive,
  onPick,
}: RowProps) {
  return (
    <div
      id={`row-${row.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      onClick={() => onPick(index, row.id)}
      className={cx(
        'absolute inset-x-0 cursor-pointer border-b border-line/50 px-4 contain-strict',
        columns && 'grid items-center',
        isOpen ? 'bg-accent-soft' : isActive ? 'bg-hover' : 'hover:bg-hover',
        isActive &&
          'in-focus-visible:outline-1 in-focus-visible:-outline-offset-1 in-focus-visible:outline-accent',
      )}
      style={{
        top: start,
        height: columns ? ROW_PX : CARD_PX,
        gridTemplateColumns: columns && template,
      }}
    >
      {columns ? (
        columns.map((column) => <Cell key={column.id} column={column} row={row} />)
      ) : (
        <CardCell row={row} />
      )}
    </div>
  );
});

function Cell({ column, row }: { column: Column; row: Row }) {
  return (
    <div
      role="gridcell"
      className={cx(
        'min-w-0 truncate pr-3 text-[0.8125rem]',
        column.align === 'right' && 'tabular text-right',
      )}
    >
      {column.cell(row)}
    </div>
  );
}

/** A row where there is no room for columns. */
function CardCell({ row }: { row: Row }) {
  const ms = parseTime(row.timestamp);
  return (
    <div role="gridcell" className="flex h-full flex-col justify-center gap-0.5 text-[0.8125rem]">
      <div className="flex items-center gap-2">
        <span className="tabular text-xs text-muted">
          {day(ms)} {clock(ms)}
        </span>
        <span className="min-w-0 truncate">
          <Masked value={row.client_ip} />
        </span>
        <span className="ml-auto flex gap-1">
          {row.waf.score ? <Badge tone={scoreTone(row.waf.score)}>{row.waf.score}</Badge> : null}
          <Badge tone={outcomeTone(row.outcome)}>
            {row.outcome === 'allowed' ? row.status_code : outcomeLabel(row.outcome)}
          </Badge>
        </span>
      </div>
      <div className="truncate">
        <span className="text-muted">{row.method} </span>
        <HostileText text={row.url} max={160} />
      </div>
    </div>
  );
}

function Head({
  column,
  sort,
  order,
  onSort,
}: {
  column: Column;
  sort: string;
  order: 'asc' | 'desc';
  onSort: ((sort: string) => void) | undefined;
}) {
  const by = column.sort;
  const sorted = by === sort;
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
      className={cx(
        'truncate py-1.5 pr-3 text-xs font-medium text-muted',
        column.align === 'right' && 'text-right',
      )}
    >
      {by && onSort ? (
        <button type="button" onClick={() => onSort(by)} className="hover:text-ink">
          {column.label}
          {sorted && <span aria-hidden="true"> {order === 'asc' ? '↑' : '↓'}</span>}
        </button>
      ) : (
        column.label
      )}
    </div>
  );
}
