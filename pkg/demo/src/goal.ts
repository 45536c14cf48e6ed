/** The goal, in plain words: clusters, volumes and modes out of the listings. */
import type { Goal, GoalCode, ReplicationMode, Volumes } from 'element-pairing';
import type { Engine } from './client';
import { button, el, find, foreign } from './dom';
import { byLabel, number } from './pager';
import { Picker } from './picker';
import type { Choices, ClusterView, Overview } from './protocol';

type Chosen = Exclude<GoalCode, 'undo'>;

interface Kind {
  title: string;
  /** What the two clusters are in it. */
  clusters?: [string, string];
  /** What can be chosen besides. */
  about?: 'volumes' | 'pairs' | 'pending';
  mode?: 'required' | 'optional';
  note?: string;
}

/** Of volume pairs between two clusters, whichever is which. */
const BETWEEN: Pick<Kind, 'clusters' | 'about'> = {
  clusters: ['Between the cluster', 'And the cluster'],
  about: 'volumes',
};

// The record of a run, which `undo` takes, is not on this page.
const KINDS: Record<Chosen, Kind> = {
  pair_clusters: {
    title: 'Two clusters are paired',
    clusters: ['Cluster that makes the key', 'Cluster that completes the pair'],
  },
  pair_volumes: {
    title: 'Volumes are paired',
    clusters: ['Cluster of the sources', 'Cluster of the targets'],
    mode: 'optional',
    about: 'pairs',
  },
  direction: {
    title: 'Replication has this direction',
    clusters: ['From the cluster', 'To the cluster'],
    about: 'volumes',
    note: 'Whatever it is now: planned again, it does not turn around.',
  },
  set_mode: {
    title: 'Replication has this mode',
    ...BETWEEN,
    mode: 'required',
  },
  pause: {
    title: 'Replication is paused by hand',
    ...BETWEEN,
  },
  resume: {
    title: 'Replication is not paused by hand',
    ...BETWEEN,
  },
  unpair_volumes: {
    title: 'Volumes are not paired',
    ...BETWEEN,
  },
  unpair_clusters: {
    title: 'Two clusters are not paired',
    clusters: ['The cluster', 'And the cluster'],
    note: 'Nor any volume of one with a volume of the other.',
  },
  repair: { title: 'No pair is one-sided or stopped', about: 'pending' },
};

/** Those that the library names: the compiler sees to it that none is missing. */
type Known<Value> = Value extends unknown ? (string extends Value ? never : Value) : never;
const MODES = Object.keys({ Async: 1, Sync: 1, SnapshotsOnly: 1 } satisfies Record<Known<ReplicationMode>, 1>);

export class GoalForm {
  /** What was chosen has changed. */
  onchange = () => {};
  onplan: (goal: Goal) => void = () => {};
  readonly #engine: Engine;
  readonly #kind = find<HTMLSelectElement>('#goal-kind');
  readonly #first = find<HTMLSelectElement>('#goal-first');
  readonly #second = find<HTMLSelectElement>('#goal-second');
  readonly #mode = find<HTMLSelectElement>('#goal-mode');
  readonly #objects = find('#goal-objects');
  readonly #note = find('#goal-note');
  readonly #plan = find<HTMLButtonElement>('#goal-plan');
  #clusters: ClusterView[] = [];
  #turn = 0;
  /** Reads from the form what the goal has besides clusters and mode; a text says what is missing. */
  #read: () => object | string = () => ({});
  /** What can be chosen is there. */
  #ready = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#kind.append(
      ...Object.entries(KINDS).map(([code, { title }]) => el('option', { value: code }, title)),
    );
    this.#kind.addEventListener('change', () => this.#update());
    this.#mode.addEventListener('change', this.#changed);
    const others = [
      [this.#first, this.#second],
      [this.#second, this.#first],
    ] as const;
    for (const [changed, other] of others) {
      changed.addEventListener('change', () => {
        // They are two.
        const left = this.#clusters.find(({ handle }) => handle !== changed.value);
        if (other.value === changed.value && left) other.value = left.handle!;
        this.#update();
      });
    }
    this.#plan.addEventListener('click', async () => {
      await this.#ready;
      const goal = this.#goal();
      if (typeof goal === 'string') this.#note.textContent = goal;
      else this.onplan(goal);
    });
  }

  set overview({ clusters, clusterPairs }: Pick<Overview, 'clusters' | 'clusterPairs'>) {
    const chosen = [this.#first.value, this.#second.value];
    this.#clusters = clusters.filter(({ handle }) => handle !== null).sort(byLabel);
    for (const select of [this.#first, this.#second]) {
      select.replaceChildren(
        ...this.#clusters.map(({ label, handle }) => el('option', { value: handle }, label)),
      );
    }
    const handles = this.#clusters.map(({ handle }) => handle!);
    const paired = clusterPairs
      .map(({ ends }) => ends.map(({ cluster }) => (cluster === null ? null : clusters[cluster]!.handle)))
      .find(([one, two]) => one !== null && two !== null && one !== two);
    const likely = paired ? handles.filter((one) => paired.includes(one)) : handles;
    const [first, second] = chosen.every((one) => handles.includes(one)) ? chosen : likely;
    this.#first.value = first ?? '';
    this.#second.value = second ?? '';
    this.#update();
  }

  get #chosen(): Chosen {
    return this.#kind.value as Chosen;
  }

  /** Whether it needs more clusters than were given. */
  get #isShort() {
    return KINDS[this.#chosen].clusters !== undefined && this.#clusters.length < 2;
  }

  #changed = () => {
    const note = KINDS[this.#chosen].note ?? '';
    this.#note.textContent = this.#isShort ? 'Give the listings of both clusters.' : note;
    this.onchange();
  };

  /** Shows what the goal needs. */
  #update() {
    this.#changed();
    const kind = KINDS[this.#chosen];
    for (const [index, select] of [this.#first, this.#second].entries()) {
      select.parentElement!.hidden = !kind.clusters || this.#isShort;
      select.labels[0]!.textContent = kind.clusters?.[index] ?? '';
    }
    this.#mode.parentElement!.hidden = !kind.mode || this.#isShort;
    const modes = MODES.map((mode) => el('option', { value: mode }, mode));
    this.#mode.replaceChildren(
      ...(kind.mode === 'optional' ? [el('option', { value: '' }, 'As it is, or Async')] : []),
      ...modes,
    );
    this.#plan.hidden = this.#isShort;
    this.#read = () => ({});
    this.#objects.replaceChildren();
    this.#ready = this.#choose();
  }

  /** Shows what the goal is about, to be chosen. */
  async #choose() {
    const turn = ++this.#turn;
    const kind = KINDS[this.#chosen];
    if (this.#isShort || this.#clusters.length === 0 || !kind.about) return;
    const choices = await this.#engine.ask('choices', { clusters: [this.#first.value, this.#second.value] });
    if (turn === this.#turn) this.#objects.replaceChildren(...this[kind.about](choices));
  }

  pending({ pending }: Choices): Node[] {
    const picker = new Picker('Pending pairs to remove', pending);
    picker.onchange = this.#changed;
    this.#read = () => ({ pending: picker.chosen });
    if (pending.length === 0) return [note('No pair is pending.')];
    return [
      picker.root,
      note('A pending pair is removed only if it is chosen: nobody can tell a lost key from one on its way.'),
    ];
  }

  volumes({ paired }: Choices): Node[] {
    if (paired.length === 0) {
      this.#read = () => ({ volumes: 'all' });
      return [note('No volume pairs seen between them.')];
    }
    const picker = new Picker('Volume pairs to choose from', paired);
    picker.root.hidden = true;
    picker.onchange = this.#changed;
    const radio = (label: string, all: boolean) => {
      const input = el('input', { type: 'radio', name: 'goal-volumes', checked: all });
      input.addEventListener('change', () => {
        picker.root.hidden = all;
        this.#changed();
      });
      return el('label', {}, input, label);
    };
    this.#read = () => {
      const volumes: Volumes = picker.root.hidden ? 'all' : picker.chosen;
      return volumes.length > 0 ? { volumes } : 'Choose at least one volume pair.';
    };
    const all =
      paired.length === 1
        ? 'The one volume pair between them'
        : `All ${number(paired.length)} volume pairs between them`;
    return [
      el(
        'fieldset',
        { class: 'radios' },
        el('legend', { class: 'visually-hidden' }, 'Which volume pairs'),
        radio(all, true),
        radio('Only some of them', false),
      ),
      picker.root,
    ];
  }

  /** Volumes to pair: as many rows as somebody adds. */
  pairs({ unpaired }: Choices): Node[] {
    const [sources, targets] = unpaired;
    if (!sources?.length || !targets?.length) {
      const [handle, seen] = sources?.length ? [this.#second.value, targets] : [this.#first.value, sources];
      const { label } = this.#clusters.find((cluster) => cluster.handle === handle)!;
      this.#read = () => 'There are no volumes to pair.';
      const why = seen
        ? ['No active volume of ', foreign(label), ' is without a pair.']
        : [
            'Which volumes of ',
            foreign(label),
            ' are without a pair was not seen: that takes its ',
            el('code', {}, 'ListVolumes'),
            '.',
          ];
      return [el('p', { class: 'note' }, ...why)];
    }
    const volumes = [sources, targets] as const;
    const rows = el('ul', { class: 'pairs' });
    const lists = volumes.map((choices, side) =>
      el(
        'datalist',
        { id: `goal-volumes-${side}` },
        ...choices.map(({ value, text }) => el('option', { value }, text)),
      ),
    );
    const field = (side: 0 | 1) => {
      const input = el('input', { list: `goal-volumes-${side}`, inputmode: 'numeric', autocomplete: 'off' });
      const found = el('span', { class: 'note' });
      input.addEventListener('input', () => {
        const volume = volumes[side].find(({ value }) => String(value) === input.value.trim());
        found.replaceChildren(
          ...(volume ? [foreign(volume.text)] : input.value ? ['The cluster has no such active volume without a pair.'] : []),
        );
        this.#changed();
      });
      return el(
        'div',
        {},
        el('label', {}, side === 0 ? 'ID of the source' : 'ID of the target', input),
        found,
      );
    };
    const add = () => {
      const row = el('li', { class: 'fields' }, field(0), field(1));
      const remove = () => {
        row.remove();
        rows.querySelector('input')!.focus();
        this.#changed();
      };
      if (rows.children.length > 0) row.append(button('Remove', remove, { class: 'small' }));
      rows.append(row);
      return row;
    };
    add();
    this.#read = () => {
      const pairs = [...rows.children].map((row) => {
        const [source, target] = [...row.querySelectorAll('input')].map(({ value }) =>
          /^\s*\d+\s*$/.test(value) ? Number(value) : NaN,
        );
        return {
          source: { cluster: this.#first.value, volumeID: source! },
          target: { cluster: this.#second.value, volumeID: target! },
        };
      });
      const isWhole = pairs.every(({ source, target }) =>
        [source, target].every(({ volumeID }) => Number.isSafeInteger(volumeID)),
      );
      return isWhole ? { pairs } : 'Give the IDs of both volumes of each pair.';
    };
    return [
      ...lists,
      rows,
      button('Another pair of volumes', () => add().querySelector('input')!.focus(), { class: 'small' }),
    ];
  }

  /** The goal, or what is missing of it. */
  #goal(): Goal | string {
    const read = this.#read();
    if (typeof read === 'string') return read;
    const goal = this.#chosen;
    const { clusters, mode } = KINDS[goal];
    const [source, target] = [this.#first.value, this.#second.value];
    return {
      goal,
      ...(goal === 'direction'
        ? { source, target }
        : clusters && goal !== 'pair_volumes' && { clusters: [source, target] }),
      ...(mode && this.#mode.value && { mode: this.#mode.value }),
      ...read,
    } as Goal;
  }
}

const note = (text: string) => el('p', { class: 'note' }, text);
