// A panel: a title and one answer of the API in one of four states, loading, failed, empty, or there.

import { useId, useState, type ReactNode } from 'react';
import { messageOf } from '@/api/error';
import { Button, IconButton } from './button';
import { cx } from './cx';

/** What a panel needs to know of a query; `useQuery`'s result is one. */
export interface PanelQuery<Data> {
  data: Data | undefined;
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

interface Frame {
  title: ReactNode;
  /** A word below the title: units, timezone, what is counted. */
  note?: ReactNode;
  /** Buttons and links beside the title. */
  actions?: ReactNode;
  className?: string;
  /** Content reaches the border, as tables do. */
  flush?: boolean;
}

/** The frame alone, for what is no answer of the API. */
export function Card({
  title,
  note,
  actions,
  className,
  flush = false,
  children,
}: Frame & { children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={cx('flex min-w-0 flex-col rounded-lg border border-line bg-surface panel-shadow', className)}
    >
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 pt-2.5 pb-1.5">
        <div className="min-w-0">
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          {note && <p className="text-xs text-muted">{note}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-1">{actions}</div>}
      </header>
      <div className={cx('min-w-0 flex-1', flush ? 'pb-1' : 'px-4 pb-4')}>{children}</div>
    </section>
  );
}

interface PanelProps<Data> extends Frame {
  query: PanelQuery<Data>;
  children: (data: Data) => ReactNode;
  /** What to say where there is nothing, and what to do about it; a falsy value means that there is something. */
  empty?: (data: Data) => ReactNode;
  /** The same as a table, behind a button: every chart has one. */
  table?: (data: Data) => ReactNode;
  /** Height kept while loading, in pixels. */
  height?: number;
}

export function Panel<Data>({
  query,
  children,
  empty,
  table,
  height = 120,
  flush,
  actions,
  ...frame
}: PanelProps<Data>) {
  const [asTable, setAsTable] = useState(false);
  const { data } = query;
  const nothing = data === undefined ? undefined : empty?.(data);
  const toggle = table && data !== undefined && !nothing && (
    <IconButton
      icon={asTable ? 'chart' : 'table'}
      label={asTable ? 'Show as chart' : 'Show as table'}
      aria-pressed={asTable}
      onClick={() => setAsTable(!asTable)}
    />
  );
  return (
    <Card
      {...frame}
      flush={flush === true || (asTable && data !== undefined && !nothing)}
      actions={
        (actions || toggle) && (
          <>
            {actions}
            {toggle}
          </>
        )
      }
    >
      <PanelBody query={query} height={height} flush={flush ?? false} nothing={nothing}>
        {(there) =>
          asTable && table ? (
            <div className="max-h-80 overflow-auto" tabIndex={0} role="group" aria-label="As a table">
              {table(there)}
            </div>
          ) : (
            children(there)
          )
        }
      </PanelBody>
    </Card>
  );
}

function PanelBody<Data>({
  query,
  children,
  nothing,
  height,
  flush,
}: {
  query: PanelQuery<Data>;
  children: (data: Data) => ReactNode;
  nothing: ReactNode;
  height: number;
  flush: boolean;
}) {
  const { data, error, isFetching, refetch } = query;
  const inset = flush ? 'px-4 pb-3' : '';
  if (data === undefined && error)
    return <Failed error={error} retry={refetch} busy={isFetching} className={inset} />;
  if (data === undefined) return <Loading height={height} className={inset} />;
  return (
    <>
      {error ? <Stale error={error} retry={refetch} className={inset} /> : null}
      {nothing ? <div className={inset}>{nothing}</div> : children(data)}
    </>
  );
}

export function Loading({ height = 120, className }: { height?: number; className?: string }) {
  return (
    <div className={className}>
      <div
        role="status"
        aria-busy="true"
        className="skeleton flex items-center justify-center"
        style={{ height }}
      >
        <span className="sr-only">Loading</span>
      </div>
    </div>
  );
}

export function Failed({
  error,
  retry,
  busy = false,
  className,
}: {
  error: unknown;
  retry: () => unknown;
  busy?: boolean;
  className?: string;
}) {
  return (
    <div className={className}>
      <div role="alert" className="flex flex-col items-start gap-2 py-3">
        <p className="text-danger wrap-anywhere">{messageOf(error)}</p>
        <Button size="small" icon="refresh" busy={busy} onClick={() => void retry()}>
          Try again
        </Button>
      </div>
    </div>
  );
}

function Stale({ error, retry, className }: { error: unknown; retry: () => unknown; className: string }) {
  return (
    <div className={className}>
      <p role="status" className="mb-2 text-xs text-warn">
        Not up to date: {messageOf(error)}{' '}
        <button type="button" className="underline" onClick={() => void retry()}>
          Try again
        </button>
      </p>
    </div>
  );
}

/** Nothing there: what that means, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="py-4">
      <p className="font-medium">{title}</p>
      {children && <div className="mt-1 max-w-prose text-muted">{children}</div>}
    </div>
  );
}
