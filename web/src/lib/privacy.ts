// Pseudonyms, and the reasons that are asked for before they are undone.

/** A pseudonym as rows show it. */
const PSEUDONYM = /^([cu])-[a-z2-7]{12}$/;

/** What a text stands for when it is a pseudonym. */
export function pseudonymKind(text: string): 'client' | 'user' | null {
  const found = PSEUDONYM.exec(text.trim());
  if (found === null) return null;
  return found[1] === 'c' ? 'client' : 'user';
}

export const REASON_MIN_CHARS = 10;
export const REASON_MAX_CHARS = 500;

/** What is wrong with a reason, `null` where nothing is. Characters are counted as the server counts them. */
export function reasonFault(reason: string): string | null {
  const chars = [...reason.trim()].length;
  if (chars < REASON_MIN_CHARS)
    return `Write at least ${REASON_MIN_CHARS} characters; it goes into the audit log.`;
  return chars > REASON_MAX_CHARS ? `Write at most ${REASON_MAX_CHARS} characters.` : null;
}
