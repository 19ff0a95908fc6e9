// The pages in the order of the sidebar and the command palette.

import type { Scope } from '@/api/me';
import type { IconName } from '@/ui/icons';

export interface Destination {
  to: PagePath;
  label: string;
  icon: IconName;
  /** Other words somebody may look for. */
  words?: string;
  /** What it takes to see it. Without it the page says so; the sidebar leaves it out. */
  needs?: Scope;
}

export type PagePath =
  | '/'
  | '/logs'
  | '/clients'
  | '/domains'
  | '/services'
  | '/files'
  | '/threats'
  | '/rules'
  | '/score'
  | '/sources'
  | '/jobs'
  | '/audit'
  | '/users'
  | '/privacy'
  | '/settings'
  | '/about';

export const NAVIGATION: readonly { title: string; pages: readonly Destination[] }[] = [
  {
    title: 'Monitor',
    pages: [
      { to: '/', label: 'Overview', icon: 'overview', words: 'home start dashboard' },
      { to: '/logs', label: 'Logs', icon: 'logs', words: 'requests lines search live tail' },
    ],
  },
  {
    title: 'Traffic',
    pages: [
      { to: '/clients', label: 'Clients', icon: 'clients', words: 'addresses users hosts' },
      { to: '/domains', label: 'Domains', icon: 'domains', words: 'destinations sites' },
      { to: '/services', label: 'Services', icon: 'services', words: 'shadow it cloud sanctioned' },
      { to: '/files', label: 'Files and agents', icon: 'files', words: 'extensions user agents methods' },
    ],
  },
  {
    title: 'Security',
    pages: [
      { to: '/threats', label: 'Threats', icon: 'threats', words: 'findings attack waf categories' },
      { to: '/rules', label: 'Rules', icon: 'rules', words: 'waf seclang regex test explain' },
      { to: '/score', label: 'Security score', icon: 'score', words: 'posture checks grade' },
    ],
  },
  {
    title: 'Administration',
    pages: [
      { to: '/sources', label: 'Sources', icon: 'sources', words: 'ingest rejects lag blind spots' },
      {
        to: '/jobs',
        label: 'Jobs and archives',
        icon: 'jobs',
        needs: 'logs:export',
        words: 'schedule retention maintenance',
      },
      { to: '/audit', label: 'Audit', icon: 'audit', needs: 'audit:read', words: 'who did what' },
      {
        to: '/users',
        label: 'Users and keys',
        icon: 'users',
        words: 'accounts api keys password totp profile',
      },
      { to: '/privacy', label: 'Privacy', icon: 'privacy', words: 'gdpr reveal erase export masking' },
      { to: '/settings', label: 'Settings', icon: 'settings', needs: 'admin', words: 'configuration' },
      { to: '/about', label: 'About', icon: 'about', words: 'version licence health' },
    ],
  },
];
