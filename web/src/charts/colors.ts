// Colours of main.css as a canvas takes them: `light-dark()` and the like are resolved by the browser.

/** The colour as it is now; it changes with the theme. */
export function resolved(host: Element, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${color})`;
  probe.style.display = 'none';
  host.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
