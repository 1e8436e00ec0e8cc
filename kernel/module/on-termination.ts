import type { Logger } from "../logging/logger.ts";

const deadlineMs = 15_000;
/** A terminal and what runs us there may both pass on one Ctrl-C. */
const sameWishMs = 1_000;

/**
 * Ends the process in order on the first SIGTERM or SIGINT, or when the parent that watches it is no more:
 * `stop`, then exit 0; exit 1 when it fails or takes longer than 15 s. A second signal, a second or more
 * later, ends at once.
 */
export function onTermination(logger: Logger, stop: () => Promise<void>): void {
  let stoppingSince: number | null = null;
  const end = () => {
    const now = performance.now();
    if (stoppingSince !== null) {
      if (now - stoppingSince >= sameWishMs) process.exit(1);
      return;
    }
    stoppingSince = now;
    const timer = setTimeout(() => {
      logger.error("could not stop in time");
      process.exit(1);
    }, deadlineMs);
    stop().then(
      () => {
        clearTimeout(timer);
        process.exit(0);
      },
      (error: unknown) => {
        logger.error("could not stop in order", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  // Only a child with a channel to its parent hears this; it may have happened while we started.
  process.once("disconnect", end);
  if (process.connected === false) end();
}
