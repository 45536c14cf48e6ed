/** The page's side of the engine: a worker, or the page itself where there can be no worker. */
import engineUrl from './engine.ts?worker&url';
import { find } from './dom';
import { load } from './load';
import type { Message, News, Problem, Request, Requests } from './protocol';

type Port = Worker | MessagePort;
type Waiting = {
  resolve(answer: unknown): void;
  reject(problem: Problem): void;
  hear(news: News): void;
};

export class Engine {
  #port: Promise<Port> | undefined;
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Before there is anything to ask, so that the first answer comes sooner. */
  start() {
    if (this.#port) return;
    const port = (this.#port = this.#open());
    // Who asks is told; the next one may have more luck.
    port.catch(() => {
      if (this.#port === port) this.#port = undefined;
    });
  }

  /** Rejects with a `Problem`. Until then, `hear` is told what the engine has to tell of it. */
  async ask<Name extends keyof Requests>(
    name: Name,
    ask: Requests[Name]['ask'],
    transfer: Transferable[] = [],
    hear: Waiting['hear'] = () => {},
  ): Promise<Requests[Name]['answer']> {
    this.start();
    const port = await this.#port!;
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, hear });
      port.postMessage({ id, name, ask } as Request, transfer);
    });
  }

  /** Ends the worker, and with it all that it holds. */
  close() {
    this.#worker?.terminate();
    this.#port = this.#worker = undefined;
    this.#waiting.clear();
  }

  async #open(): Promise<Port> {
    const worker = await this.#work();
    const port = typeof worker === 'string' ? await inPage(worker) : worker;
    port.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    return port;
  }

  /** A worker that the policy binds, or why there is none. */
  async #work(): Promise<Worker | string> {
    let worker: Worker;
    try {
      worker = new Worker(engineUrl);
    } catch {
      // Chromium starts no worker from a disk.
      return FROM_DISK;
    }
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data: isBound }) => resolve(isBound ? worker : WITHOUT_HEADER);
      worker.onerror = () => {
        const waiting = [...this.#waiting.values()];
        this.close();
        [...waiting, { reject }].forEach(({ reject }) => reject(STOPPED));
      };
    });
  }

  #hear(message: Message) {
    const waiting = this.#waiting.get(message.id);
    if ('news' in message) {
      waiting?.hear(message.news);
      void this.ask('more', {});
      return;
    }
    this.#waiting.delete(message.id);
    if ('problem' in message) waiting?.reject(message.problem);
    else waiting?.resolve(message.answer);
  }
}

const STOPPED: Problem = {
  code: 'stopped',
  message: 'the work was stopped, perhaps for want of memory',
  help: 'Reload the page; close other pages, or give fewer or shorter listings.',
};

const FROM_DISK = 'Opened from a disk, the page stands still for moments while it reads large listings.';

const WITHOUT_HEADER =
  'Served without its policy as a header, which alone binds a worker, the page reads without one, and ' +
  'stands still for moments while it reads large listings. Its README has the header that the server ' +
  'should send.';

/** Loads the engine as a script of the page, which connects by itself, and tells why. */
async function inPage(why: string): Promise<Port> {
  find('#still').textContent = why;
  find('#still').hidden = false;
  const channel = new MessageChannel();
  await load(engineUrl).catch(() => Promise.reject(STOPPED));
  dispatchEvent(new MessageEvent('engine', { ports: [channel.port1] }));
  return channel.port2;
}
