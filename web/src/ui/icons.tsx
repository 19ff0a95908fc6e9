// The few icons there are, drawn on a 16 by 16 grid. They only ever stand beside a word or under a name.

import type { ReactNode, SVGProps } from 'react';

export type IconName = keyof typeof SHAPES;

const SHAPES = {
  overview: <path d="M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z" />,
  logs: <path d="M2 3.5h12M2 6.5h12M2 9.5h8M2 12.5h10" />,
  clients: <path d="M2 3h12v7H2zM6 13h4M8 10v3" />,
  domains: (
    <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.500-4-2.500-6S6 4 8 2z" />
  ),
  services: <path d="M5 12a3 3 0 0 1-.3-6A4 4 0 0 1 12 6.500 2.800 2.800 0 0 1 11.500 12z" />,
  files: <path d="M4 2h5l3 3v9H4zM9 2v3h3" />,
  threats: <path d="M8 2l6 11H2zM8 6.500v3M8 11.300v.2" />,
  rules: <path d="M3 3h10v10H3zM5.500 8l2 2 3.500-4" />,
  score: <path d="M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z" />,
  sources: (
    <path d="M8 2c3 0 5 .8 5 2s-2 2-5 2-5-.8-5-2 2-2 5-2zM3 4v8c0 1.200 2 2 5 2s5-.8 5-2V4M3 8c0 1.200 2 2 5 2s5-.8 5-2" />
  ),
  jobs: <path d="M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3l2 1.500" />,
  audit: <path d="M3 2h10v12H3zM5.500 5h5M5.500 8h5M5.500 11h3" />,
  users: (
    <path d="M6 3a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM1.500 13c0-2.500 2-4 4.500-4s4.500 1.500 4.500 4M10.500 3.300a2.300 2.300 0 0 1 0 4.400M12 9.500c1.500.5 2.500 1.800 2.500 3.500" />
  ),
  privacy: <path d="M4 7h8v6H4zM5.500 7V5a2.500 2.500 0 0 1 5 0v2" />,
  settings: <path d="M2 4.500h7M12 4.500h2M2 11.500h2M7 11.500h7M10.500 3v3M5.500 10v3" />,
  about: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.200V11M8 5v.2" />,
  search: <path d="M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.300 10.300L14 14" />,
  menu: <path d="M2 4h12M2 8h12M2 12h12" />,
  close: <path d="M3.500 3.500l9 9M12.500 3.500l-9 9" />,
  down: <path d="M4 6l4 4 4-4" />,
  left: <path d="M10 4L6 8l4 4" />,
  right: <path d="M6 4l4 4-4 4" />,
  plus: <path d="M8 3v10M3 8h10" />,
  check: <path d="M3 8.500l3.500 3.500L13 4.500" />,
  clock: <path d="M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3l2 1.500" />,
  sun: (
    <path d="M8 5.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600zM8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9" />
  ),
  moon: <path d="M13 9.500A5.500 5.500 0 0 1 6.500 3 5.500 5.500 0 1 0 13 9.500z" />,
  user: (
    <path d="M8 2.500a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400zM2.800 13.500c.3-2.600 2.500-4 5.200-4s4.900 1.400 5.200 4" />
  ),
  table: <path d="M2 3h12v10H2zM2 6.500h12M6.500 3v10" />,
  chart: <path d="M2 13.500h12M4 11V8M8 11V4M12 11V6" />,
  columns: <path d="M2 3h12v10H2zM6 3v10M10 3v10" />,
  download: <path d="M8 2v8M4.500 7L8 10.500 11.500 7M2.500 13.500h11" />,
  play: <path d="M5 3l8 5-8 5z" />,
  pause: <path d="M5 3v10M11 3v10" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.500-3.500L13 6M13 2.500V6H9.500" />,
  link: (
    <path d="M6.500 9.500l3-3M7 4.500l1-1a3 3 0 0 1 4.300 4.300l-1 1M9 11.500l-1 1A3 3 0 0 1 3.700 8.200l1-1" />
  ),
  copy: <path d="M6 5h7v8H6zM4 10.500H3v-8h7v1" />,
  filter: <path d="M2 3.500h12L9.500 8.500V13l-3-1.500v-3z" />,
  keyboard: <path d="M1.500 4h13v8h-13zM4 7h.1M6.600 7h.1M9.200 7h.1M11.900 7h.1M5 9.500h6" />,
  masked: (
    <path d="M2 8c1.500-2.500 3.500-3.800 6-3.800S12.500 5.500 14 8c-1.500 2.500-3.500 3.800-6 3.800S3.500 10.500 2 8zM3 13L13 3" />
  ),
} satisfies Record<string, ReactNode>;

/** An icon; it says nothing to a screen reader, the word beside it does. */
export function Icon({ name, ...rest }: { name: IconName } & SVGProps<SVGSVGElement>) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      {...rest}
      className={`shrink-0 ${rest.className ?? ''}`}
    >
      {SHAPES[name]}
    </svg>
  );
}
