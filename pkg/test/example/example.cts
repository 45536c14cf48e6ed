// From CommonJS.
import pairing = require('element-pairing');
import key = require('element-pairing/key');
import js = require('element-pairing/js');

const report: pairing.Report = js.auditTopology(['']);
const limit: number = key.MAX_TEXT_LENGTH + pairing.MAX_JSON_LENGTH;
console.log(report.verdict, limit);
