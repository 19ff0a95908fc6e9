// What the API's words are called on the page.

import { h } from './dom.js';

/** Outcomes by name. */
export const OUTCOME_WORDS = {
  allowed: 'Allowed',
  denied: 'Denied by proxy',
  origin_forbidden: 'Forbidden by origin',
  auth_challenge: 'Login challenge',
  aborted: 'Aborted',
  error: 'Error',
};

/** An outcome as a badge: the word says it, the colour only helps. */
export function badge(outcome) {
  const known = Object.hasOwn(OUTCOME_WORDS, outcome);
  return h('span', { class: `badge ${known ? outcome : ''}` }, known ? OUTCOME_WORDS[outcome] : String(outcome));
}
