import { render } from "preact";
import { Api } from "./api";
import { Live } from "./live";
import { codeOf, RoomPage } from "./roomPage";
import "./style/index.css";
import { App } from "./ui/App";

const api = new Api();
const live = new Live(api);
const page = new RoomPage(codeOf(new URL(location.href)), api, live);

const root = document.getElementById("app");
if (root) render(<App page={page} />, root);
void page.open();
void live.start();
addEventListener("online", () => live.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") live.wake();
});
