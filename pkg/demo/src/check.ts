/** May the key be completed on one of the clusters? */
import type { Engine } from './client';
import { el, find, say } from './dom';
import { byLabel } from './pager';
import { problemView } from './problem';
import type { ClusterView, KeyView, Problem, ReportView } from './protocol';
import { Findings, counts, uncheckedView, verdictView } from './report';

const VERDICTS: Record<ReportView['verdict'], [title: string, text: string]> = {
  clear: ['Yes: nothing stands against it.', 'All that matters was seen.'],
  unknown: ['Perhaps: not all that matters was seen.', 'Nothing stands against it in what was.'],
  harmful: ['Better not: the cluster takes it, and it does harm.', ''],
  refused: ['No: the cluster refuses it.', ''],
};

const UNCERTAIN = 'Better not: nobody knows whether the cluster takes it.';

/** How long to wait for the next digit of an ID: each check takes a while with thousands of pairs. */
const TYPED_MS = 150;

export class CheckPanel {
  readonly #engine: Engine;
  readonly #section = find('#check');
  readonly #cluster = find<HTMLSelectElement>('#check-cluster');
  readonly #volume = find<HTMLInputElement>('#check-volume');
  readonly #result = find('#check-result');
  #key: KeyView | null = null;
  /** Whether somebody chose the cluster. */
  #chosen = false;
  #clusters: ClusterView[] = [];
  #turn = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#cluster.addEventListener('change', () => {
      this.#chosen = true;
      void this.#check();
    });
    this.#volume.addEventListener('input', () => void this.#check(TYPED_MS));
  }

  set key(key: KeyView | null) {
    this.#key = key;
    this.#volume.value = '';
    this.#chosen = false;
    this.#update();
  }

  set clusters(clusters: ClusterView[]) {
    const chosen = this.#cluster.value;
    this.#clusters = clusters.filter(({ handle }) => handle !== null).sort(byLabel);
    this.#cluster.replaceChildren(
      ...this.#clusters.map(({ label, handle }) => el('option', { value: handle }, label)),
    );
    this.#chosen &&= this.#clusters.some(({ handle }) => handle === chosen);
    if (this.#chosen) this.#cluster.value = chosen;
    this.#update();
  }

  #update() {
    this.#section.hidden = !this.#key || this.#clusters.length === 0;
    find('#check-volume-row').hidden = this.#key?.kind !== 'volume';
    if (!this.#chosen) this.#cluster.value = this.#other()?.handle ?? '';
    void this.#check();
  }

  /** A cluster other than the one that made the key, by its unique ID or its address. */
  #other() {
    const told = (member: string) => this.#key?.members.find(({ name }) => name === member)?.value;
    const [uniqueID, mvip] = [told('clusterUniqueID'), told('mvip')];
    const isOther = (cluster: ClusterView) => cluster.uniqueID !== uniqueID && cluster.mvip !== mvip;
    return this.#clusters.find(isOther) ?? this.#clusters[0];
  }

  async #check(delay = 0) {
    const turn = ++this.#turn;
    this.#result.replaceChildren();
    if (this.#section.hidden || !this.#key) return;
    const volumeID = this.#key.kind === 'volume' ? this.#volume.valueAsNumber : undefined;
    if (volumeID !== undefined && !(Number.isSafeInteger(volumeID) && volumeID > 0)) {
      this.#result.replaceChildren(
        el('p', { class: 'note' }, 'Give the ID of the volume that is to be paired, a number from 1.'),
      );
      return;
    }
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (turn !== this.#turn) return;
    try {
      const report = await this.#engine.ask('check', { cluster: this.#cluster.value, volumeID });
      if (turn !== this.#turn) return;
      const findings = new Findings(report.rules, 'h3');
      findings.add(report.findings);
      findings.show(() => true);
      const [certain, text] = VERDICTS[report.verdict];
      const isCertain = report.verdict !== 'refused' || report.rules.some(({ kind }) => kind === 'refused');
      const title = isCertain ? certain : UNCERTAIN;
      const found = counts(report);
      const unchecked = uncheckedView(report, 'h3');
      this.#result.replaceChildren(
        verdictView(report.verdict, title, found === '' ? text : `${found}.`),
        findings.root,
        ...(unchecked ? [unchecked] : []),
      );
      say(`May the key be completed? ${title}`);
    } catch (problem) {
      if (turn === this.#turn)
        this.#result.replaceChildren(problemView('This cannot be checked', problem as Problem));
    }
  }
}
