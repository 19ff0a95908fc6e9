// How far audited actions got.

import type { Tone } from '@/lib/words';

const TONES: Readonly<Record<string, Tone>> = {
  done: 'ok',
  failed: 'danger',
  interrupted: 'danger',
  intent: 'accent',
};

export function stateTone(state: string): Tone {
  return TONES[state] ?? 'neutral';
}
