// What an action changed, from the values before and after it.

export interface Change {
  /** The field, `a.b` in objects within objects; empty where the value itself is meant. */
  field: string;
  before: string | null;
  after: string | null;
  kind: 'added' | 'removed' | 'changed' | 'same';
}

const DEPTH = 3;

function flat(value: unknown, prefix: string, into: Map<string, string>, depth: number): void {
  if (value === null || value === undefined) {
    if (prefix !== '') into.set(prefix, 'null');
    return;
  }
  if (typeof value === 'object' && !Array.isArray(value) && depth < DEPTH) {
    for (const [key, member] of Object.entries(value))
      flat(member, prefix === '' ? key : `${prefix}.${key}`, into, depth + 1);
    return;
  }
  into.set(prefix, typeof value === 'string' ? value : JSON.stringify(value));
}

/** Every field of both, in the order in which they come; those that are the same, too. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, now] = [new Map<string, string>(), new Map<string, string>()];
  flat(before, '', old, 0);
  flat(after, '', now, 0);
  return [...new Set([...old.keys(), ...now.keys()])].map((field) => {
    const [was, is] = [old.get(field) ?? null, now.get(field) ?? null];
    const kind = was === is ? 'same' : was === null ? 'added' : is === null ? 'removed' : 'changed';
    return { field, before: was, after: is, kind };
  });
}

/** The changes in a line: `role: viewer → admin`; at most `most` of them. Where before and after have no field in common
 * they are not two states of one thing, and are told one after the other. */
export function summary(before: unknown, after: unknown, most = 3): string {
  const all = changesOf(before, after);
  const states = all.some(({ kind }) => kind === 'same' || kind === 'changed');
  const changes = all.filter(
    ({ kind, before: was, after: is }) => kind !== 'same' && (was ?? '') !== (is ?? ''),
  );
  const told = changes.slice(0, most).map(({ field, before: was, after: is, kind }) => {
    const name = field === '' ? '' : `${field}: `;
    if (kind === 'added') return `${name}${is ?? ''}`;
    if (kind === 'removed') return states ? `${name}${was ?? ''} →` : `${name}${was ?? ''}`;
    return `${name}${was ?? ''} → ${is ?? ''}`;
  });
  const more = changes.length - told.length;
  return told.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
