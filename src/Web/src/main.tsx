import { render } from "preact";
import { Api } from "./api";
import { Identity } from "./identity";
import { Live } from "./live";
import { Problem } from "./problem";
import { codeOf, RoomPage } from "./roomPage";
import { forgetTyped } from "./unsent";
import { rememberRoom, secretIn } from "./ways";
import "./style/index.css";
import { App } from "./ui/App";

const api = new Api();
const live = new Live(api);
const tabs = new BroadcastChannel("who");
const identity = new Identity(
  api,
  (left) => tabs.postMessage({ left }),
  (accessToken) => live.authenticate(accessToken),
);
const url = new URL(location.href);
const token = secretIn(url, "token");
const hostToken = secretIn(url, "host");
// A link's secret stays neither in the address bar of a shared screen nor in a bookmark or the history.
if (token || hostToken) history.replaceState(null, "", url.pathname + url.search);

async function check(): Promise<void> {
  try {
    if (!(await identity.check())) location.reload();
  } catch (error) {
    // Whoever cannot be asked now is asked at the next act or connection.
    if (!(error instanceof Problem)) throw error;
  }
}

/** A connection that is refused may be refused because the session has ended. */
function doubt(): void {
  if (identity.me.peek()) void check();
}

const root = document.getElementById("app") as HTMLElement;
let room: RoomPage | null = null;
if (url.pathname === "/" || url.pathname.startsWith("/r/")) showRoom();
else
  void import("./ui/account/show").then(({ show }) =>
    show(root, url.pathname, { api, live, identity, doubt, token }),
  );

function showRoom(): void {
  const page = new RoomPage(codeOf(url), api, live, undefined, identity);
  room = page;
  rememberRoom(url);
  render(<App page={page} />, root);
  void page.open().then(() => (hostToken ? page.becomeHost(hostToken) : undefined));
  void live.start(doubt);
}

tabs.addEventListener("message", ({ data }: MessageEvent<{ left: boolean } | null>) => {
  // Null: of a tab that has had its page since before there was more to tell.
  if (data?.left) {
    room?.store.discardAll();
    forgetTyped();
  }
  void check();
});
// A link that is pasted into the tab of its own page changes nothing but what is behind the #.
addEventListener("hashchange", () => {
  const now = new URL(location.href);
  if (secretIn(now, "token") || secretIn(now, "host")) location.reload();
});
addEventListener("online", () => live.wake());
api.http.onBack = () => live.wake();
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.wake();
});
