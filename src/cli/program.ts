import { Command } from "commander";
import { churchCreate } from "./commands/church-create.ts";
import { gatewayConnect } from "./commands/gateway-connect.ts";
import { gatewayList } from "./commands/gateway-list.ts";
import { gatewayWebhookSecret } from "./commands/gateway-webhook-secret.ts";
import { jobsDead } from "./commands/jobs-dead.ts";
import { keyCreate } from "./commands/key-create.ts";
import { keysRotate } from "./commands/keys-rotate.ts";
import { ledgerVerify } from "./commands/ledger-verify.ts";
import { webhooksDead } from "./commands/webhooks-dead.ts";
import { webhooksReplay } from "./commands/webhooks-replay.ts";

/** Adds one command to its group. */
export type AddCommand = (group: Command) => void;

const groups: readonly (readonly [name: string, about: string, commands: readonly AddCommand[]])[] = [
  ["church", "Churches", [churchCreate]],
  ["gateway", "Accounts at gateways", [gatewayConnect, gatewayList, gatewayWebhookSecret]],
  ["key", "API keys", [keyCreate]],
  ["keys", "Encryption keys", [keysRotate]],
  ["ledger", "The books", [ledgerVerify]],
  ["webhooks", "What gateways told us and could not be applied", [webhooksDead, webhooksReplay]],
  ["jobs", "Background work", [jobsDead]],
];

/** The operator's commands. Wrong usage throws commander's error after it was explained on stderr. */
export function operatorCommands(): Command {
  const program = new Command("ofrenda")
    .description("The operator's commands. They may run while the service does, on the same settings.")
    .usage("<command> [options]")
    .exitOverride()
    .showHelpAfterError("(add --help for the options and an example)")
    .configureHelp({
      visibleCommands: leavesOf,
      subcommandTerm: (command) => `${pathOf(command)} [options]`,
    })
    .addHelpText("after", "\nEach command has --help with an example, and --json for scripts (npm run -s).");
  for (const [name, about, commands] of groups) {
    const group = program.command(name).description(about);
    for (const add of commands) add(group);
  }
  return program;
}

/** The commands themselves, whatever group they are in. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((each) => (each.commands.length > 0 ? leavesOf(each) : [each]));
}

const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
