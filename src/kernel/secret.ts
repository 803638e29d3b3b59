/**
 * A string that cannot be printed by accident: JSON, template strings, inspection and loggers all show
 * `[secret]`. Only {@link reveal} gives it back, so every use of a secret can be found by that word.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

export const secret = (value: string): Secret => new Secret(value);
