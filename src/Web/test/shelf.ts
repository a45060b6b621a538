class Shelf {
  readonly items = new Map<string, string>();
  getItem = (key: string) => this.items.get(key) ?? null;
  setItem = (key: string, text: string) => void this.items.set(key, text);
  removeItem = (key: string) => void this.items.delete(key);
}

/** A browser's storage, with what is in it. */
export const shelf = () => new Shelf() as unknown as Storage & Shelf;
