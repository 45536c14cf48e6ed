import './style.css';
import { CheckPanel } from './check';
import { Engine } from './client';
import { find } from './dom';
import { ignoreStrayDrops } from './intake';
import { KeyPanel } from './key';
import { ListingsPanel } from './listings';
import { PlanPanel } from './plan';
import { Results } from './results';

const engine = new Engine();
const results = new Results();
const check = new CheckPanel(engine);
const plan = new PlanPanel(engine);
const key = new KeyPanel(engine);
const listings = new ListingsPanel(engine);

results.onoverview = (overview) => {
  check.clusters = overview.clusters;
  plan.overview = overview;
};
key.onchange = (now) => (check.key = now);
listings.onchange = (any) => (any ? results.wait() : results.reset());
listings.onnews = (news) => results.take(news);
find('#commands').textContent = COMMANDS;
ignoreStrayDrops();
engine.start();

// A page that is left may be kept whole by the browser, to come back to.
addEventListener('pagehide', () => {
  key.reset();
  listings.reset();
  results.reset();
  engine.close();
});
