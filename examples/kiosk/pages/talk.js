// Talking to the server. Every request that changes something carries the header that a form of another site can't send.

// Which program this page belongs to, by what its first state said. When that one ends, another program of this computer
// may take its port: it must get nothing that is typed here. So nothing is sent while the line is down, nor after a state
// that says otherwise.
let launch = null;
let sure = false;

/** @returns {Promise<{ok: boolean, status: number, error: string|null}>} status 0: the server wasn't reached. */
export async function post(path, body = {}, headers = {}) {
  if (!sure) return { ok: false, status: 0, error: "unreachable" };
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

/**
 * Listens to the server's events: `on.state`, `on.desk`, and `on.line(up, other)` when the line goes down or comes back;
 * `other`: another program answers now, and the page has to be opened anew.
 */
export function listen(view, on) {
  let source = null;
  let again = 0;
  const lost = (other) => {
    sure = false;
    on.line?.(false, other);
  };
  const take = (name, data) => {
    if (name === "state") {
      if (typeof data.launch === "string" && data.launch.length === 64) launch ??= data.launch;
      if (launch === null || data.launch !== launch) {
        source.close();
        lost(true);
        return;
      }
      sure = true;
      on.line?.(true, false);
    }
    if (sure) on[name]?.(data);
  };
  const open = () => {
    source = new EventSource(`/events?view=${view}`);
    source.addEventListener("error", () => {
      lost(false);
      // The browser tries again by itself, but not after an answer that isn't an event stream.
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(again);
        again = setTimeout(open, 3000);
      }
    });
    for (const name of ["state", "desk"]) {
      source.addEventListener(name, (event) => take(name, JSON.parse(event.data)));
    }
  };
  open();
}
