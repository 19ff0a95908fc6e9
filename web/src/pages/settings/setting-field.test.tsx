// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { Setting } from './control';
import { SettingField } from './setting-field';

afterEach(cleanup);

const setting = (over: Partial<Setting>): Setting => ({
  setting_name: 'log_retention_days',
  setting_value: 30,
  type: 'int',
  default: 30,
  min: 1,
  max: 3650,
  secret: false,
  section: 'database',
  help: 'How many days of events are kept.',
  source: 'default',
  ...over,
});

function draw(of: Setting, more: { draft?: string; errors?: string[]; entries?: () => void } = {}) {
  const [onDraft, onReset] = [vi.fn(), vi.fn()];
  render(
    <SettingField
      setting={of}
      draft={more.draft}
      errors={more.errors}
      onDraft={onDraft}
      onReset={onReset}
      onEntries={more.entries}
    />,
  );
  return { onDraft, onReset };
}

test('a number has its name, bounds and what is wrong with it', () => {
  draw(setting({}), { draft: '9999', errors: ['takes a whole number from 1 to 3650'] });
  const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Log retention days' });
  expect(field.value).toBe('9999');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  const described = field.getAttribute('aria-describedby')?.split(' ') ?? [];
  const texts = described.map((id) => document.getElementById(id)?.textContent);
  expect(texts).toEqual(['1 to 3650', 'takes a whole number from 1 to 3650']);
  expect(screen.getByText('Not saved')).toBeDefined();
  expect(screen.getByText('Default: 30')).toBeDefined();
});

test('what is as by default offers no way back, what was set does', async () => {
  draw(setting({}));
  expect(screen.queryByRole('button')).toBeNull();
  cleanup();
  const { onReset } = draw(setting({ setting_value: 90, source: 'database' }));
  await userEvent.click(screen.getByRole('button', { name: 'Reset Log retention days' }));
  expect(onReset).toHaveBeenCalledOnce();
});

test('a switch hands on what it is turned to', async () => {
  const { onDraft } = draw(
    setting({ setting_name: 'gdpr_mode', type: 'bool', setting_value: false, default: false }),
  );
  await userEvent.click(screen.getByRole('checkbox', { name: 'GDPR mode' }));
  expect(onDraft).toHaveBeenCalledWith(true);
});

test('words of a list keep the order they are offered in', async () => {
  const options = ['Emergency', 'Alert', 'Critical'];
  const { onDraft } = draw(
    setting({ type: 'list', options, setting_value: ['Critical'], default: [], count: 1 }),
  );
  await userEvent.click(screen.getByRole('checkbox', { name: 'Emergency' }));
  expect(onDraft).toHaveBeenCalledWith(['Emergency', 'Critical']);
});

test('a list that is not shown whole can’t be typed over', () => {
  const entries = vi.fn();
  draw(setting({ type: 'list', setting_value: ['a.example'], default: [], count: 2 }), { entries });
  expect(screen.getByRole<HTMLTextAreaElement>('textbox').disabled).toBe(true);
  expect(screen.getByRole('button', { name: 'All entries (2)' })).toBeDefined();
});

test('a schedule is told in words as it is typed', () => {
  draw(setting({ type: 'schedule', setting_value: '', default: '' }), { draft: '0 5 4 * * *' });
  expect(screen.getByText(/^every day at 04:05 UTC;/)).toBeDefined();
});

test('a secret shows that it is set, and nothing else', () => {
  draw(setting({ type: 'text', secret: true, set: true, setting_value: null, default: null }));
  const field = document.querySelector('input');
  expect([field?.type, field?.value, field?.placeholder]).toEqual([
    'password',
    '',
    'set; type to replace it',
  ]);
});
