// Requests and responses, through `.` and `./js`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entries, list, outcome, read, sampleKey, text } from './repository.mjs';

const all = Object.entries(await entries(['index', 'js']));

test('requests are those of the API reference', () => {
  const files = list('tests/api').filter((file) => file.endsWith('.request.json'));
  assert.equal(files.length, 9);
  for (const file of files) {
    const { method, params, id } = JSON.parse(read('tests/api', file));
    for (const [entry, { writeRequest, readResponse, openPairingKey }] of all) {
      const written = JSON.parse(text(writeRequest(method, params, id)));
      assert.deepEqual(written, { method, params: params ?? {}, ...(id === undefined ? {} : { id }) }, `${entry} ${file}`);
    }
  }
});

test('responses of the API reference are read', () => {
  const files = list('tests/api').filter((file) => file.endsWith('.response.json'));
  assert.equal(files.length, 9);
  for (const file of files) {
    const [method] = file.split('.');
    const json = text(read('tests/api', file));
    const expected = JSON.parse(json);
    const results = all.map(([, { readResponse }]) => readResponse(method, json));
    const bytes = all.map(([, { readResponse }]) => readResponse(method, new TextEncoder().encode(json)));
    for (const response of [...results, ...bytes]) {
      assert.equal(response.id, expected.id ?? null, file);
      assert(Object.isFrozen(response) && Object.isFrozen(response.result));
      assert.deepEqual(Object.keys(response.result).sort(), Object.keys(expected.result).sort(), file);
      for (const [name, value] of Object.entries(response.result)) {
        if (Array.isArray(value)) {
          assert.deepEqual(value.map(({ json }) => JSON.parse(json)), expected.result[name], file);
        } else if (name.endsWith('PairingKey')) {
          assert.equal(text(value.revealDigits()), expected.result[name], file);
          assert.equal(value.key.kind, name.startsWith('cluster') ? 'cluster' : 'volume', file);
        } else {
          assert.equal(value, expected.result[name], file);
        }
      }
    }
    if (!method.startsWith('Start')) for (const other of [...results, ...bytes]) assert.deepEqual(other, results[0]);
  }
});

test('a listing keeps the text of its objects', () => {
  const object = '{"volumeID":"24","name":"ä\u{1f600}","access":"later","deleteTime":"","qos":{"minIOPS":50.0},"cost":1.10,"volumePairs":[{"volumePairUUID":"u","remoteReplication":{"mode":"sync","state":null}}]}';
  const json = `\ufeff{"id":"ä","result":{"volumes":[${object} , {"volumeID":3}]}}`;
  for (const [, { readResponse }] of all) {
    for (const given of [json, new TextEncoder().encode(json)]) {
      assert.deepEqual(readResponse('ListVolumes', given), {
        id: 'ä',
        result: {
          volumes: [
            {
              volumeID: 24,
              name: 'ä\u{1f600}',
              access: 'later',
              qos: { minIOPS: 50 },
              volumePairs: [{ volumePairUUID: 'u', remoteReplication: { mode: 'sync' } }],
              json: object,
            },
            { volumeID: 3, json: '{"volumeID":3}' },
          ],
        },
      });
    }
  }
});

test('of integers that JavaScript would round, those alone refuse a response that become numbers of ours', () => {
  const listing = (volume) => `{"id":1,"result":{"volumes":[${volume}]}}`;
  for (const [, { readResponse }] of all) {
    for (const member of ['"qos":{"curve":{"4096":[1,9007199254740993]}}', '"unread":9007199254740993']) {
      const volume = `{"volumeID":3,${member},"totalSize":5}`;
      const [read] = readResponse('ListVolumes', listing(volume)).result.volumes;
      assert.deepEqual([read.totalSize, read.json], [5, volume]);
      const unsafe = volume.replace(':5}', ':9007199254740993}');
      assert.throws(() => readResponse('ListVolumes', listing(unsafe)), { code: 'unsafe_integer' });
    }
  }
});

test('all methods', () => {
  for (const [, { readResponse }] of all) {
    assert.deepEqual(readResponse('GetClusterInfo', '{"result":{"clusterInfo":{"name":"a"}}}'), {
      id: null,
      result: { clusterInfo: { name: 'a', json: '{"name":"a"}' } },
    });
    assert.deepEqual(readResponse('GetLimits', '{"result":{"clusterPairsCountMax":4,"x":1}}').result, {
      clusterPairsCountMax: 4,
      json: '{"clusterPairsCountMax":4,"x":1}',
    });
    assert.deepEqual(readResponse('ModifyVolume', '{"id":5,"result":{}}'), { id: 5, result: {} });
    assert.equal(readResponse('ModifyVolume', '{"result":{"volume":{"volumeID":3}}}').result.volume.volumeID, 3);
    assert.deepEqual(readResponse('ListClusterPairs', '{"result":{"clusterPairs":[]}}').result, { clusterPairs: [] });
    assert.deepEqual(
      readResponse('ListClusterPairs', '{"result":{"clusterPairs":[{"clusterPairID":3,"clusterUUID":5487}]}}').result.clusterPairs[0],
      { clusterPairID: 3, clusterUUID: '5487', json: '{"clusterPairID":3,"clusterUUID":5487}' },
    );
  }
});

test('errors that a cluster answers', () => {
  for (const [, { readResponse }] of all) {
    assert.deepEqual(readResponse('CompleteVolumePairing', '{"error":{"code":500,"name":"xMVIPNotPaired","message":"n\\"ot"},"id":1}'), {
      id: 1,
      error: { code: 500, name: 'xMVIPNotPaired', message: 'n"ot' },
    });
    assert.deepEqual(readResponse('GetLimits', '{"error":{}}').error, { message: '' });
  }
});

test('texts that are no response', () => {
  for (const [, { readResponse, ElementPairingError }] of all) {
    const fails = (text, data) =>
      assert.throws(() => readResponse('ListVolumes', text), (error) => {
        assert(error instanceof ElementPairingError);
        assert.deepEqual({ ...error, help: undefined }, { ...data, help: undefined });
        return true;
      });
    fails('<html>', { code: 'not_json', offset: 0, line: 1, column: 1 });
    fails('{"ä":1,\n"result":{"volumes":[{}]}}', { code: 'missing_member', offset: 29, line: 2, column: 22 });
    fails(new TextEncoder().encode('{"ä":1,\n"result":{"volumes":[{}]}}'), { code: 'missing_member', offset: 30, line: 2, column: 22 });
    fails('{"result":{"volumes":3}}', { code: 'wrong_type', offset: 21, line: 1, column: 22 });
  }
});

test('a key goes from one cluster to the other', () => {
  const answer = `{"id":1,"result":{"clusterPairID":1,"clusterPairingKey":"${sampleKey}"}}`;
  for (const [, { readResponse, writeRequest, openPairingKey }] of all) {
    const { clusterPairingKey } = readResponse('StartClusterPairing', answer).result;
    assert.equal(clusterPairingKey.key.name, 'AutoTest2-c0uR');
    const expected = `{"method":"CompleteClusterPairing","params":{"clusterPairingKey":"${sampleKey}"},"id":"b"}`;
    for (const key of [clusterPairingKey, openPairingKey(sampleKey), sampleKey, new TextEncoder().encode(sampleKey)]) {
      assert.equal(text(writeRequest('CompleteClusterPairing', { clusterPairingKey: key }, 'b')), expected);
    }
    clusterPairingKey.dispose();
    assert.throws(() => writeRequest('CompleteClusterPairing', { clusterPairingKey }), { code: 'disposed' });
    // What this version cannot read can be forwarded.
    const strange = readResponse('StartVolumePairing', '{"result":{"volumePairingKey":"7b7d"}}').result.volumePairingKey;
    assert.throws(() => strange.key, { code: 'not_a_pairing_key' });
    assert.equal(text(strange.revealDigits()), '7b7d');
  }
});

test('what a paste added to a key is not sent', () => {
  for (const [entry, { writeRequest }] of all) {
    const body = (volumePairingKey) => text(writeRequest('CompleteVolumePairing', { volumeID: 1, volumePairingKey }));
    const pasted = 'key: \u201c7B22\u00a0\n6d76\u201d';
    for (const key of [pasted, new TextEncoder().encode(pasted)]) {
      assert.equal(JSON.parse(body(key)).params.volumePairingKey, '7B226d76', entry);
    }
    for (const [key, code, offset] of [['', 'empty'], ['7b"', 'not_a_digit', 2], ['7b22\u2026', 'cut_short', 4]]) {
      for (const form of [key, new TextEncoder().encode(key)]) {
        const { error } = outcome(() => body(form));
        assert.deepEqual([error.name, error.code, error.offset], ['PairingKeyError', code, offset], entry);
      }
    }
    assert.throws(() => body(new Uint8Array([0xff])), { code: 'not_a_digit', offset: 0 });
    assert.throws(() => body(3), { code: 'wrong_type' });
  }
});
