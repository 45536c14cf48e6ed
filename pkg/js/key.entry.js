export {
  ElementPairingError,
  MAX_TEXT_LENGTH,
  PairingKeyError,
  cleanPairingKey,
  decodePairingKey,
  encodePairingKey,
  openPairingKey,
} from './key.js';
