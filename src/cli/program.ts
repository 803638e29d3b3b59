import { Command, CommanderError } from "commander";
import { achFile } from "./commands/ach-file.ts";
import { achReturns } from "./commands/ach-returns.ts";
import { achSent } from "./commands/ach-sent.ts";
import { churchCreate } from "./commands/church-create.ts";
import { gatewayConnect } from "./commands/gateway-connect.ts";
import { gatewayCredentials } from "./commands/gateway-credentials.ts";
import { gatewayList } from "./commands/gateway-list.ts";
import { gatewayWebhookSecret } from "./commands/gateway-webhook-secret.ts";
import { jobsDead } from "./commands/jobs-dead.ts";
import { keyCreate } from "./commands/key-create.ts";
import { keysRotate } from "./commands/keys-rotate.ts";
import { ledgerVerify } from "./commands/ledger-verify.ts";
import { messagesBounced } from "./commands/messages-bounced.ts";
import { statementImport } from "./commands/statement-import.ts";
import { webhooksDead } from "./commands/webhooks-dead.ts";
import { webhooksReplay } from "./commands/webhooks-replay.ts";
import type { Group } from "./perform.ts";
import type { Terminal } from "./terminal.ts";

/** Adds one command to its group. */
export type AddCommand = (group: Group) => void;

const groups: readonly (readonly [name: string, about: string, commands: readonly AddCommand[]])[] = [
  ["church", "Churches", [churchCreate]],
  [
    "gateway",
    "Accounts at gateways",
    [gatewayConnect, gatewayList, gatewayCredentials, gatewayWebhookSecret],
  ],
  ["key", "API keys", [keyCreate]],
  ["keys", "Encryption keys", [keysRotate]],
  ["ledger", "The books", [ledgerVerify]],
  ["statement", "The bank's statements", [statementImport]],
  ["ach", "Debits by file at the church's own bank", [achFile, achSent, achReturns]],
  ["messages", "Mail and texts to donors", [messagesBounced]],
  ["webhooks", "What gateways told us and could not be applied", [webhooksDead, webhooksReplay]],
  ["jobs", "Background work", [jobsDead]],
];

/**
 * Performs what an operator typed, without the program's name. The exit code: 0 done, 1 refused or a fault was found,
 * 2 wrong usage or settings.
 */
export async function operate(words: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  let exit: 0 | 1 | 2 = 0;
  const commands = operatorCommands(terminal, (code) => {
    exit = code;
  });
  try {
    await commands.parseAsync(words, { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help is asked for; everything else commander throws is wrong usage, and it has said so.
    return error.exitCode === 0 ? 0 : 2;
  }
}

function operatorCommands(terminal: Terminal, ended: Group["ended"]): Command {
  const program = new Command("ofrenda")
    .description("The operator's commands. They may run while the service does, on the same settings.")
    .usage("<command> [options]")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.errors.write(text),
    })
    .showHelpAfterError("(add --help for the options and an example)")
    .configureHelp({
      visibleCommands: leavesOf,
      subcommandTerm: (command) => `${pathOf(command)} [options]`,
    })
    .addHelpText("after", "\nEach command has --help with an example, and --json for scripts (npm run -s).");
  for (const [name, about, commands] of groups) {
    const command = program.command(name).description(about);
    for (const add of commands) add({ command, terminal, ended });
  }
  return program;
}

/** The commands themselves, whatever group they are in. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((each) => (each.commands.length > 0 ? leavesOf(each) : [each]));
}

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
