// The sections of the settings, to go to.

import type { Section } from '@/lib/settings-form';

/** The name of a section's place in the page. */
export function sectionId(name: string): string {
  return `section-${name}`;
}

export function SectionNav({ sections }: { sections: readonly Section[] }) {
  const goTo = (name: string) => {
    const place = document.getElementById(sectionId(name));
    place?.scrollIntoView({ block: 'start' });
    place?.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true });
  };
  return (
    <nav aria-label="Sections" className="sticky top-16 hidden xl:block">
      <ul className="space-y-0.5">
        {sections.map(({ name, title }) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => goTo(name)}
              className="w-full rounded-md px-2 py-1 text-left text-muted hover:bg-hover hover:text-ink"
            >
              {title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
