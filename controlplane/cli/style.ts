/** Colour, where somebody looks at it. */
export interface Style {
  heading(text: string): string;
  /** Colours the name of a state by what it means. */
  state(text: string): string;
}

export function createStyle({ isColoured }: { readonly isColoured: boolean }): Style {
  if (!isColoured) return { heading: (text) => text, state: (text) => text };
  const paint = (code: number, text: string): string => `\u001b[${code}m${text}\u001b[0m`;
  return {
    heading: (text) => paint(BOLD, text),
    state: (text) => {
      const colour = COLOURS[text.trim()];
      return colour === undefined ? text : paint(colour, text);
    },
  };
}

const BOLD = 1;
const [RED, GREEN, YELLOW] = [31, 32, 33];

const COLOURS: Readonly<Record<string, number>> = {
  connected: GREEN,
  ready: GREEN,
  running: GREEN,
  completed: GREEN,
  pending: YELLOW,
  queued: YELLOW,
  deploying: YELLOW,
  disconnected: YELLOW,
  "setting-up": YELLOW,
  degraded: RED,
  failed: RED,
  lost: RED,
  deleted: RED,
};
