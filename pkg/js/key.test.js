export * from './key.entry.js';
export { linearMemory } from './engine.js';
