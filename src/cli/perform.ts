import { Command } from "commander";
import type { z } from "zod";
import { ConfigError, readConfig } from "../config.ts";
import type { FieldError, Problem } from "../kernel/problem.ts";
import type { Result } from "../kernel/result.ts";
import type { NodeApp } from "../platform/node-app.ts";
import type { Terminal } from "./terminal.ts";

/** What a command has to say: `json` for scripts, `lines` for people; `fault` makes the exit code 1. */
export type Told = { readonly json: object; readonly lines: readonly string[]; readonly fault?: boolean };

/** Commands with a first word in common, and where they run. */
export type Group = {
  readonly command: Command;
  readonly terminal: Terminal;
  /** Hears the exit code of the command that was performed. */
  ended(exit: 0 | 1 | 2): void;
};

export type Performance<S extends z.ZodType> = {
  /** With its arguments, if it has any: `import <file>`. */
  readonly name: string;
  readonly about: string;
  /** The options as commander parsed them, flags and texts, and the arguments by name. */
  readonly options: S;
  readonly example: string;
  perform(service: NodeApp, options: z.output<S>, terminal: Terminal): Promise<Result<Told, Problem>>;
};

/** Few: the service may be running on the same server. */
const connectionsMost = 4;

/**
 * Makes a command: adds `--json` and the example, opens the service beside a running one, performs, tells, closes.
 * The embedded database goes on if it was already up. Returns the command, for its own flags to be added.
 */
export function performed<S extends z.ZodType>(group: Group, given: Performance<S>): Command {
  return group.command
    .command(given.name)
    .description(given.about)
    .option("--json", "answer in JSON")
    .addHelpText(
      "after",
      `\nExample:\n  npm run ofrenda -- ${group.command.name()} ${given.name.split(" ")[0]} ${given.example}`,
    )
    .action(async (...called: readonly unknown[]) => {
      const command = called.at(-1);
      const raw = command instanceof Command ? optionsOf(command) : {};
      const json = "json" in raw && raw.json === true;
      group.ended(await outcome(given, raw, json, group.terminal));
    });
}

function optionsOf(command: Command): object {
  const named = command.registeredArguments.map(
    (argument, n) => [argument.name(), command.processedArgs[n]] as const,
  );
  return { ...command.opts(), ...Object.fromEntries(named) };
}

async function outcome<S extends z.ZodType>(
  given: Performance<S>,
  raw: object,
  json: boolean,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const options = given.options.safeParse(raw);
  if (!options.success) {
    const errors = options.error.issues.map((issue) => ({
      pointer: `--${issue.path
        .map(String)
        .join(".")
        .replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`,
      detail: issue.message,
    }));
    return tellProblem(
      { code: "invalid_request", detail: "an option is not usable", errors },
      json,
      2,
      terminal,
    );
  }
  let service: NodeApp | undefined;
  const interrupted = (): void => {
    void Promise.resolve(service?.close()).finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    service = await openService(terminal);
    const result = await given.perform(service, options.data, terminal);
    return result.ok ? tell(result.value, json, terminal) : tellProblem(result.error, json, 1, terminal);
  } catch (error) {
    return tellFailure(error, json, terminal);
  } finally {
    await service?.close();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

async function openService({ environment, errors }: Terminal): Promise<NodeApp> {
  // Loaded only now: help and refusals of wrong usage answer at once.
  const { openNodeApp } = await import("../platform/node-app.ts");
  const { pinoLog } = await import("../platform/pino-log.ts");
  // Answers go to stdout, so the log goes to stderr and keeps to errors unless asked for more.
  const config = readConfig({ ...environment, LOG_LEVEL: environment.LOG_LEVEL || "error" });
  return openNodeApp(
    { ...config, databaseMaxConnections: connectionsMost },
    { log: pinoLog(config.logLevel, errors) },
  );
}

function tell({ json, lines, fault }: Told, asJson: boolean, { output }: Terminal): 0 | 1 {
  output.write(`${asJson ? JSON.stringify(json, bigintText, 2) : lines.join("\n")}\n`);
  return fault ? 1 : 0;
}

const bigintText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;

function tellProblem<Exit extends 1 | 2>(
  { code, detail, errors = [] }: Problem,
  asJson: boolean,
  exit: Exit,
  terminal: Terminal,
): Exit {
  if (asJson) terminal.output.write(`${JSON.stringify({ error: { code, detail, errors } }, null, 2)}\n`);
  else terminal.errors.write(`${[`Refused: ${detail}`, ...errors.map(fieldLine)].join("\n")}\n`);
  return exit;
}

const fieldLine = ({ pointer, detail }: FieldError): string => `  ${pointer}: ${detail}`;

function tellFailure(error: unknown, asJson: boolean, terminal: Terminal): 1 | 2 {
  if (error instanceof ConfigError) {
    return tellProblem(
      { code: "invalid_request", detail: `settings: ${error.message}` },
      asJson,
      2,
      terminal,
    );
  }
  return tellProblem({ code: "internal_error", detail: rootOf(error) }, asJson, 1, terminal);
}

/** The first cause says what happened; what wraps it quotes the statement. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  return error.cause instanceof Error ? rootOf(error.cause) : error.message;
}
