// The head of a page, and the page that a reader may not see.

import type { ReactNode } from 'react';
import { useDocumentTitle } from './title';

export function Page({
  title,
  note,
  actions,
  children,
}: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useDocumentTitle(title);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold wrap-anywhere">{title}</h1>
          {note && <p className="text-muted">{note}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}

/** Instead of a page one's role doesn't open. */
export function NotAllowed({ title, needs }: { title: string; needs: string }) {
  return (
    <Page title={title}>
      <p className="max-w-prose text-muted">
        This page needs the right <code className="font-mono">{needs}</code>, which your account does not
        have. Ask an administrator for it.
      </p>
    </Page>
  );
}
