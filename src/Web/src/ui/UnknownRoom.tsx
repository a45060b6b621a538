import { useState } from "preact/hooks";

export function UnknownRoom({ code }: { code: string }) {
  const [typed, type] = useState("");
  const clean = typed.replaceAll(/\s/g, "").toUpperCase();
  const go = (event: Event) => {
    event.preventDefault();
    if (clean) location.href = `/r/${encodeURIComponent(clean)}`;
  };
  return (
    <main class="unknown">
      <h1>There is no room with the code {code}</h1>
      <p>Check the code with your host. It has six letters and digits.</p>
      <form onSubmit={go}>
        <label for="code">Room code</label>
        <input
          id="code"
          class="code-field"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={12}
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button type="submit" class="strong" disabled={!clean}>
          Enter
        </button>
      </form>
      <a href="/">Go to the lobby</a>
    </main>
  );
}
