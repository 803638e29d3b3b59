import { CommanderError } from "commander";
import { operatorCommands } from "./program.ts";

/** `npm run ofrenda -- …`: exit code 0 done, 1 refused or a fault was found, 2 wrong usage or settings. */
try {
  await operatorCommands().parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version are asked for; everything else commander throws is wrong usage, and it has said so.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
