// The consumers that are too heavy for every test run: `npm run test:consumers`.
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import {
  answers,
  check,
  cleanUp,
  concurrency,
  consumer,
  expected,
  open,
  openBuilt,
  readWithoutScripts,
  run,
  serve,
} from './harness.mjs';

describe('heavy consumers', { concurrency }, () => {
  after(cleanUp);

  consumer({ fixture: 'next', tool: 'next', what: 'server and client' }, async directory => {
    await run(directory, 'next build');
    const url = await serve(directory, 'next start --port 0');
    const rendered = await readWithoutScripts(url, 'pre');
    assert.equal(rendered.length, 2); // by the server component, and by the client component
    rendered.forEach(check);
    check(await open(url));
  });

  consumer({ fixture: 'angular', tool: '@angular/build' }, async directory => {
    await run(directory, 'ng build');
    check(await openBuilt(`${directory}/dist/browser`));
  });

  consumer({ fixture: 'wrangler', tool: 'wrangler', what: '(miniflare, workerd)' }, async directory => {
    const url = await serve(directory, 'wrangler dev worker.mjs --port 0 --compatibility-date 2026-11-01');
    check(await (await fetch(url)).text());
  });

  consumer({ fixture: 'parcel', tool: 'parcel' }, async directory => {
    await run(directory, 'parcel build index.html');
    check(await openBuilt(`${directory}/dist`));
  });

  consumer({ fixture: 'rspack', tool: '@rspack/core' }, async directory => {
    await run(directory, 'rspack build --mode production --entry ./run.mjs');
    check(await openBuilt(`${directory}/dist`, { script: 'main.js' }));
  });

  consumer({ fixture: 'rollup', tool: 'rollup' }, async directory => {
    await run(directory, 'rollup run.mjs --plugin node-resolve --file dist/run.js');
    check(await openBuilt(`${directory}/dist`, { script: 'run.js' }));
  });

  consumer({ fixture: 'deno', tool: 'deno', what: 'without permissions' }, async directory => {
    check(await run(directory, 'deno run --no-prompt run.ts'));
  });
  consumer({ fixture: 'deno', tool: 'deno', what: 'types' }, async directory => {
    await run(directory, 'deno check run.ts');
  });

  consumer({ fixture: 'bun', tool: 'bun' }, async directory => {
    check(await run(directory, 'bun run.ts'));
  });

  for (const tool of ['node20', 'node22', 'node24', 'node26']) {
    consumer({ fixture: 'nodes', tool }, async directory => {
      check(await run(directory, `node_modules/${tool}/bin/node run.mjs`));
      check(await run(directory, `node_modules/${tool}/bin/node run.cjs`));
    });
  }

  // Content security policies, and whether they allow WebAssembly.
  for (const [policy, allows] of [
    ['', true],
    ["script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'", true],
    ["default-src 'none'; script-src 'self' 'wasm-unsafe-eval'", true], // no connect-src
    ["script-src 'self'", false],
  ]) {
    consumer({ fixture: 'csp', what: `Chromium, ${policy || 'no policy'}` }, async directory => {
      const script = `policy${policy.replace(/\W+/g, '-')}.js`; // a file for each: they are run side by side
      await run(directory, `esbuild run.mjs --bundle --outfile=dist/${script}`);
      const output = await openBuilt(`${directory}/dist`, { script, policy });
      if (allows) return check(output);
      const { main, key, js } = answers(output);
      assert.deepEqual(js, expected.js);
      for (const { failed } of [main, key]) {
        assert.match(failed, /^wasm_blocked: .*'wasm-unsafe-eval'/);
        assert.match(failed, /element-pairing\/js/);
      }
    });
  }
});
