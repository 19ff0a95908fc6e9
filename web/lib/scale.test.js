import assert from 'node:assert/strict';
import test from 'node:test';
import { columns, slotAt, timeTicks, valueTicks } from './scale.js';

test('value ticks are round, whole, and reach the maximum', () => {
  assert.deepEqual(valueTicks(0, 4), [0, 1]);
  assert.deepEqual(valueTicks(1, 4), [0, 1]);
  assert.deepEqual(valueTicks(3, 4), [0, 1, 2, 3]);
  assert.deepEqual(valueTicks(1234, 4), [0, 400, 800, 1200, 1600]);
  assert.deepEqual(valueTicks(720, 2), [0, 400, 800]);
  for (const max of [7, 99, 100, 101, 20_000, 123_456_789, 4e15]) {
    const ticks = valueTicks(max, 4);
    assert.ok(ticks.at(-1) >= max && ticks.at(-2) < max, `${max}: ${ticks}`);
    assert.ok(ticks.length <= 6 && ticks.every(Number.isInteger), `${max}: ${ticks}`);
  }
});

test('time ticks stand on round UTC times', () => {
  const from = Date.UTC(2026, 10, 19, 12);
  const day = timeTicks(from, from + 86_400_000, 10);
  assert.equal(day.step, 3 * 3_600_000);
  assert.ok(day.ticks.includes(Date.UTC(2026, 10, 20)));
  assert.ok(day.ticks.every((tick) => tick % day.step === 0 && tick >= from && tick < from + 86_400_000));
  const month = timeTicks(from, from + 30 * 86_400_000, 10);
  assert.equal(month.step, 3 * 86_400_000);
  for (const count of [3, 5, 20]) assert.ok(timeTicks(from, from + 7 * 86_400_000, count).ticks.length <= count + 1);
});

test('columns leave out nothing and lift what is small', () => {
  const box = { left: 10, slot: 4, base: 100, height: 50, max: 1000 };
  assert.equal(columns([0, 0], box), '');
  assert.equal(columns([1, 0, 1000], box), 'M10.25 100v-1h3.5v1zM18.25 100v-50h3.5v50z');
  assert.equal(columns([1, 0, 1000], { ...box, from: 2 }), 'M18.25 100v-50h3.5v50z');
});

test('a position belongs to one slot', () => {
  assert.deepEqual([-5, 10, 13.9, 14, 999].map((x) => slotAt(x, 10, 4, 24)), [0, 0, 0, 1, 23]);
});
