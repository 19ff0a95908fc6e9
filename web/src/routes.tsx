// Every page and its address. Pages are loaded when they are first gone to.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type SearchMiddleware,
} from '@tanstack/react-router';
import { meQuery } from './api/me';
import { queryClient } from './api/queries';
import { parseSearch, stringifySearch, type Search } from './lib/search';
import { NotFound } from './shell/not-found';
import { PageFailed } from './shell/page-failed';
import { Shell } from './shell/shell';
import { Loading } from './ui/panel';

/** The time range goes along from page to page; a link that names one of its own keeps that. */
const keepRange: SearchMiddleware<Search> = ({ search, next }) => {
  const there = next(search);
  const named = ['range', 'from', 'to'].some((name) => Object.hasOwn(there, name));
  return named ? there : { ...there, range: search['range'], from: search['from'], to: search['to'] };
};

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>) => search as Search,
  component: Outlet,
  notFoundComponent: NotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('./pages/login'), 'Login'),
});

/** What needs somebody signed in. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: Shell,
  // Asked beside the page's code, which is what the shell waits for.
  loader: () => void queryClient.prefetchQuery(meQuery),
  search: { middlewares: [keepRange] },
});

const parent = { getParentRoute: () => app };

const pages = [
  createRoute({
    ...parent,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/overview'), 'Overview'),
  }),
  createRoute({
    ...parent,
    path: '/logs',
    component: lazyRouteComponent(() => import('./pages/logs'), 'Logs'),
  }),
  createRoute({
    ...parent,
    path: '/clients',
    component: lazyRouteComponent(() => import('./pages/clients'), 'Clients'),
  }),
  createRoute({
    ...parent,
    path: '/clients/$client',
    component: lazyRouteComponent(() => import('./pages/client'), 'Client'),
  }),
  createRoute({
    ...parent,
    path: '/domains',
    component: lazyRouteComponent(() => import('./pages/domains'), 'Domains'),
  }),
  createRoute({
    ...parent,
    path: '/domains/$domain',
    component: lazyRouteComponent(() => import('./pages/domain'), 'Domain'),
  }),
  createRoute({
    ...parent,
    path: '/services',
    component: lazyRouteComponent(() => import('./pages/services'), 'Services'),
  }),
  createRoute({
    ...parent,
    path: '/files',
    component: lazyRouteComponent(() => import('./pages/files'), 'Files'),
  }),
  createRoute({
    ...parent,
    path: '/threats',
    component: lazyRouteComponent(() => import('./pages/threats'), 'Threats'),
  }),
  createRoute({
    ...parent,
    path: '/findings/$id',
    component: lazyRouteComponent(() => import('./pages/finding'), 'Finding'),
  }),
  createRoute({
    ...parent,
    path: '/rules',
    component: lazyRouteComponent(() => import('./pages/rules'), 'Rules'),
  }),
  createRoute({
    ...parent,
    path: '/rules/$id',
    component: lazyRouteComponent(() => import('./pages/rule'), 'Rule'),
  }),
  createRoute({
    ...parent,
    path: '/score',
    component: lazyRouteComponent(() => import('./pages/score'), 'Score'),
  }),
  createRoute({
    ...parent,
    path: '/sources',
    component: lazyRouteComponent(() => import('./pages/sources'), 'Sources'),
  }),
  createRoute({
    ...parent,
    path: '/jobs',
    component: lazyRouteComponent(() => import('./pages/jobs'), 'Jobs'),
  }),
  createRoute({
    ...parent,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit'), 'Audit'),
  }),
  createRoute({
    ...parent,
    path: '/users',
    component: lazyRouteComponent(() => import('./pages/users'), 'Users'),
  }),
  createRoute({
    ...parent,
    path: '/privacy',
    component: lazyRouteComponent(() => import('./pages/privacy'), 'Privacy'),
  }),
  createRoute({
    ...parent,
    path: '/settings',
    component: lazyRouteComponent(() => import('./pages/settings'), 'Settings'),
  }),
  createRoute({
    ...parent,
    path: '/about',
    component: lazyRouteComponent(() => import('./pages/about'), 'About'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([login, app.addChildren(pages)]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
  defaultPendingComponent: () => <Loading height={320} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
