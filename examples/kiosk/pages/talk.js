// Talking to the server. Every request that changes something carries the header that a form of another site can't send.

/** @returns {Promise<{ok: boolean, status: number, error: string|null}>} status 0: the server wasn't reached. */
export async function post(path, body = {}, headers = {}) {
  const raw = body instanceof Blob;
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": raw ? body.type || "application/octet-stream" : "application/json", "X-Kiosk": "1", ...headers },
      body: raw ? body : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
    });
    let error = null;
    if (!answer.ok) error = (await answer.json().catch(() => ({}))).error ?? String(answer.status);
    return { ok: answer.ok, status: answer.status, error };
  } catch {
    return { ok: false, status: 0, error: "unreachable" };
  }
}

export async function get(path) {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Listens to the server's events: `on.state`, `on.desk`, and `on.line(up)` when the line goes down or comes back. */
export function listen(view, on) {
  let source = null;
  let again = 0;
  const open = () => {
    source = new EventSource(`/events?view=${view}`);
    source.addEventListener("open", () => on.line?.(true));
    source.addEventListener("error", () => {
      on.line?.(false);
      // The browser tries again by itself, but not after an answer that isn't an event stream.
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(again);
        again = setTimeout(open, 3000);
      }
    });
    for (const name of ["state", "desk"]) {
      source.addEventListener(name, (event) => on[name]?.(JSON.parse(event.data)));
    }
  };
  open();
}
