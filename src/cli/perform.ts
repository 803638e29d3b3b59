import type { Command } from "commander";
import type { z } from "zod";
import { ConfigError, readConfig } from "../config.ts";
import type { FieldError, Problem } from "../kernel/problem.ts";
import type { Result } from "../kernel/result.ts";
import type { NodeApp } from "../platform/node-app.ts";

/** What a command has to say: `json` for scripts, `lines` for people; `fault` makes the exit code 1. */
export type Told = { readonly json: object; readonly lines: readonly string[]; readonly fault?: boolean };

export type Performance<S extends z.ZodType> = {
  readonly name: string;
  readonly about: string;
  /** The options as commander parsed them: flags and texts. */
  readonly options: S;
  readonly example: string;
  perform(service: NodeApp, options: z.output<S>): Promise<Result<Told, Problem>>;
};

/** Few: the service may be running on the same server. */
const connectionsMost = 4;

/**
 * Makes a command: adds `--json` and the example, opens the service beside a running one, performs, tells, closes.
 * The embedded database goes on if it was already up. Returns the command, for its own flags to be added.
 */
export function performed<S extends z.ZodType>(group: Command, given: Performance<S>): Command {
  return group
    .command(given.name)
    .description(given.about)
    .option("--json", "answer in JSON")
    .addHelpText("after", `\nExample:\n  npm run ofrenda -- ${group.name()} ${given.name} ${given.example}`)
    .action(async (raw: object) => {
      const json = "json" in raw && raw.json === true;
      process.exitCode = await outcome(given, raw, json);
    });
}

async function outcome<S extends z.ZodType>(
  given: Performance<S>,
  raw: object,
  json: boolean,
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
    return tellProblem({ code: "invalid_request", detail: "an option is not usable", errors }, json, 2);
  }
  let service: NodeApp | undefined;
  const interrupted = (): void => {
    void Promise.resolve(service?.close()).finally(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    service = await openService();
    const result = await given.perform(service, options.data);
    return result.ok ? tell(result.value, json) : tellProblem(result.error, json, 1);
  } catch (error) {
    return tellFailure(error, json);
  } finally {
    await service?.close();
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

async function openService(): Promise<NodeApp> {
  // Loaded only now: help and refusals of wrong usage answer at once.
  const { openNodeApp } = await import("../platform/node-app.ts");
  const { pinoLog } = await import("../platform/pino-log.ts");
  // Answers go to stdout, so the log goes to stderr and keeps to errors unless asked for more.
  const config = readConfig({ ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || "error" });
  return openNodeApp(
    { ...config, databaseMaxConnections: connectionsMost },
    { log: pinoLog(config.logLevel, process.stderr) },
  );
}

function tell({ json, lines, fault }: Told, asJson: boolean): 0 | 1 {
  process.stdout.write(`${asJson ? JSON.stringify(json, bigintText, 2) : lines.join("\n")}\n`);
  return fault ? 1 : 0;
}

const bigintText = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;

function tellProblem({ code, detail, errors = [] }: Problem, asJson: boolean, exit: 1 | 2): 1 | 2 {
  if (asJson) process.stdout.write(`${JSON.stringify({ error: { code, detail, errors } }, null, 2)}\n`);
  else process.stderr.write(`${[`Refused: ${detail}`, ...errors.map(fieldLine)].join("\n")}\n`);
  return exit;
}

const fieldLine = ({ pointer, detail }: FieldError): string => `  ${pointer}: ${detail}`;

function tellFailure(error: unknown, asJson: boolean): 1 | 2 {
  if (error instanceof ConfigError) {
    return tellProblem({ code: "invalid_request", detail: `settings: ${error.message}` }, asJson, 2);
  }
  return tellProblem({ code: "internal_error", detail: rootOf(error) }, asJson, 1);
}

/** The first cause says what happened; what wraps it quotes the statement. */
function rootOf(error: unknown): string {
  if (!(error instanceof Error)) return "failed";
  return error.cause instanceof Error ? rootOf(error.cause) : error.message;
}
