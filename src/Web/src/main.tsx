import { render } from "preact";
import { Api } from "./api";
import { Live } from "./live";
import { codeOf, hostTokenOf, RoomPage } from "./roomPage";
import "./style/index.css";
import { App } from "./ui/App";

const api = new Api();
const live = new Live(api);
const url = new URL(location.href);
const page = new RoomPage(codeOf(url), api, live);
const hostToken = hostTokenOf(url);
// The link is a secret: it stays neither in the address bar of a shared screen nor in a bookmark.
if (hostToken) history.replaceState(null, "", url.pathname + url.search);

const root = document.getElementById("app");
if (root) render(<App page={page} />, root);
void page.open().then(() => (hostToken ? page.becomeHost(hostToken) : undefined));
void live.start();
addEventListener("online", () => live.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.wake();
});
