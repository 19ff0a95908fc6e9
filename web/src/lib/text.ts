// Text from logs is written by strangers. It only ever becomes text; here it is also made honest: what a screen would
// not show, or would use to reorder its neighbours, is written out as \u{…}.

// C0 and C1 controls, soft hyphen, zero-width and bidirectional controls, separators, invisible operators, variation
// selectors, byte order mark, interlinear marks, lone surrogates, and the invisible tag characters.
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\u{d800}-\u{dfff}\u{e0000}-\u{e0fff}]+/gu;

export interface TextPart {
  text: string;
  /** Stands for characters that would not be seen. */
  escaped: boolean;
}

/** What most text is; this is found out in a fraction of the time that the pattern above takes. */
const PLAIN = /^[\x20-\x7e]+$/;

/** Splits text into what is seen as it is, and what is written out. */
export function visible(text: string): TextPart[] {
  if (PLAIN.test(text)) return [{ text, escaped: false }];
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), escaped: false });
    parts.push({ text: Array.from(match[0], escape).join(''), escaped: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), escaped: false });
  return parts;
}

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** At most `length` UTF-16 units, without cutting a character in two; the last one is an ellipsis when cut. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Whether a value stands for another that this reader may not see: `c-…` and `u-…`, or three stars. */
export function isMasked(text: string | null | undefined): boolean {
  return text === '***' || /^[cu]-[a-z2-7]{12}$/.test(text ?? '');
}

/** `origin_forbidden` as `Origin forbidden`. */
export function titled(word: string): string {
  const words = word.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A cause, as the API says it, as a sentence of its own. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
