/** The terminal, as the demo sees it. */
export interface Stage {
  say(text: string): void;
  /** a line that replaces itself while something is going on */
  progress(text: string): void;
  /** resolves once the person wants the demo to click the link; at once where there is nobody to ask */
  confirm(question: string): Promise<void>;
}
