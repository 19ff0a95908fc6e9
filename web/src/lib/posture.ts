// The security score: its checks by where they look, and what they lost.

export interface Check {
  id: string;
  title: string;
  points: number;
  max_points: number;
  status: string;
  source: string;
}

export interface CheckGroup<T extends Check> {
  source: string;
  title: string;
  checks: T[];
  points: number;
  /** Points that could be had: of the checks that are not unknown. */
  maxPoints: number;
  unknown: number;
}

const TITLES: Readonly<Record<string, string>> = {
  settings: 'Tidegate’s own settings',
  'squid.conf': 'The proxy’s configuration',
  traffic: 'The traffic itself',
};

/** Statuses, worst first. */
const WORST: readonly string[] = ['contradicted', 'failed', 'partial', 'passed', 'unknown'];

/** Points a check lost; an unknown one loses none, it doesn't count. */
export function lost(check: Check): number {
  return check.status === 'unknown' ? 0 : check.max_points - check.points;
}

/** Checks that need somebody first: worst status, then most points lost. */
export function worstFirst<T extends Check>(checks: readonly T[]): T[] {
  const rank = ({ status }: Check) => (WORST.includes(status) ? WORST.indexOf(status) : WORST.length);
  return [...checks].sort((one, other) => rank(one) - rank(other) || lost(other) - lost(one));
}

/** Checks by their source, in the order in which sources come. */
export function grouped<T extends Check>(checks: readonly T[]): CheckGroup<T>[] {
  const groups = new Map<string, T[]>();
  for (const check of checks) groups.set(check.source, [...(groups.get(check.source) ?? []), check]);
  return [...groups].map(([source, members]) => {
    const known = members.filter(({ status }) => status !== 'unknown');
    return {
      source,
      title: TITLES[source] ?? source,
      checks: worstFirst(members),
      points: known.reduce((sum, { points }) => sum + points, 0),
      maxPoints: known.reduce((sum, { max_points }) => sum + max_points, 0),
      unknown: members.length - known.length,
    };
  });
}

export type Verdict = 'good' | 'warn' | 'bad' | 'none';

/** How bad a status is. */
export function verdict(status: string): Verdict {
  if (status === 'passed') return 'good';
  if (status === 'partial') return 'warn';
  return status === 'unknown' ? 'none' : 'bad';
}

/** How much the whole score would rise if a check were mended, in points of a hundred. */
export function gain(check: Check, checks: readonly Check[]): number {
  const max = checks
    .filter(({ status }) => status !== 'unknown')
    .reduce((sum, { max_points }) => sum + max_points, 0);
  return max === 0 ? 0 : (100 * lost(check)) / max;
}
