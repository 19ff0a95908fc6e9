// Scopes in words, for whoever gives some of them to a key.

const MEANINGS: Readonly<Record<string, string>> = {
  'logs:read': 'read the log and statistics',
  'logs:write': 'send lines',
  'logs:purge': 'remove rows',
  'logs:export': 'export rows and archives',
  'alerts:read': 'read findings',
  'alerts:write': 'decide about findings',
  'alertrules:read': 'read rules of alerts',
  'alertrules:write': 'change rules of alerts',
  'entities:read': 'read clients and domains',
  'search:read': 'search',
  'search:write': 'keep searches',
  'logsource:read': 'read sources',
  'audit:read': 'read the audit log',
  'settings:write': 'change settings',
  'users:write': 'manage accounts',
  'pii:read': 'see personal data while masking is on',
  admin: 'everything an administrator may',
};

/** What a scope allows; of one that is not known here, nothing. */
export function scopeMeaning(scope: string): string {
  return MEANINGS[scope] ?? '';
}

/** What a key needs to read and nothing else, of what its owner has. */
export function readingScopes(owned: readonly string[]): string[] {
  return owned.filter((scope) => scope.endsWith(':read') && scope !== 'pii:read' && scope !== 'audit:read');
}
