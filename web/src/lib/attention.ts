// What an administrator should look at, worst first: the first five seconds of the overview.

import { duration, number } from './units';
import type { Search } from './search';
import type { Tone } from './words';

export interface Attention {
  tone: Tone;
  text: string;
  /** Where to look. */
  to: '/logs' | '/sources' | '/threats' | '/score';
  search?: Search;
}

export interface Seen {
  sources: readonly { name: string; state: string; reason?: string | null; dropped: number }[];
  lagSeconds: number | undefined;
  /** Since a line was last stored; undefined where none ever was. */
  silentMs: number | undefined;
  openFindings: number | undefined;
  flagged: number | null | undefined;
  score: number | undefined;
  rejected: number | undefined;
}

const LATE_S = 300;
const SILENT_MS = 15 * 60_000;
const GRAVITY: Record<Tone, number> = { danger: 0, warn: 1, accent: 2, neutral: 3, ok: 4 };

export function attentionOf(seen: Seen): Attention[] {
  const found: Attention[] = [];
  for (const { name, state, reason, dropped } of seen.sources) {
    if (state === 'degraded') {
      found.push({
        tone: 'danger',
        text: `Source ${name} is degraded${reason ? `: ${reason}` : ''}`,
        to: '/sources',
      });
    }
    if (dropped > 0)
      found.push({ tone: 'danger', text: `Source ${name} lost ${counted(dropped, 'line')}`, to: '/sources' });
  }
  if ((seen.lagSeconds ?? 0) > LATE_S) {
    found.push({
      tone: 'warn',
      text: `Lines are stored ${duration((seen.lagSeconds ?? 0) * 1000)} late`,
      to: '/sources',
    });
  }
  if (seen.silentMs !== undefined && seen.silentMs > SILENT_MS) {
    found.push({ tone: 'accent', text: `No line was stored for ${duration(seen.silentMs)}`, to: '/sources' });
  }
  if (seen.openFindings)
    found.push({ tone: 'danger', text: counted(seen.openFindings, 'open finding'), to: '/threats' });
  if (seen.flagged) {
    found.push({
      tone: 'warn',
      text: counted(seen.flagged, 'flagged request'),
      to: '/logs',
      search: { tag: 'flagged' },
    });
  }
  if (seen.score !== undefined && seen.score < 60) {
    found.push({
      tone: seen.score < 40 ? 'danger' : 'warn',
      text: `Security score ${seen.score} of 100`,
      to: '/score',
    });
  }
  if (seen.rejected)
    found.push({
      tone: 'accent',
      text: `${counted(seen.rejected, 'line')} could not be read`,
      to: '/sources',
    });
  return found.sort((one, other) => GRAVITY[one.tone] - GRAVITY[other.tone]);
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}
