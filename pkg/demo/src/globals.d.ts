/// <reference types="vite/client" />

/** The commands that save a cluster's answers, out of the README. */
declare const COMMANDS: string;

/** The page's policy, as the header has to say it. */
declare const POLICY: string;

/** Of a worker. */
declare function importScripts(url: string): void;

/** Once simulator.ts is loaded. */
declare var simulate: typeof import('../../build/simulator.js').simulate | undefined;
