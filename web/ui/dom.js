// Building elements without markup: children are nodes or text, so that nothing from a log is ever parsed.

import { visible } from '../lib/text.js';

const SVG = 'http://www.w3.org/2000/svg';

/** An element with attributes and children; an attribute that is null or false is left out. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function s(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text from a log: kept apart from its neighbours' direction, with what would not be seen written out. */
export function logText(text, attributes = {}) {
  const parts = visible(text).map((part) =>
    part.escaped ? h('span', { class: 'escaped', title: 'A character that is not shown as such' }, part.text) : part.text);
  return h('bdi', attributes, ...parts);
}

/** The parts of a panel marked `data-…`. */
export function part(panel, name) {
  return panel.querySelector(`[data-${name}]`);
}

/**
 * What a panel says instead of, or above, its data: `null` clears it. `kind` is error, stale, empty or info; `actions`
 * are nodes after the text. A message that is there already stays, so that it is not read out again.
 */
export function note(panel, message, kind = 'info', actions = []) {
  const box = part(panel, 'note');
  const key = message === null ? '' : `${kind} ${message}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.hidden = message === null;
  box.className = `note ${kind}`;
  box.setAttribute('role', kind === 'error' || kind === 'stale' ? 'alert' : 'status');
  box.replaceChildren(...(message === null ? [] : [h('p', {}, message), ...actions]));
}

/** Shows a panel's data or its placeholder. */
export function show(panel, what) {
  panel.setAttribute('aria-busy', String(what === 'loading'));
  const skeleton = part(panel, 'skeleton');
  if (skeleton) skeleton.hidden = what !== 'loading';
  part(panel, 'body').hidden = what !== 'data';
}

/** A button that does something. */
export function button(text, act, attributes = {}) {
  const made = h('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', act);
  return made;
}
