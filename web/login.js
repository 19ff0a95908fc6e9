// The page to log in with: name and password, a code where one is asked for, and another password where that is due.
// Stands alone, since nothing else is served to whoever is not logged in.

const login = document.getElementById('login');
const change = document.getElementById('change');
const fault = document.getElementById('fault');
const totp = document.getElementById('totp');

/** POSTs JSON to this origin; answers status, body and how long to wait. Throws only where nothing answered. */
async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json().catch(() => ({}));
  return { status: response.status, answer, wait: Number(response.headers.get('retry-after')) };
}

function say(text) {
  fault.textContent = text;
  fault.hidden = text === '';
}

/** What went wrong, for whoever sits there. */
function words({ status, answer, wait }, otherwise) {
  if (status === 429) {
    const minutes = Math.ceil(wait / 60);
    return `Too many failed tries. Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`;
  }
  if (status === 503) return 'The server is busy. Try again in a moment.';
  if (status >= 500) return `The server failed (request ${answer.request_id ?? 'unknown'}).`;
  return otherwise ?? answer.detail ?? `The server answered ${status}.`;
}

// A page of this origin: what a browser would read as another site's address is not gone on to. Nor is a path that
// begins with `//` once its dots are resolved, as that of `/.//host` does: read again it is a host.
function onward() {
  const wanted = new URLSearchParams(location.search).get('next') ?? '/';
  const there = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : undefined;
  const here = wanted.startsWith('/') && there?.origin === location.origin && !there.pathname.startsWith('//');
  location.replace(here ? there.href : '/');
}

/** Runs one try at a time, with its button off meanwhile. */
function submitting(form, act) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const submit = form.querySelector('[type="submit"]');
    if (submit.disabled) return;
    submit.disabled = true;
    try {
      await act(Object.fromEntries(new FormData(form)));
    } catch {
      say('The server can’t be reached. Is Tidegate still running?');
    } finally {
      submit.disabled = false;
    }
  });
}

submitting(login, async ({ username, password, totp: code }) => {
  const tried = await post('/login', { username, password, ...(code ? { totp: code } : {}) });
  if (tried.status === 200) {
    say('');
    if (tried.answer.data.password_change_required) askForChange(username, password);
    else onward();
    return;
  }
  const box = login.elements.totp;
  if (tried.answer.errors?.totp) {
    const asked = !totp.hidden;
    totp.hidden = false;
    box.disabled = false;
    box.value = '';
    box.focus();
    say(asked ? 'That code is wrong or was used. Wait for the next one.' : '');
    return;
  }
  say(words(tried, tried.status === 401 ? 'User or password is wrong.' : undefined));
  login.elements.password.select();
});

function askForChange(username, password) {
  login.hidden = true;
  change.hidden = false;
  change.elements.username.value = username;
  change.elements.current_password.value = password;
  (password ? change.elements.new_password : change.elements.current_password).focus();
}

submitting(change, async ({ current_password, new_password, again }) => {
  if (new_password !== again) {
    say('The two new passwords differ.');
    change.elements.again.select();
    return;
  }
  const tried = await post('/api/change-password', { current_password, new_password });
  if (tried.status === 200) {
    onward();
    return;
  }
  const weak = tried.answer.errors?.new_password?.[0];
  const wrong = tried.status === 403 ? 'Your present password is not that.' : undefined;
  say(words(tried, weak ? `The new password is ${weak}.` : wrong));
  change.elements[weak ? 'new_password' : 'current_password'].select();
});

document.getElementById('leave').addEventListener('click', async () => {
  await post('/logout', {}).catch(() => {});
  location.replace('/login');
});

// Sent here because the password has to be changed first: there is a session, but nothing else is open to it.
if (new URLSearchParams(location.search).has('change')) {
  const response = await fetch('/api/auth/me', { headers: { accept: 'application/json' } }).catch(() => null);
  if (response?.ok) askForChange((await response.json()).data.username, '');
}
