/**
 * Whether this worker runs under the page's policy, which a header of its script has to bring: the
 * page's tag does not bind a worker.
 *
 * Evaluating a text is what the policy forbids without a line in the console, and a browser tells in
 * an event which policy forbade it. A refused `fetch` alone would prove less: `connect-src 'self'`
 * refuses `data:` too.
 */
export function isBound(): Promise<boolean> {
  return new Promise((resolve) => {
    addEventListener('securitypolicyviolation', ({ originalPolicy, disposition }) => {
      if (originalPolicy === POLICY && disposition === 'enforce') resolve(true);
    });
    try {
      new Function('');
      resolve(false);
    } catch {
      setTimeout(() => resolve(false), UNTOLD_MS);
    }
  });
}

/** How long to wait for the event: by then it was another policy, or the browser tells nothing. */
const UNTOLD_MS = 1000;
