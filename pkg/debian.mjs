// Debian's packages: what the build and the tests cannot have otherwise.
import { execFileSync, spawnSync } from 'node:child_process';

const has = (name) => {
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], { encoding: 'utf8' });
  return stdout === 'installed';
};

/** Installs packages, `what` they are for, where they are missing. */
export function install(what, ...packages) {
  if (packages.every(has)) return;
  const apt = (...args) => {
    // Tests run side by side: wait for each other's lock.
    const command = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    if (process.getuid?.() !== 0) command.unshift('sudo');
    execFileSync(command[0], command.slice(1), { stdio: ['ignore', 2, 2] });
  };
  try {
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    throw new Error(`${what} is missing, and apt-get cannot install ${packages.join(' ')} here`, { cause: error });
  }
}
