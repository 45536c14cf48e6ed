// The crate's tables. What `./key` needs of them is written into it by the build.
import { call } from './engine.js';
import { deepFreeze } from './text.js';

let tables;

export const table = (name) => (tables ??= deepFreeze(JSON.parse(call('tables', '').fields[0])))[name];

export const texts = () => table('texts');
