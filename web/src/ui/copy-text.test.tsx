// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { CopyText } from './copy-text';

afterEach(cleanup);

test('text goes to the clipboard, and that is said', async () => {
  const user = userEvent.setup();
  render(<CopyText text={'line one\nline two'} label="the lines" />);
  await user.click(screen.getByRole('button', { name: 'Copy the lines' }));
  expect(await navigator.clipboard.readText()).toBe('line one\nline two');
  expect(screen.getByRole('status').textContent).toBe('Copied');
});

test('where the clipboard is shut the text is marked for Ctrl-C', async () => {
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
  render(<CopyText text="a secret" label="the secret" />);
  await user.click(screen.getByRole('button', { name: 'Copy the secret' }));
  expect(screen.getByRole('status').textContent).toBe('Press Ctrl-C to copy');
  expect(String(getSelection())).toBe('a secret');
});
