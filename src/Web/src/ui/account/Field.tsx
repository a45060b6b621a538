import type { ComponentChildren, TargetedInputEvent } from "preact";
import { useContext, useId, useState } from "preact/hooks";
import { Refusal } from "./Form";

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly autocomplete: string;
  readonly type?: "text" | "email" | "password";
  readonly defaultValue?: string;
  readonly placeholder?: string;
  readonly autocapitalize?: "none";
  readonly spellcheck?: boolean;
  readonly onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
  readonly hint?: string;
  /** Beside the input, within its frame. */
  readonly beside?: ComponentChildren;
}

export function Field({ label, hint, beside, type = "text", ...input }: FieldProps) {
  const id = useId();
  const wrong = useContext(Refusal)?.fields[input.name]?.join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-frame">
        <input
          {...input}
          // Preact's types tell each type's attributes apart; ours are common to these three.
          type={type as "text"}
          id={id}
          aria-invalid={!!wrong}
          aria-describedby={`${id}-hint ${id}-wrong`}
        />
        {beside}
      </div>
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      {wrong && (
        <p id={`${id}-wrong`} class="field-error">
          {wrong}
        </p>
      )}
    </div>
  );
}

export const EmailField = () => (
  <Field
    label="E-mail"
    name="email"
    type="email"
    autocomplete="username"
    autocapitalize="none"
    spellcheck={false}
  />
);

interface PasswordProps {
  readonly label?: string;
  readonly name?: string;
  /** Whether it is being chosen; a password manager then offers a good one. */
  readonly fresh?: boolean;
}

export function PasswordField({ label = "Password", name = "password", fresh = false }: PasswordProps) {
  const [shown, show] = useState(false);
  return (
    <Field
      label={label}
      name={name}
      type={shown ? "text" : "password"}
      autocomplete={fresh ? "new-password" : "current-password"}
      autocapitalize="none"
      spellcheck={false}
      {...(fresh ? { hint: "At least 8 characters" } : {})}
      beside={
        <button
          type="button"
          class="show"
          aria-label={`Show the ${label.toLowerCase()}`}
          aria-pressed={shown}
          onClick={() => show(!shown)}
        >
          {shown ? "Hide" : "Show"}
        </button>
      }
    />
  );
}
