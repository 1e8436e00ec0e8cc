import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** A browser without a window: Debian's Chromium, or Chrome. Throws where neither is installed. */
export function launchChromium(): Promise<Browser> {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);
  if (!executablePath) throw new Error("these tests need a browser (Debian: chromium)");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
