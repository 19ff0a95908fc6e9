// The page to sign in with, and to choose another password where that is due.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '@/api/me';
import { queryClient } from '@/api/queries';
import { session } from '@/api/session';
import { useView } from '@/lib/hooks';
import { onward } from '@/lib/paths';
import { one } from '@/lib/search';
import { ChangePasswordForm } from '@/shell/change-password-form';
import { SignInForm } from '@/shell/sign-in-form';
import { useDocumentTitle } from '@/ui/title';

export function Login() {
  useDocumentTitle('Sign in');
  const view = useView();
  // Sent here because the password has to be changed first: there is a session, but nothing else is open to it.
  const sent = one(view, 'change') !== undefined;
  const me = useQuery({ ...meQuery, enabled: sent, retry: false });
  const [changing, setChanging] = useState<{ username: string; password: string }>();

  const goOn = () => {
    session.open();
    queryClient.clear();
    location.replace(onward(one(view, 'next'), location.origin));
  };
  const due =
    changing ??
    (me.data?.data.password_change_required ? { username: me.data.data.username, password: '' } : undefined);
  return (
    <main className="flex min-h-screen items-start justify-center px-4 pt-[12vh] pb-8">
      <div className="w-full max-w-88">
        <div className="mb-5 flex items-center justify-center gap-3">
          <img src="/icon.svg" alt="" width="36" height="36" />
          <h1 className="text-2xl font-semibold tracking-tight">Tidegate</h1>
        </div>
        <div className="rounded-lg border border-line bg-surface p-5 panel-shadow">
          {due ? (
            <ChangePasswordForm username={due.username} password={due.password} onDone={goOn} />
          ) : (
            <SignInForm
              onDone={(username, mustChange, password) =>
                mustChange ? setChanging({ username, password }) : goOn()
              }
            />
          )}
        </div>
      </div>
    </main>
  );
}
