/** A field that takes what is pasted, dropped or chosen, and keeps nothing of it. */
import { find } from './dom';
import type { Listing } from './protocol';

const PASTED = 'pasted text';

export function intake(root: HTMLElement, take: (texts: Listing[]) => void) {
  const field = find<HTMLTextAreaElement>('textarea', root);
  const files = find<HTMLInputElement>('input[type=file]', root);
  const read = find<HTMLButtonElement>('.read', root);

  let pasted = 0;
  const empty = () => {
    field.value = '';
    read.hidden = true;
  };
  const takeText = (text: string) => {
    if (isBlank(text)) return;
    empty();
    pasted++;
    take([{ name: pasted > 1 ? `${PASTED} ${pasted}` : PASTED, text: new TextEncoder().encode(text) }]);
  };
  const takeData = (event: Event, data: DataTransfer | null) => {
    event.preventDefault();
    if (!data) return;
    if (data.files.length > 0) takeFiles(data.files);
    else takeText(data.getData('text/plain'));
  };
  const takeFiles = (list: FileList) => {
    if (list.length > 0) take([...list].map((file) => ({ name: file.name, text: file })));
  };

  // Handled here, a paste never gets into the field nor its undo history.
  field.addEventListener('paste', (event) => takeData(event, event.clipboardData));
  field.addEventListener('input', () => (read.hidden = isBlank(field.value)));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') empty();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) takeText(field.value);
  });
  read.addEventListener('click', () => {
    takeText(field.value);
    field.focus();
  });
  find('.choose', root).addEventListener('click', () => files.click());
  files.addEventListener('change', () => {
    if (files.files) takeFiles(files.files);
    files.value = '';
  });

  root.addEventListener('dragover', (event) => {
    event.preventDefault();
    root.classList.add('over');
  });
  root.addEventListener('dragleave', (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) root.classList.remove('over');
  });
  root.addEventListener('drop', (event) => {
    event.stopPropagation();
    root.classList.remove('over');
    takeData(event, event.dataTransfer);
  });
  return { empty, focus: () => field.focus() };
}

/** Nothing to read: what was given before stays. */
const isBlank = (text: string) => text.trim() === '';

/** A file that misses the fields is not opened instead of the page. */
export function ignoreStrayDrops() {
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => event.preventDefault());
}
