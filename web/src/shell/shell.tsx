// The frame around every page: who is signed in, the sidebar, the header. Without anybody signed in there is no page.

import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { ApiError } from '@/api/error';
import { meQuery } from '@/api/me';
import { session } from '@/api/session';
import { Failed, Loading } from '@/ui/panel';
import { isTheme, setTheme } from '@/ui/theme';
import { Header } from './header';
import { Palette } from './palette';
import { SessionDialog } from './session-dialog';
import { Shortcuts } from './shortcuts';
import { Sidebar } from './sidebar';

export function Shell() {
  const me = useQuery(meQuery);
  const state = useSyncExternalStore(session.subscribe, session.state);
  const { pathname } = useLocation();
  const [navigating, setNavigating] = useState(false);
  // The account's theme goes where the account goes.
  const theme = me.data?.data.theme;
  useEffect(() => {
    if (isTheme(theme)) setTheme(theme);
  }, [theme]);

  if (me.data === undefined) {
    if (me.error instanceof ApiError && me.error.status === 401) return <ToLogin />;
    return (
      <main className="mx-auto max-w-xl p-6">
        <h1 className="sr-only">Tidegate</h1>
        {me.error ? (
          <Failed error={me.error} retry={me.refetch} busy={me.isFetching} />
        ) : (
          <Loading height={240} />
        )}
      </main>
    );
  }
  if (me.data.data.password_change_required || state === 'change_password') {
    return <ToLogin change />;
  }
  return (
    <div className="min-h-screen lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the content
      </a>
      <Sidebar open={navigating} onOpenChange={setNavigating} />
      <div className="min-w-0">
        <Header onMenu={() => setNavigating(true)} />
        <main
          id="content"
          tabIndex={-1}
          key={pathname}
          className="mx-auto max-w-[150rem] p-3 outline-none sm:p-4"
        >
          <Outlet />
        </main>
      </div>
      <Palette />
      <Shortcuts />
      {state === 'ended' && <SessionDialog username={me.data.data.username} />}
    </div>
  );
}

/** Goes to sign in, and back here afterwards. Once: on the way there the address is another one already. */
function ToLogin({ change = false }: { change?: boolean }) {
  const navigate = useNavigate();
  const { latestLocation } = useRouter();
  const [next] = useState(latestLocation.href);
  useEffect(() => {
    void navigate({ to: '/login', search: { next, ...(change ? { change: '1' } : {}) }, replace: true });
  }, [navigate, next, change]);
  return null;
}
