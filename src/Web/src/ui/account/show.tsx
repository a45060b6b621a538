import { signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { AccountApi } from "../../accountApi";
import { fullJitter, pause } from "../../backoff";
import { Problem } from "../../problem";
import { type Here, HereContext } from "./here";
import { MePage } from "./MePage";
import { PeoplePage } from "./PeoplePage";
import { RegisterPage } from "./RegisterPage";
import { ResetPage } from "./ResetPage";
import { SetupPage } from "./SetupPage";
import { Shell } from "./Shell";
import { SignInPage } from "./SignInPage";
import { VerifyPage } from "./VerifyPage";
import "../../style/account.css";

const pages: Record<string, { readonly title: string; readonly Page: ComponentType }> = {
  "/me": { title: "Me", Page: MePage },
  "/sign-in": { title: "Sign in", Page: SignInPage },
  "/register": { title: "Register", Page: RegisterPage },
  "/verify": { title: "Confirm e-mail", Page: VerifyPage },
  "/reset": { title: "New password", Page: ResetPage },
  "/setup": { title: "Set up", Page: SetupPage },
  "/admin/people": { title: "People", Page: PeoplePage },
};

const unknown = { title: "Not found", Page: () => <p class="panel">There is nothing at this address.</p> };

/** Shows the page of a path, once it is known who this browser is. */
export async function show(
  root: HTMLElement,
  path: string,
  at: Omit<Here, "account" | "mailOff">,
): Promise<void> {
  const here: Here = { ...at, account: new AccountApi(at.api.http), mailOff: signal(null) };
  const { title, Page } = pages[path.replace(/\/$/, "")] ?? unknown;
  const phase = signal<"asking" | "away" | "known">("asking");
  document.title = title;
  render(
    <HereContext.Provider value={here}>
      <Shell title={title} phase={phase}>
        <Page />
      </Shell>
    </HereContext.Provider>,
    root,
  );
  for (let attempt = 0; phase.value !== "known"; attempt++) {
    try {
      await here.identity.load();
      phase.value = "known";
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      phase.value = "away";
      await pause(fullJitter(attempt, 2000, 15_000));
    }
  }
}
