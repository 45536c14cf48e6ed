// The consumers of every test run. Most share one installation.
import { after, describe } from 'node:test';
import { check, cleanUp, concurrency, consumer, open, openBuilt, run, serve } from './harness.mjs';

const node = process.execPath;

describe('consumers', { concurrency }, () => {
  after(cleanUp);

  consumer({ fixture: 'vitest', tool: 'vitest' }, async directory => {
    check(await run(directory, 'vitest run --disable-console-intercept'));
  });
  // Node itself is no tool of the fixture: it is the one that runs this test.
  for (const [what, file] of [
    ['ECMAScript module', 'run.mjs'],
    ['CommonJS', 'run.cjs'],
  ]) {
    consumer({ fixture: 'light', what: `Node ${process.version}, ${what}` }, async directory => {
      check(await run(directory, `${node} ${file}`));
    });
  }
  consumer({ fixture: 'light', tool: 'vite', what: 'development server' }, async directory => {
    check(await open(await serve(directory, 'vite')));
  });
  consumer({ fixture: 'light', tool: 'vite', what: 'build' }, async directory => {
    await run(directory, 'vite build --outDir dist/vite');
    check(await openBuilt(`${directory}/dist/vite`));
  });
  consumer({ fixture: 'light', tool: 'webpack' }, async directory => {
    await run(directory, 'webpack --mode production --entry ./run.mjs --output-path dist/webpack');
    check(await openBuilt(`${directory}/dist/webpack`, { script: 'main.js' }));
  });
  consumer({ fixture: 'light', tool: 'esbuild', what: 'for browsers' }, async directory => {
    await run(directory, 'esbuild run.mjs --bundle --minify --outdir=dist/esbuild');
    check(await openBuilt(`${directory}/dist/esbuild`, { script: 'run.js' }));
  });
  consumer({ fixture: 'light', tool: 'esbuild', what: 'for Node' }, async directory => {
    await run(directory, 'esbuild run.mjs --bundle --platform=node --outfile=dist/node.cjs');
    check(await run(directory, `${node} dist/node.cjs`));
  });
  consumer({ fixture: 'light', tool: 'jest', what: 'with jsdom' }, async directory => {
    check(await run(directory, 'jest'));
  });
});
