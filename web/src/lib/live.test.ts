import { expect, test } from 'vitest';
import { emptyLive, MOST_ROWS, MOST_WAITING, nextLive, type LiveEvent, type LiveState } from './live';

type Row = { id: number };
const rows = (...ids: number[]): Row[] => ids.map((id) => ({ id }));
const play = (...events: LiveEvent<Row>[]): LiveState<Row> => events.reduce(nextLive<Row>, emptyLive<Row>());
const ids = (list: readonly Row[]) => list.map(({ id }) => id);

test('the newest row lies on top, and none is there twice', () => {
  const state = play(
    { kind: 'rows', rows: rows(5, 6) },
    { kind: 'seed', rows: rows(5, 4, 3) },
    { kind: 'rows', rows: rows(6, 7) },
  );
  expect(ids(state.rows)).toEqual([7, 6, 5, 4, 3]);
});

test('what comes while paused waits', () => {
  const paused = play({ kind: 'rows', rows: rows(1) }, { kind: 'pause' }, { kind: 'rows', rows: rows(2, 3) });
  expect([ids(paused.rows), ids(paused.waiting)]).toEqual([[1], [2, 3]]);
  const on = nextLive(paused, { kind: 'resume' });
  expect([ids(on.rows), on.waiting, on.paused]).toEqual([[3, 2, 1], [], false]);
});

test('memory is bounded, and what is left out is counted', () => {
  const many = rows(...Array.from({ length: MOST_WAITING + 10 }, (_, index) => index + 1));
  const paused = play({ kind: 'pause' }, { kind: 'rows', rows: many }, { kind: 'dropped', count: 5 });
  expect([paused.waiting.length, paused.dropped]).toEqual([MOST_WAITING, 15]);
  const on = nextLive(paused, { kind: 'resume' });
  expect([on.rows.length, on.rows[0]?.id]).toEqual([MOST_ROWS, MOST_WAITING + 10]);
  expect(nextLive(on, { kind: 'reset' })).toEqual(emptyLive());
});
