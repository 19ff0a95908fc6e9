// The stream of rows as they are stored, by server-sent events.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useState } from 'react';
import { client, type Shape } from '@/api/client';
import { meQuery } from '@/api/me';
import { emptyLive, nextLive, type LiveEvent, type LiveState } from '@/lib/live';
import { stringifySearch } from '@/lib/search';

type Row = Shape<'LogRow'>;
type Filter = Record<string, string | string[]>;

export type Connection = 'connecting' | 'open' | 'broken' | 'ended';

const SEED_ROWS = 100;
/** How often rows that came are drawn: many may come at once. */
const DRAW_MS = 250;

export interface Live extends LiveState<Row> {
  connection: Connection;
  pause: () => void;
  resume: () => void;
}

/** Follows the rows that pass `filter` while `active`. */
export function useLive(filter: Filter, active: boolean): Live {
  const [state, dispatch] = useReducer(
    nextLive as (state: LiveState<Row>, event: LiveEvent<Row>) => LiveState<Row>,
    emptyLive<Row>(),
  );
  const [connection, setConnection] = useState<Connection>('connecting');
  const queries = useQueryClient();
  const address = `/api/logs/live${stringifySearch(filter)}`;

  useEffect(() => {
    if (!active) return;
    const source = new EventSource(address);
    const asked = new AbortController();
    let fresh: Row[] = [];
    let seeded = false;
    const draw = setInterval(() => {
      if (fresh.length === 0) return;
      dispatch({ kind: 'rows', rows: fresh });
      fresh = [];
    }, DRAW_MS);
    // Asked after the stream stands, so that nothing is missed between the two.
    const seed = async () => {
      seeded = true;
      const query = { ...filter, limit: SEED_ROWS } as never;
      const answer = await client
        .GET('/api/logs', { params: { query }, signal: asked.signal })
        .catch(() => undefined);
      if (answer?.data && !asked.signal.aborted) dispatch({ kind: 'seed', rows: answer.data.data });
    };
    source.onopen = () => {
      setConnection('open');
      if (!seeded) void seed();
    };
    source.onerror = () => {
      // The browser tries again by itself, unless it was refused: then it is found out whether the session ended.
      const refused = source.readyState === EventSource.CLOSED;
      setConnection(refused ? 'ended' : 'broken');
      if (refused) void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    };
    source.addEventListener('log', (event) => {
      const row = parsed<Row>(event.data);
      if (row) fresh.push(row);
    });
    source.addEventListener('dropped', (event) => {
      dispatch({ kind: 'dropped', count: parsed<{ count: number }>(event.data)?.count ?? 0 });
    });
    source.addEventListener('end', () => {
      source.close();
      setConnection('ended');
      void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    });
    return () => {
      source.close();
      asked.abort();
      clearInterval(draw);
      dispatch({ kind: 'reset' });
      setConnection('connecting');
    };
    // The address says what the filter is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [address, active, queries]);

  return {
    ...state,
    connection,
    pause: () => dispatch({ kind: 'pause' }),
    resume: () => dispatch({ kind: 'resume' }),
  };
}

function parsed<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
