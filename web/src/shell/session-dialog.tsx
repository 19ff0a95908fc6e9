// The session has ended under the page: sign in again in front of it, and nothing on it is lost.

import { queryClient } from '@/api/queries';
import { session } from '@/api/session';
import { Dialog } from '@/ui/dialog';
import { SignInForm } from './sign-in-form';

export function SessionDialog({ username }: { username: string }) {
  const done = (who: string, mustChange: boolean) => {
    // Somebody else must not see what this page holds.
    if (who !== username) {
      location.assign('/');
      return;
    }
    if (mustChange) session.askForChange();
    else session.open();
    void queryClient.invalidateQueries();
  };
  return (
    <Dialog
      open
      insist
      onOpenChange={() => {}}
      title="Your session has ended"
      description="Sign in to go on where you are. Nothing on the page is lost."
    >
      <SignInForm username={username} onDone={done} />
    </Dialog>
  );
}
