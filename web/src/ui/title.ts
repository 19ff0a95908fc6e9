import { useEffect } from 'react';

/** Names the browser's tab. */
export function useDocumentTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Tidegate`;
  }, [title]);
}
