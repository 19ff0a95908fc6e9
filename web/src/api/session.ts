// Whether the session still holds. It is found out by the answers of the API, and told to whoever listens.

export type SessionState = 'open' | 'ended' | 'change_password';

type Listener = () => void;

let state: SessionState = 'open';
const listeners = new Set<Listener>();

function become(next: SessionState) {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

export const session = {
  state: (): SessionState => state,
  /** An answer was 401: whoever sits there has to sign in again. */
  end: () => become('ended'),
  /** An answer was 403 until the password is changed. */
  askForChange: () => become('change_password'),
  /** Signed in, and nothing else is asked for. */
  open: () => become('open'),
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
