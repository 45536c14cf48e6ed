export * from './index.js';
export { linearMemory } from './engine.js';
