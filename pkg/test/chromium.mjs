// Debian's Chromium for tests, driven by playwright-core: found, or installed where it is missing.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { install } from '../debian.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A headless browser with a fresh profile, launched with Playwright's options. The caller closes it. */
export function launchChromium(options = {}) {
  if (!existsSync(executablePath)) install('Chromium', 'chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    ...options,
  });
}
