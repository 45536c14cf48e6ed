// Debian's Chromium for tests, driven by playwright-core: found, or installed where it is missing.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** A headless browser with a fresh profile, launched with Playwright's options. The caller closes it. */
export function launchChromium(options = {}) {
  if (!existsSync(executablePath)) install();
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

function install() {
  const apt = (...args) => {
    // Tests run side by side: wait for each other's lock.
    const command = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    if (process.getuid() !== 0) command.unshift('sudo');
    execFileSync(command[0], command.slice(1), { stdio: ['ignore', 2, 2] });
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
}
