import { call, callWithParts } from './engine.js';
import { jsonOf, concat } from './json.js';
import { PairingKeyError, PairingKeyHandle, cleanPairingKey } from './key.js';
import { MAX_JSON_LENGTH, listingsOf, read, withReportTexts } from './listings.js';
import { table } from './tables.js';
import { checkText, copy, decode, deepFreeze, encode, isBytes } from './text.js';

export * from './key.entry.js';
export { MAX_JSON_LENGTH } from './listings.js';
export { planGoal, runPlan } from './plan.js';

const reportOf = (answer) => {
  const { report, texts } = read(answer);
  return deepFreeze(withReportTexts(report, texts));
};

export function auditTopology(listings) {
  const texts = listingsOf(listings);
  return reportOf(callWithParts('audit', texts, texts));
}

export function checkCall(listings, cluster, call) {
  if (typeof cluster !== 'string') throw new TypeError('the cluster must be a string');
  if (typeof call !== 'object' || call === null) throw new TypeError('the call must be an object');
  const texts = listingsOf(listings);
  // One without digits is judged as it is: there is a rule for it.
  const keyOf = (key) => cleaned(key) ?? key;
  return withRequest(call.method, call.params, undefined, keyOf, (request) =>
    reportOf(callWithParts('check', [cluster, request, ...texts], texts)),
  );
}

function cleaned(key) {
  try {
    return cleanPairingKey(key).digits;
  } catch (error) {
    if (error instanceof PairingKeyError) return undefined;
    throw error;
  }
}

export function topologyOf(listings) {
  const texts = listingsOf(listings);
  return deepFreeze(read(callWithParts('topology', texts, texts)));
}

export const rules = () => table('rules');

export const pairingKeyMembers = () => table('members');

export function pairingKeyMethods(kind) {
  const found = table('kinds').find((one) => one.kind === kind);
  if (!found) throw new TypeError("the kind must be 'cluster' or 'volume'");
  return found;
}

export function escapeText(text) {
  if (typeof text !== 'string') throw new TypeError('the text must be a string');
  return call('escape_text', text).fields[0];
}

/** The parameters that a method takes. */
function parametersOf(method) {
  const found = table('methods').find((one) => one.method === method);
  if (!found) throw new TypeError('there is no such method');
  return found.params;
}

/** Uses the JSON of a request, and wipes it; of a key that is pasted `keyOf` makes what is sent. */
function withRequest(method, params, id, keyOf, use) {
  const held = [];
  let request;
  try {
    request = requestOf(method, params, id, (key) => {
      if (typeof key !== 'string' && !isBytes(key)) return key;
      const sent = keyOf(key);
      if (sent !== key) held.push(sent);
      return sent;
    });
    return use(request);
  } finally {
    request?.fill(0);
    for (const bytes of held) bytes.fill(0);
  }
}

function requestOf(method, params = {}, id, keyOf) {
  const known = parametersOf(method);
  if (typeof params !== 'object' || params === null) throw new TypeError('the params must be an object');
  if (!Object.keys(params).every((name) => known.includes(name))) {
    throw new TypeError(`${method} has ${known.length > 0 ? `the parameters ${known.join(', ')} and no other` : 'no parameters'}`);
  }
  if (!['string', 'number', 'undefined'].includes(typeof id) && id !== null) {
    throw new TypeError('the id must be a string or an integer');
  }
  const tail = jsonOf({ id });
  const members = Object.entries(params).map(([name, value]) => [name, name.endsWith('PairingKey') ? keyOf(value) : value]);
  return concat([`{"method":"${method}","params":`, jsonOf(Object.fromEntries(members)), tail.length > 2 ? ',' : '', tail.subarray(1)]);
}

export function writeRequest(method, params, id) {
  const keyOf = (key) => cleanPairingKey(key).digits;
  return withRequest(method, params, id, keyOf, (request) => call('write_request', request).secret);
}

export function readResponse(method, response) {
  parametersOf(method);
  const text = checkText(response, 'the response', MAX_JSON_LENGTH);
  // Of our own, so that nobody changes them meanwhile.
  const bytes = typeof text === 'string' ? encode(text) : copy(text);
  try {
    const answer = callWithParts('read_response', [method, bytes], [text]);
    const { id, result, error } = read(answer);
    if (error) return deepFreeze({ id, error });
    // Places are in bytes, which most often are units as well.
    const isPlain = typeof text === 'string' && text.length === bytes.length;
    const cut = (start, end) =>
      isPlain ? text.slice(start, end) : decode(bytes.subarray(start, end));
    return deepFreeze({ id, result: withTexts(result, answer.secret, cut) });
  } finally {
    bytes.fill(0);
  }
}

/** A result with the texts of its objects, and with the key, which came apart from it. */
function withTexts(value, secret, cut) {
  if (value === null) return new PairingKeyHandle(secret);
  if (typeof value !== 'object') return value;
  if (value.place) return Object.assign(value.members, { json: cut(...value.place) });
  for (const name in value) value[name] = withTexts(value[name], secret, cut);
  return value;
}
