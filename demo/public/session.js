/** Who this window is: the token that the page was rendered with, and a fresh one before it expires. */
const renewBeforeMs = 120_000;

let token = document.querySelector('script[data-auth-token]').dataset.authToken;

/** The token to send now. Rejects once the session has ended. */
export async function currentToken() {
  if (expiry(token) - Date.now() > renewBeforeMs) return token;
  const response = await fetch('/session/renew', {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  token = answer.token;
  return token;
}

/** Asks the demo's own server for JSON; rejects with what it says against that. */
export function get(path) {
  return ask(path, {});
}

/** Posts JSON to the demo's own server; rejects with what it says against that. */
export function post(path, body = {}) {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask(path, { headers, ...options }) {
  const authorization = { Authorization: `Bearer ${await currentToken()}` };
  const response = await fetch(path, { ...options, headers: { ...headers, ...authorization } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

/** When a token expires, in milliseconds since 1970. */
function expiry(jwt) {
  const claims = jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
  return JSON.parse(atob(claims)).exp * 1000;
}
