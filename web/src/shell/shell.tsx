// The frame around every page: who is signed in, the sidebar, the header. Without anybody signed in there is no page.

import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useState, useSyncExternalStore } from 'react';
import { ApiError } from '@/api/error';
import { meQuery } from '@/api/me';
import { session } from '@/api/session';
import { Failed, Loading } from '@/ui/panel';
import { Header } from './header';
import { Palette } from './palette';
import { SessionDialog } from './session-dialog';
import { Shortcuts } from './shortcuts';
import { Sidebar } from './sidebar';

export function Shell() {
  const me = useQuery(meQuery);
  const state = useSyncExternalStore(session.subscribe, session.state);
  const { href, pathname } = useLocation();
  const [navigating, setNavigating] = useState(false);

  // On the way to sign in already: going there once more would name that page as the one to come back to, for ever.
  if (pathname === '/login') return null;
  if (me.data === undefined) {
    if (me.error instanceof ApiError && me.error.status === 401)
      return <Navigate to="/login" search={{ next: href }} replace />;
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
    return <Navigate to="/login" search={{ next: href, change: '1' }} replace />;
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
