// The log: every row, filtered, sorted, as it comes, and each with all that is known of it.

import { useCallback, useMemo } from 'react';
import { ApiError, messageOf } from '@/api/error';
import { filterFaults, filterQuery } from '@/lib/filters';
import { useSetView, useTimeRange, useView } from '@/lib/hooks';
import { rangeLabel } from '@/lib/range';
import { one } from '@/lib/search';
import { number } from '@/lib/units';
import { Button } from '@/ui/button';
import { Page } from '@/ui/page';
import { Empty, Failed, Loading } from '@/ui/panel';
import { COLUMNS, columnsOf } from './logs/columns';
import { FilterBar } from './logs/filter-bar';
import { LiveBar } from './logs/live-bar';
import { LogTable } from './logs/log-table';
import { RowDrawer } from './logs/row-drawer';
import { ColumnMenu, ExportMenu } from './logs/tools';
import { useLive } from './logs/use-live';
import { usePages } from './logs/use-pages';

const SORTS = COLUMNS.flatMap(({ sort }) => sort ?? []);

export function Logs() {
  const view = useView();
  const setView = useSetView();
  const { range, query: time } = useTimeRange();
  const isLive = one(view, 'live') === '1';
  const sort = SORTS.find((name) => name === one(view, 'sort')) ?? 'timestamp';
  const order = one(view, 'order') === 'asc' ? 'asc' : 'desc';
  const cols = one(view, 'cols');
  const columns = useMemo(() => columnsOf(cols), [cols]);
  const filter = useMemo(() => filterQuery(view), [view]);
  const pages = usePages({ filter, time, sort, order }, !isLive);
  const live = useLive(filter, isLive);
  const rows = isLive ? live.rows : pages.rows;
  const openId = rowId(one(view, 'row'));
  const at = openId === undefined ? -1 : rows.findIndex(({ id }) => id === openId);

  const open = useCallback(
    (id: number | undefined) =>
      setView({ row: id === undefined ? undefined : String(id) }, { replace: true }),
    [setView],
  );
  const { hasMore, isFetching, more } = pages;
  const onEnd = useCallback(() => {
    if (hasMore && !isFetching) more();
  }, [hasMore, isFetching, more]);
  const onSort = (name: string) =>
    setView({
      sort: name === 'timestamp' ? undefined : name,
      order: name === sort && order === 'desc' ? 'asc' : undefined,
    });
  const neighbour = (step: number) => {
    const there = at < 0 ? undefined : rows[at + step];
    return there && (() => open(there.id));
  };

  return (
    <Page
      title="Logs"
      note={isLive ? 'Rows as they are stored · times in UTC' : `${rangeLabel(range)} · times in UTC`}
      actions={
        <>
          <Button
            icon={isLive ? 'close' : 'play'}
            look={isLive ? 'primary' : 'plain'}
            aria-pressed={isLive}
            onClick={() =>
              setView({ live: isLive ? undefined : '1', sort: undefined, order: undefined, row: undefined })
            }
          >
            {isLive ? 'Leave live' : 'Live'}
          </Button>
          {!isLive && (
            <Button icon="refresh" busy={pages.isFetching} onClick={pages.refetch}>
              Refresh
            </Button>
          )}
          <ColumnMenu shown={columns} />
          <ExportMenu
            question={{ ...filter, ...(isLive ? {} : time) }}
            total={isLive ? undefined : pages.total}
          />
        </>
      }
    >
      <div className="space-y-2">
        <FilterBar />
        <section aria-label="Rows" className="rounded-lg border border-line bg-surface panel-shadow">
          {isLive && <LiveBar live={live} />}
          {!isLive && pages.error && pages.rows.length > 0 ? (
            <p role="status" className="px-4 py-1.5 text-xs text-warn">
              {messageOf(pages.error)}
            </p>
          ) : null}
          {!isLive && pages.isPending && !pages.error ? (
            <Loading height={420} className="p-4" />
          ) : !isLive && pages.error && pages.rows.length === 0 ? (
            <Failed
              error={inWords(pages.error)}
              retry={pages.refetch}
              busy={pages.isFetching}
              className="px-4"
            />
          ) : rows.length === 0 ? (
            <div className="px-4">
              <Nothing isLive={isLive} isFiltered={Object.keys(filter).length > 0} />
            </div>
          ) : (
            <LogTable
              rows={rows}
              columns={columns}
              total={isLive ? -1 : (pages.total ?? -1)}
              sort={isLive ? '' : sort}
              order={order}
              {...(isLive ? {} : { onSort, onEnd })}
              onOpen={open}
              openId={openId}
            />
          )}
          {!isLive && rows.length > 0 && (
            <p className="tabular border-t border-line px-4 py-1.5 text-xs text-muted" aria-live="polite">
              {number(rows.length)} of {pages.total === undefined ? '…' : number(pages.total)} rows loaded
              {pages.isFetchingMore ? ', more are coming' : ''}
            </p>
          )}
        </section>
      </div>
      <RowDrawer
        id={openId}
        onClose={() => open(undefined)}
        onPrevious={neighbour(-1)}
        onNext={neighbour(1)}
      />
    </Page>
  );
}

function Nothing({ isLive, isFiltered }: { isLive: boolean; isFiltered: boolean }) {
  if (isLive) return <Empty title="Nothing yet">Rows appear here as they are stored.</Empty>;
  return (
    <Empty title={isFiltered ? 'No row passes these filters in this time' : 'No rows in this time'}>
      {isFiltered ? 'Take a filter away, or choose a longer range above.' : 'Choose a longer range above.'}
    </Empty>
  );
}

function rowId(text: string | undefined): number | undefined {
  return /^[1-9]\d{0,15}$/.test(text ?? '') ? Number(text) : undefined;
}

/** A refusal of filters by the names they have here. */
function inWords(failure: unknown): unknown {
  if (!(failure instanceof ApiError) || failure.status !== 422) return failure;
  return new Error(filterFaults(failure.fields).join(' ') || failure.message);
}
