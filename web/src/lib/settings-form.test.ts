import { describe, expect, test } from 'vitest';
import {
  changes,
  differsFromDefault,
  draftOf,
  isChanged,
  isCut,
  label,
  matches,
  read,
  sections,
  shown,
  type SettingSpec,
} from './settings-form';

const spec = (over: Partial<SettingSpec>): SettingSpec => ({
  setting_name: 'log_retention_days',
  setting_value: 30,
  type: 'int',
  default: 30,
  min: 1,
  max: 3650,
  secret: false,
  section: 'database',
  help: 'How many days.',
  source: 'default',
  ...over,
});
const flag = spec({
  setting_name: 'gdpr_mode',
  type: 'bool',
  setting_value: false,
  default: false,
  min: null,
  max: null,
  section: 'privacy',
});
const list = spec({
  setting_name: 'api_trusted_proxies',
  type: 'list',
  setting_value: ['10.0.0.1'],
  default: [],
  min: null,
  max: null,
  count: 1,
});
const words = spec({
  setting_name: 'notify_severities',
  type: 'list',
  setting_value: ['Alert', 'Critical'],
  default: ['Critical', 'Alert'],
  options: ['Alert', 'Critical', 'Error'],
  count: 2,
});
const secret = spec({
  setting_name: 'smtp_password',
  type: 'text',
  setting_value: null,
  default: null,
  min: null,
  max: null,
  secret: true,
  set: true,
});

describe('what is typed', () => {
  test.each([
    ['a number', spec({}), ' 90 ', { value: 90 }],
    ['a number out of bounds', spec({}), '4000', { fault: 'takes a whole number from 1 to 3650' }],
    ['a fraction', spec({}), '1.5', { fault: 'takes a whole number from 1 to 3650' }],
    ['nothing where a number belongs', spec({}), '', { fault: 'takes a whole number from 1 to 3650' }],
    ['a switch', flag, true, { value: true }],
    ['lines', list, '10.0.0.1\n\n  10.0.0.2 ', { value: ['10.0.0.1', '10.0.0.2'] }],
    ['chosen words', words, ['Error'], { value: ['Error'] }],
    ['a secret with blanks at its ends', secret, ' x ', { value: ' x ' }],
  ] as const)('%s', (_, setting, draft, expected) => {
    expect(read(setting, draft)).toEqual(expected);
  });

  test.each([
    ['untouched', spec({}), undefined, false],
    ['the same number in other words', spec({}), '030', false],
    ['another number', spec({}), '31', true],
    ['something that is no number', spec({}), 'x', true],
    ['an empty line more', list, '10.0.0.1\n', false],
    ['the same words in another order', words, ['Critical', 'Alert'], false],
    ['fewer words', words, ['Critical'], true],
    ['no secret', secret, '', false],
    ['another secret', secret, 'x', true],
  ] as const)('changed: %s', (_, setting, draft, expected) => {
    expect(isChanged(setting, draft)).toBe(expected);
  });
});

test('only what is changed is sent, faults aside', () => {
  const other = spec({ setting_name: 'audit_retention_days', setting_value: 365 });
  expect(
    changes([spec({}), flag, other, list], {
      log_retention_days: '7',
      gdpr_mode: false,
      audit_retention_days: '0',
    }),
  ).toEqual({
    body: { log_retention_days: 7 },
    faults: { audit_retention_days: ['takes a whole number from 1 to 3650'] },
  });
});

test.each([
  ['a default', spec({}), false],
  ['another number', spec({ setting_value: 31 }), true],
  ['a list', list, true],
  ['the same words in another order', words, false],
  ['a secret that is set', secret, true],
  ['a secret that is not', { ...secret, set: false }, false],
])('differs from the default: %s', (_, setting, expected) => {
  expect(differsFromDefault(setting)).toBe(expected);
});

test('a list of which a part is shown is told from one that is shown whole', () => {
  expect(isCut(list)).toBe(false);
  expect(isCut({ ...list, count: 2 })).toBe(true);
  expect(isCut({ ...list, setting_value: null, count: 1 })).toBe(true);
});

test('sections keep their order, unknown ones come last', () => {
  const settings = [spec({ section: 'quantum' }), spec({}), flag];
  expect(sections(settings).map(({ title }) => title)).toEqual([
    'Privacy',
    'Retention and archives',
    'Quantum',
  ]);
});

test.each([
  ['log_retention_days', 'Log retention days'],
  ['gdpr_url_level', 'GDPR URL level'],
  ['waf_enabled', 'WAF enabled'],
])('%s', (name, text) => {
  expect(label(name)).toBe(text);
});

test.each([
  [flag, false, 'off'],
  [list, [], 'none'],
  [list, ['a', 'b'], 'a, b'],
  [list, ['a', 'b', 'c', 'd'], '4 entries'],
  [spec({ type: 'schedule' }), '', 'never'],
  [spec({ type: 'text' }), '', 'empty'],
  [secret, null, 'set'],
  [spec({}), 30, '30'],
])('values as text: %#', (setting, value, text) => {
  expect(shown(setting, value)).toBe(text);
});

test('search takes every word, in name, help or section', () => {
  expect(matches(spec({}), 'retention days')).toBe(true);
  expect(matches(spec({}), 'archives many')).toBe(true);
  expect(matches(spec({}), 'retention smtp')).toBe(false);
  expect(draftOf(list)).toBe('10.0.0.1');
});
