/** Debian's Chromium: where it is, how it is started. */

import { type Browser, chromium, type LaunchOptions } from "playwright-core";

export function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  // Its sandbox does not work for root, whom containers have.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: CHROMIUM, args, timeout: START_MS, ...options });
}

export const CHROMIUM = "/usr/bin/chromium";
/** On a busy machine a page takes its time: with ten others at work on two processors, half of this was seen. */
export const WAIT_MS = 40_000;
const START_MS = 60_000;
