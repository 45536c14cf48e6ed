// What the build asks the crate for.
import { call } from './engine.js';

export const limits = JSON.parse(call('tables', '').fields[0]);
