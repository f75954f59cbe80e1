/**
 * The token of a server that others reach, too: it comes in the address that `hamlet up` prints (#token=…), is taken out
 * of it, so that nobody shares it with a link, and is kept for reloads of this tab.
 */

/** What is offered as subprotocols of the WebSocket: a page can set no header, and an address may be logged. */
export function subprotocols(): string[] {
  const token = takeToken();
  return token === null ? [SUBPROTOCOL] : [SUBPROTOCOL, `${SUBPROTOCOL}-token.${token}`];
}

function takeToken(): string | null {
  const values = new URLSearchParams(location.hash.slice(1));
  const token = values.get("token");
  // Anything else could not be said as a subprotocol (RFC 6455 section 4.1), and is no token of ours.
  if (token === null || !/^[\w-]+$/.test(token)) return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, token);
  values.delete("token");
  const rest = values.toString();
  history.replaceState(null, "", location.pathname + location.search + (rest === "" ? "" : `#${rest}`));
  return token;
}

const SUBPROTOCOL = "hamlet";
const KEY = "hamlet-token";
