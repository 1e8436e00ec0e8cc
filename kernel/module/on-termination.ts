import type { Logger } from "../logging/logger.ts";

const deadlineMs = 15_000;

/**
 * Ends the process in order on the first SIGTERM or SIGINT, or when the parent that watches it is no more:
 * `stop`, then exit 0; exit 1 when it fails or takes longer than 15 s. A second signal ends at once.
 */
export function onTermination(logger: Logger, stop: () => Promise<void>): void {
  let isStopping = false;
  const end = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
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
  // Only a child with a channel to its parent hears this.
  process.once("disconnect", end);
}
