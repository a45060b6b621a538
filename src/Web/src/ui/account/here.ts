import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { AccountApi } from "../../accountApi";
import type { Api } from "../../api";
import type { Identity } from "../../identity";
import type { Live } from "../../live";
import { Problem } from "../../problem";
import { toastProblem } from "../../toasts";
import { forgetTyped } from "../../unsent";
import { wayBack } from "../../ways";

/** What every page about a person's account has at hand. */
export interface Here {
  readonly api: Api;
  readonly account: AccountApi;
  readonly live: Live;
  readonly identity: Identity;
  /** For a live connection that is refused: asks whether this browser still is who it was. */
  readonly doubt: () => void;
  /** The secret of the link that led here. Used up by a press and never by loading the page: mail filters open links too. */
  readonly token: string | null;
  /** What the server said when it was asked for a mail and sends none; null as long as it may. */
  readonly mailOff: Signal<string | null>;
}

export const HereContext = createContext<Here | null>(null);

export function useHere(): Here {
  const here = useContext(HereContext);
  if (!here) throw new Error("This page is not shown by show().");
  return here;
}

/** Carries out a press whose refusal is told in a toast. */
export async function carryOut({ identity }: Here, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // The banner of the ended session says it already.
    if (!identity.refused(error)) toastProblem(error);
  }
}

/** Loads what shows its own refusal. */
export async function load({ identity }: Here, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    identity.refused(error);
  }
}

/** Asks for a mail; answers whether it is on its way. That the site sends none is no passing failure: no way leads there from then on. */
export async function askForMail({ mailOff }: Here, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof Problem && error.is("mail-off"))) throw error;
    mailOff.value = error.message;
    return false;
  }
}

/** Signed out or deleted: this browser is nobody any more, in no tab. */
export function left({ identity }: Here): void {
  forgetTyped();
  identity.became(null, true);
}

/** Back to where the person came from; the form they leave is not to be found again behind the back button. */
export function goBack(): Promise<never> {
  return leaveFor(wayBack());
}

/** Never resolves: until the other page is there, nothing on this one is to be pressed again. */
export function leaveFor(address: string): Promise<never> {
  location.replace(address);
  return new Promise(() => {});
}
