import { ConfigError, readConfig } from "../config.ts";
import { startService } from "./service.ts";

/** `npm start`: the whole service in one process. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const service = await startService(config);
  console.log(service.banner);

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(130);
    stopping = true;
    console.log("Stopping: no new requests; finishing what is under way …");
    const late = setTimeout(() => process.exit(1), config.shutdownMs);
    await service.stop();
    clearTimeout(late);
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? `Settings:\n${error.message}` : error);
  process.exit(1);
});
