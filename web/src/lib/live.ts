// Rows as they come, newest first, bounded; pausing keeps what comes meanwhile for later.

export interface LiveState<Row> {
  rows: Row[];
  /** What came while paused, oldest first. */
  waiting: Row[];
  paused: boolean;
  /** Rows that were not sent because the page was too slow, or not kept because too many waited. */
  dropped: number;
}

export type LiveEvent<Row> =
  | { kind: 'rows'; rows: readonly Row[] }
  | { kind: 'seed'; rows: readonly Row[] }
  | { kind: 'dropped'; count: number }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'reset' };

/** Rows kept on the page. */
export const MOST_ROWS = 2000;
/** Rows kept while paused. */
export const MOST_WAITING = 5000;

export function emptyLive<Row>(): LiveState<Row> {
  return { rows: [], waiting: [], paused: false, dropped: 0 };
}

/** What becomes of a state. Rows arrive oldest first; a row that is there already is not taken twice. */
export function nextLive<Row extends { id: number }>(
  state: LiveState<Row>,
  event: LiveEvent<Row>,
): LiveState<Row> {
  switch (event.kind) {
    case 'rows': {
      if (!state.paused) return { ...state, rows: laidOn(state.rows, event.rows) };
      const waiting = [...state.waiting, ...event.rows];
      const over = Math.max(0, waiting.length - MOST_WAITING);
      return { ...state, waiting: waiting.slice(over), dropped: state.dropped + over };
    }
    case 'seed': {
      // The newest rows stored before the stream began, newest first: what came since lies on them.
      const known = new Set(state.rows.map(({ id }) => id));
      return {
        ...state,
        rows: [...state.rows, ...event.rows.filter(({ id }) => !known.has(id))].slice(0, MOST_ROWS),
      };
    }
    case 'dropped':
      return { ...state, dropped: state.dropped + event.count };
    case 'pause':
      return { ...state, paused: true };
    case 'resume':
      return { ...state, paused: false, rows: laidOn(state.rows, state.waiting), waiting: [] };
    case 'reset':
      return emptyLive();
  }
}

function laidOn<Row extends { id: number }>(rows: readonly Row[], fresh: readonly Row[]): Row[] {
  if (fresh.length === 0) return [...rows];
  const known = new Set(rows.slice(0, MOST_WAITING).map(({ id }) => id));
  const added = fresh.filter(({ id }) => !known.has(id)).reverse();
  return [...added, ...rows].slice(0, MOST_ROWS);
}
