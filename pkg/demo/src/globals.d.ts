/// <reference types="vite/client" />

/** The commands that save a cluster's answers, out of the README. */
declare const COMMANDS: string;
