/** An error the person can act on: its message is a sentence for the terminal, without a stack. */
export class Refusal extends Error {
  /** @param {string} message @param {number} exitCode 1 = could not be done, 2 = asked for in a wrong way */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const usage = (message) => new Refusal(message, 2);
