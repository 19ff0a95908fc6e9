import { expect, test } from 'vitest';
import { readingScopes, scopeMeaning } from './scopes';

test('a key reads what a viewer reads unless told otherwise', () => {
  const owned = [
    'logs:read',
    'alerts:read',
    'audit:read',
    'pii:read',
    'logs:export',
    'settings:write',
    'admin',
  ];
  expect(readingScopes(owned)).toEqual(['logs:read', 'alerts:read']);
});

test('scopes are told in words', () => {
  expect(scopeMeaning('audit:read')).toBe('read the audit log');
  expect(scopeMeaning('nobody:knows')).toBe('');
});
