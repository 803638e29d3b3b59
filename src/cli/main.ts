import { operate } from "./program.ts";

/** `npm run ofrenda -- …` */
const { env, stdin, stdout, stderr } = process;
process.exitCode = await operate(process.argv.slice(2), {
  environment: env,
  input: stdin,
  output: stdout,
  errors: stderr,
});
