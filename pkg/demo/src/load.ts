/** Loads a script of the page's own, in the page. */
export function load(src: string): Promise<void> {
  const script = document.createElement('script');
  return new Promise((resolve, reject) => {
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${src} cannot be loaded`));
    script.src = src;
    document.head.append(script);
  });
}
