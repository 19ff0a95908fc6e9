// What the API's words are called on the page, and how grave they are.

import { titled } from './text';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'danger';

const OUTCOMES: Record<string, { label: string; tone: Tone }> = {
  allowed: { label: 'Allowed', tone: 'neutral' },
  denied: { label: 'Denied by proxy', tone: 'danger' },
  origin_forbidden: { label: 'Forbidden by origin', tone: 'warn' },
  auth_challenge: { label: 'Login challenge', tone: 'accent' },
  aborted: { label: 'Aborted', tone: 'neutral' },
  error: { label: 'Error', tone: 'warn' },
};

export function outcomeLabel(outcome: string): string {
  return OUTCOMES[outcome]?.label ?? titled(outcome);
}

export function outcomeTone(outcome: string): Tone {
  return OUTCOMES[outcome]?.tone ?? 'neutral';
}

const TAGS: Record<string, string> = {
  blocked: 'Blocked',
  flagged: 'Flagged by rules',
  dga: 'Names that look generated',
  ip_literal: 'Bare addresses',
  unusual_port: 'Unusual ports',
  look_alike: 'Look-alike names',
  double_extension: 'Double extensions',
  mime_mismatch: 'Type and name differ',
};

/** Whether a category is a tag of rows; the others are those of rules or of services. */
export function isTag(word: string): boolean {
  return Object.hasOwn(TAGS, word);
}

export function tagLabel(tag: string): string {
  return TAGS[tag] ?? titled(tag);
}

/** How grave one of syslog's severities is. */
export function severityTone(severity: string | null | undefined): Tone {
  switch (severity?.toLowerCase()) {
    case 'emergency':
    case 'alert':
    case 'critical':
    case 'error':
      return 'danger';
    case 'warning':
      return 'warn';
    case 'notice':
      return 'accent';
    default:
      return 'neutral';
  }
}

/** How grave a score is: a row is flagged at 5, unless a setting says otherwise. */
export function scoreTone(score: number, threshold = 5): Tone {
  if (score >= 2 * threshold) return 'danger';
  if (score >= threshold) return 'warn';
  return score > 0 ? 'accent' : 'neutral';
}

/** How grave a security grade is. */
export function gradeTone(score: number): Tone {
  if (score >= 80) return 'ok';
  return score >= 60 ? 'warn' : 'danger';
}
