/** The simulated clusters, as a script of their own that is loaded when a plan is tried. */
import { simulate } from '../../build/simulator.js';

globalThis.simulate = simulate;
