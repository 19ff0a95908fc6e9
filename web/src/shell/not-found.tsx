import { Link } from '@tanstack/react-router';
import { useDocumentTitle } from '@/ui/title';

export function NotFound() {
  useDocumentTitle('Not found');
  return (
    <main className="p-6">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="mt-2 text-muted">
        The address may be mistyped, or from another version.{' '}
        <Link to="/" className="text-accent underline">
          Go to the overview
        </Link>
      </p>
    </main>
  );
}
