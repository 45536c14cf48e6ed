// Builds the package from a copy of the repository in another folder, with another folder for what
// is compiled, and compares: `npm run test:reproducible`, after a build.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pkg, root } from './repository.mjs';

const folder = mkdtempSync(join(tmpdir(), 'element-pairing-'));
try {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  for (const file of files.filter((file) => file)) cpSync(join(root, file), join(folder, 'copy', file));
  symlinkSync(join(pkg, 'node_modules'), join(folder, 'copy/pkg/node_modules'));
  execFileSync('npm', ['run', 'build'], {
    cwd: join(folder, 'copy/pkg'),
    env: { ...process.env, CARGO_TARGET_DIR: join(folder, 'compiled') },
    stdio: 'inherit',
  });
  const names = readdirSync(join(pkg, 'dist')).sort();
  assert.deepEqual(readdirSync(join(folder, 'copy/pkg/dist')).sort(), names);
  for (const name of names) {
    assert(readFileSync(join(pkg, 'dist', name)).equals(readFileSync(join(folder, 'copy/pkg/dist', name))), `${name} differs`);
  }
  console.log(`${names.length} files are the same`);
} finally {
  rmSync(folder, { recursive: true });
}
