import { expect, test } from 'vitest';
import { commandsFor, type Known } from './palette';

const known: Known[] = [
  { key: 'a', label: 'Security score', hint: '', words: 'posture', run: { kind: 'go', to: '/score' } },
  { key: 'b', label: 'Services', hint: '', words: 'shadow it', run: { kind: 'go', to: '/services' } },
  { key: 'c', label: 'Logs', hint: '', words: 'search', run: { kind: 'go', to: '/logs' } },
];
const keys = (text: string) => commandsFor(text, known).map(({ key }) => key);

test.each([
  ['', ['a', 'b', 'c']],
  ['se', ['a', 'b', 'c', 'search']],
  ['shadow', ['b', 'search']],
  ['score security', ['a', 'search']],
  ['10.0.0.51', ['client', 'client-logs', 'search']],
  ['2001:db8::1', ['client', 'client-logs', 'search']],
  ['c-abcdefgh2345', ['client', 'client-logs', 'search']],
  ['300.0.0.1', ['search']],
  ['www.Example.com', ['domain', 'domain-logs', 'search']],
  ['4250030', ['rule', 'row', 'search']],
  ['17', ['row', 'search']],
  ['javascript:alert(1)', ['search']],
])('%s offers %j', (text, offered) => expect(keys(text)).toEqual(offered));

test('text goes along as it was typed', () => {
  const [command] = commandsFor('a/../b?c', []);
  expect(command?.run).toEqual({ kind: 'go', to: '/logs', search: { keyword: 'a/../b?c' } });
});
