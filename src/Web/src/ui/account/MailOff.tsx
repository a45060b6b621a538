import { useHere } from "./here";

/** In the place of what would ask for a mail, once the server has said that it sends none. */
export function MailOff() {
  const sentence = useHere().mailOff.value;
  return <div role="alert">{sentence && <p class="banner banner-warn">{sentence}</p>}</div>;
}
