import type { Deps } from "../deps.ts";
import type { ChurchId, DebitFileId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type FileRecord, lockFile, moveFile } from "./store.ts";

/**
 * The operator's word that the bank has the file. Silence means payment only for a file that was sent, so nothing is
 * counted without it. Saying it again changes nothing.
 */
export async function markDebitFileSent(
  parts: Pick<Deps, "db" | "clock">,
  church: ChurchId,
  id: DebitFileId,
): Promise<Result<FileRecord, Problem>> {
  return parts.db.inChurch(church, async (tx) => {
    const file = await lockFile(tx, church, id);
    if (!file) return err({ code: "not_found", detail: `this church has no file ${id}` });
    if (file.state !== "built") return ok(file);
    const sentAt = parts.clock.now();
    await moveFile(tx, church, id, { state: "sent", sentAt });
    return ok({ ...file, state: "sent", sentAt });
  });
}
