// Listings, and what is told of them.
import { checkText } from './text.js';

// Set by the build, from the crate.
export const MAX_JSON_LENGTH = __MAX_JSON_LENGTH__;

export function listingsOf(listings) {
  if (typeof listings === 'string' || ArrayBuffer.isView(listings) || !listings?.[Symbol.iterator]) {
    throw new TypeError('the listings must be an array or another iterable of texts');
  }
  return Array.from(listings, (listing) => checkText(listing, 'a listing', MAX_JSON_LENGTH));
}

/** The JSON of an answer. */
export const read = ({ fields: [json] }) => JSON.parse(json);

/** Adds to findings what they are as text. */
export function withTexts(findings, texts) {
  findings.forEach((finding, index) => {
    [finding.text, finding.subject.text] = texts[index];
  });
}

/** Adds to a report what its parts are as text. */
export function withReportTexts(report, { findings, unchecked }) {
  withTexts(report.findings, findings);
  report.unchecked.forEach((one, index) => {
    [one.text, one.subject.text, one.want.text] = unchecked[index];
  });
  return report;
}
